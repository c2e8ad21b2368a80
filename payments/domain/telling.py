"""The buyer is told of money that waits or goes back: kept as a row, sent by mail, tried again."""

from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from payments.domain.claiming import claimed, wait_after
from payments.domain.wording import in_words
from payments.models import BuyerMessage, Refund
from ticketing.domain.mail_of_tickets import order_link
from ticketing.domain.spoken import dong
from ticketing.models import Order

log = structlog.get_logger("payments.telling")

# After this the order's page alone says it.
TRIED_FOR = timedelta(days=3)


def tell(
    *,
    order: Order,
    kind: BuyerMessage.Kind,
    key: str,
    amount: int,
    at: datetime,
    refund: Refund | None = None,
) -> None:
    """Leave the fact that the buyer is to be told; the same key again changes nothing."""
    BuyerMessage.objects.get_or_create(
        source_key=key,
        defaults={
            "order": order,
            "kind": kind,
            "amount": amount,
            "refund": refund,
            "created_at": at,
            "due_at": at if order.email else None,
        },
    )


def tell_of_refund(refund: Refund, *, kind: BuyerMessage.Kind, at: datetime) -> None:
    """Tell once for each round: a bank may send the same refund back more than once."""
    tell(
        order=refund.payment.order,
        kind=kind,
        key=f"refund:{refund.pk}:{kind.value}:{refund.returns}",
        amount=refund.amount,
        refund=refund,
        at=at,
    )


def send_messages(*, at: datetime) -> int:
    """Send the mails that are due; return how many went out."""
    due = BuyerMessage.objects.filter(due_at__lte=at).order_by("due_at", "pk")

    def put_off(message: BuyerMessage) -> None:
        message.attempts += 1
        again = at + wait_after(message.attempts)
        message.due_at = again if again < message.created_at + TRIED_FOR else None
        message.save(update_fields=["attempts", "due_at"])

    return sum(
        _send(message, at=at)
        for message in claimed(due.select_related("order", "refund"), put_off=put_off)
    )


def _send(message: BuyerMessage, *, at: datetime) -> bool:
    try:
        compose(message).send()
    except (SMTPException, OSError) as error:
        log.warning("mail failed", message=message.pk, error=type(error).__name__)
        return False
    BuyerMessage.objects.filter(pk=message.pk).update(sent_at=at, due_at=None)
    return True


def compose(message: BuyerMessage) -> EmailMessage:
    """The mail in the buyer's language: what happened, what comes next, and where to look."""
    order = message.order
    with translation.override(order.language):
        return EmailMessage(
            subject=_("Your payment for order %(code)s") % {"code": order.code},
            body="\n\n".join(
                [
                    *_sentences(message),
                    _("Your order, with what has happened so far:") + "\n" + order_link(order),
                ]
            ),
            to=[order.email],
        )


def _sentences(message: BuyerMessage) -> list[str]:
    amount = dong(message.amount)
    if message.refund is not None:
        return in_words(message.refund)
    return [
        _("We have received %(amount)s ₫.") % {"amount": amount},
        _("This is less than your order costs. Please open your order and pay the rest in time."),
        _("If the rest does not come before the order ends, all of it goes back to you."),
    ]
