"""Money goes back: asked for once, sent once, followed until the bank has the last word."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from payments.domain.cancellations import may_go
from payments.domain.claiming import claimed, wait_after
from payments.domain.ledger.givebacks import post_paid, post_returned
from payments.domain.refund_status import OPEN, move
from payments.domain.telling import tell_of_refund
from payments.gateways.lines import gateway_for, gateway_of
from payments.gateways.protocol import (
    GatewayUnavailable,
    PaymentGateway,
    RefundOrder,
    RefundPhase,
    RefundState,
    Refused,
)
from payments.models import (
    BuyerMessage,
    Dispute,
    DisputeStatus,
    MerchantAccount,
    Provider,
    Refund,
    RefundStatus,
)

log = structlog.get_logger("payments.refunding")

# A bank takes days; its message usually comes before our question.
ASK_ABOUT_SENT_EVERY = timedelta(hours=6)
# Until every gate knows of the void tickets.
LOOK_AGAIN_AFTER = timedelta(minutes=1)
TOLD = {
    RefundStatus.SUCCEEDED: BuyerMessage.Kind.REFUND_DONE,
    RefundStatus.NEEDS_TRANSFER: BuyerMessage.Kind.REFUND_NEEDS_ACCOUNT,
}
STATUS_OF = {
    RefundPhase.UNDER_WAY: RefundStatus.SENT,
    RefundPhase.SUCCEEDED: RefundStatus.SUCCEEDED,
    RefundPhase.FAILED: RefundStatus.NEEDS_TRANSFER,
}


def send_refunds(*, at: datetime) -> int:
    """Send what is requested, ask about what was sent; return how many were looked at."""
    due = Refund.objects.filter(status__in=OPEN, due_at__lte=at).order_by("due_at", "pk")

    def put_off(refund: Refund) -> None:
        refund.attempts += 1
        wait = wait_after(refund.attempts)
        refund.due_at = at + (
            wait if refund.status == RefundStatus.REQUESTED else max(wait, ASK_ABOUT_SENT_EVERY)
        )
        refund.save(update_fields=["attempts", "due_at"])

    seen = 0
    rows = due.select_related("payment__order", "payment__attempt__account", "cancellation")
    for refund in claimed(rows, put_off=put_off):
        seen += 1
        try:
            if refund.status != RefundStatus.REQUESTED or may_leave(refund, at=at):
                send(refund, at=at)
        except GatewayUnavailable as error:
            note_failure(refund, str(error))
        except Exception as error:
            # One that cannot be sent must not keep the others waiting.
            log.exception("refund failed", refund=refund.pk)
            note_failure(refund, type(error).__name__)
    return seen


def may_leave(refund: Refund, *, at: datetime) -> bool:
    """Whether this money may go now; otherwise it is looked at again in a minute."""
    if may_go(refund, at=at) and not disputed(refund) and not behind_another(refund):
        return True
    Refund.objects.filter(pk=refund.pk).update(
        due_at=at + LOOK_AGAIN_AFTER, attempts=refund.attempts - 1
    )
    return False


def disputed(refund: Refund) -> bool:
    """A payment that the buyer's bank has taken back would go back twice."""
    held = [DisputeStatus.WARNING, DisputeStatus.OPEN, DisputeStatus.LOST]
    return Dispute.objects.filter(payment=refund.payment_id, status__in=held).exists()


def behind_another(refund: Refund) -> bool:
    """Whether another part of the same payment is on its way.

    VNPAY tells of the latest refund of a payment alone: the next part waits until this one has its
    end, so that no answer can be about the wrong one.
    """
    if refund.payment.provider != Provider.VNPAY:
        return False
    others = Refund.objects.filter(payment=refund.payment_id, status=RefundStatus.SENT)
    return others.exclude(pk=refund.pk).exists()


