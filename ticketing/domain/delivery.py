"""The copy by mail: the link to the order and every QR code, in the buyer's language.

The screen is the ticket's first way; this one may come late, or twice, and never stands alone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ticketing.domain.gate_names import product_names
from ticketing.domain.order_secret import secret_of
from ticketing.domain.qr_codes import png
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import Order, Ticket, TicketStatus

log = structlog.get_logger("ticketing.delivery")

FIRST_WAIT = timedelta(minutes=1)
# The waits double: the last try is about a day and a half after the first.
TRIES = 12


def deliver_tickets(*, at: datetime, limit: int = 100) -> int:
    """Send the mails that are due; how many went out. Each order is claimed before it is sent."""
    return sum(_deliver(order, at=at) for order in _due(at, limit))


def _due(at: datetime, limit: int) -> Iterator[Order]:
    for _turn in range(limit):
        order = _claim_one(at)
        if order is None:
            return
        yield order


@transaction.atomic
def _claim_one(at: datetime) -> Order | None:
    """Take one order that is due; another worker sees it only after the wait that is set here."""
    order = (
        Order.objects.select_for_update(skip_locked=True)
        .filter(deliver_after__lte=at)
        .order_by("deliver_after")
        .first()
    )
    if order is not None:
        order.delivery_attempts += 1
        order.deliver_after = next_try(attempts=order.delivery_attempts, at=at)
        order.save(update_fields=["delivery_attempts", "deliver_after"])
    return order


def next_try(*, attempts: int, at: datetime) -> datetime | None:
    """When to try again if this attempt fails; None after the last."""
    return at + FIRST_WAIT * 2 ** (attempts - 1) if attempts < TRIES else None


def _deliver(order: Order, *, at: datetime) -> bool:
    try:
        compose(order).send()
    except (SMTPException, OSError) as error:
        again = order.deliver_after.isoformat() if order.deliver_after else None
        log.warning("mail-failed", order=order.code, error=type(error).__name__, again=again)
        return False
    Order.objects.filter(pk=order.pk).update(delivered_at=at, deliver_after=None)
    return True


def compose(order: Order) -> EmailMessage:
    """The mail of a paid order."""
    tickets = list(
        Ticket.objects.filter(line__order=order, status=TicketStatus.VALID)
        .select_related("line")
        .order_by("line_id", "number")
    )
    with translation.override(order.language):
        mail = EmailMessage(
            subject=_("Your tickets, order %(code)s") % {"code": order.code},
            body=_body(order, tickets),
            to=[order.email],
        )
    for number, ticket in enumerate(tickets, start=1):
        name = f"ticket-{number}-{to_hex(ticket.pk)[:4]}.png"
        mail.attach(name, png(bytes(ticket.token)), "image/png")
    return mail


def _body(order: Order, tickets: Sequence[Ticket]) -> str:
    names = product_names(order.language)
    lines = [
        _("%(number)s. %(product)s, %(day)s, %(people)s")
        % {
            "number": number,
            "product": names.get(ticket.product_id, ""),
            "day": ticket.valid_from.astimezone(VIETNAM).strftime("%d/%m/%Y"),
            "people": _people(ticket.party_size - ticket.cancelled_people),
        }
        for number, ticket in enumerate(tickets, start=1)
    ]
    return "\n\n".join(
        [
            _(
                "Here are your tickets. Show one QR code for each at the gate, on the screen or "
                "on paper."
            ),
            "\n".join(lines),
            _("All tickets of this order, also to keep on the phone without network:")
            + "\n"
            + order_link(order),
            _("Whoever has this link or a QR code can use the tickets. Keep them to yourself."),
        ]
    )


def _people(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}


def order_link(order: Order) -> str:
    """The buyer's page; the secret is in the fragment, which no server ever sees."""
    address = f"{settings.PUBLIC_URL}/orders/{order.code}"
    secret = secret_of(order)
    return f"{address}#{secret}" if secret else address