def send(refund: Refund, *, at: datetime) -> None:
    if refund.payment.provider not in Provider.values:
        # Money that came to a counter or by a transfer that a person found: no line gives it back.
        change(refund, to=RefundStatus.NEEDS_TRANSFER, at=at, facts={})
        return
    gateway = gateway_for(refund.payment.attempt)
    if gateway is None:
        raise GatewayUnavailable(f"{refund.payment.provider} is not set up")
    answer = _ask(refund, gateway)
    if answer is None:
        raise GatewayUnavailable("the refund is unknown to the provider")
    if isinstance(answer, Refused):
        log.error("refund refused", refund=refund.pk, reason=answer.reason)
        # What the provider will never do, a person does by bank transfer.
        facts = {"last_error": answer.reason[:500]}
        change(refund, to=RefundStatus.NEEDS_TRANSFER, at=at, facts=facts)
        return
    follow(refund, answer, at=at)


def _ask(refund: Refund, gateway: PaymentGateway) -> RefundState | Refused | None:
    if refund.provider_reference:
        return gateway.look_up_refund(refund.provider_reference)
    return gateway.refund(
        RefundOrder(
            refund_id=refund.pk,
            payment_reference=refund.payment.provider_reference,
            amount=refund.amount,
            tried_before=refund.attempts > 1,
            attempt_reference=refund.payment.attempt.provider_reference,
            paid_amount=refund.payment.amount,
            requested_at=refund.requested_at,
            same_before=Refund.objects.filter(payment=refund.payment_id, amount=refund.amount)
            .exclude(pk=refund.pk)
            .exists(),
        )
    )


def follow(refund: Refund, state: RefundState, *, at: datetime) -> None:
    """Write what the provider says of a refund of ours."""
    facts: dict[str, object] = {"provider_reference": state.reference, "last_error": ""}
    if refund.sent_at is None:
        facts["sent_at"] = at
    if state.phase == RefundPhase.FAILED:
        log.error("refund returned by the bank", refund=refund.pk)
    change(refund, to=STATUS_OF[state.phase], at=at, facts=facts)


@transaction.atomic
def change(
    refund: Refund,
    *,
    to: RefundStatus,
    at: datetime,
    facts: Mapping[str, object],
    only_from: RefundStatus | None = None,
) -> bool:
    """Move a refund, the books with it, and tell the buyer; false when it was not its turn."""
    # Whoever moves a refund holds its row: two answers about one refund are told one by one.
    rows = Refund.objects.select_for_update(of=("self",)).select_related("payment__order")
    locked = rows.get(pk=refund.pk)
    before = RefundStatus(locked.status)
    if only_from not in {None, before}:
        return False
    facts = {**facts}
    if to == RefundStatus.SUCCEEDED:
        facts["settled_at"] = at
    came_back = before == RefundStatus.SUCCEEDED and to == RefundStatus.NEEDS_TRANSFER
    if came_back:
        facts |= {"settled_at": None, "returns": locked.returns + 1}
    if not move(locked, to=to, **facts):
        return False
    if came_back:
        post_returned(refund=locked, at=at)
    elif to == RefundStatus.SUCCEEDED:
        post_paid(refund=locked, at=at)
    if to in TOLD:
        tell_of_refund(locked, kind=TOLD[to], at=at)
    refund.refresh_from_db()
    return True


def follow_message(
    *, provider: str, reference: str, at: datetime, account: MerchantAccount | None = None
) -> None:
    """A message named this refund: fetch its latest state. Refunds of others are left alone."""
    gateway = gateway_of(provider, account=account)
    if gateway is None:
        raise GatewayUnavailable(f"{provider} is not set up")
    state = gateway.look_up_refund(reference)
    if state is None or state.refund_id is None:
        return
    refunds = Refund.objects.filter(payment__provider=provider)
    refund = refunds.filter(provider_reference=reference).first()
    # The message may be faster than the answer to our own request.
    refund = refund or refunds.filter(pk=state.refund_id, provider_reference="").first()
    if refund is not None:
        follow(refund, state, at=at)


def note_failure(refund: Refund, reason: str) -> None:
    log.warning("refund waits", refund=refund.pk, reason=reason)
    Refund.objects.filter(pk=refund.pk).update(last_error=reason[:500])
