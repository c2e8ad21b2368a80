"""A buyer's bank takes money back: booked at once, unused tickets end, a person answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from payments.domain.ledger.book import Move, Told, post
from payments.domain.money_rules import rules_of
from payments.gateways.disputes import look_up_dispute
from payments.gateways.lines import gateway_of
from payments.gateways.protocol import GatewayUnavailable
from payments.models import (
    AccountKind,
    Dispute,
    DisputeStatus,
    MerchantAccount,
    Payment,
    PostingKind,
)
from ticketing.domain.revoking import revoke_unused
from ticketing.models import Order

log = structlog.get_logger("payments.disputing")

# The words of Stripe; what is not known is open.
STATUS_OF: Mapping[str, DisputeStatus] = {
    "warning_needs_response": DisputeStatus.WARNING,
    "warning_under_review": DisputeStatus.WARNING,
    "warning_closed": DisputeStatus.CLOSED,
    "prevented": DisputeStatus.CLOSED,
    "won": DisputeStatus.WON,
    "lost": DisputeStatus.LOST,
}
MOVES: Mapping[DisputeStatus, frozenset[DisputeStatus]] = {
    DisputeStatus.WARNING: frozenset(
        {DisputeStatus.OPEN, DisputeStatus.CLOSED, DisputeStatus.WON, DisputeStatus.LOST}
    ),
    DisputeStatus.OPEN: frozenset({DisputeStatus.WON, DisputeStatus.LOST}),
    # An appeal turns it round.
    DisputeStatus.WON: frozenset({DisputeStatus.LOST}),
    DisputeStatus.LOST: frozenset({DisputeStatus.WON}),
    DisputeStatus.CLOSED: frozenset({DisputeStatus.OPEN}),
}
# What a move means for the money: the account that gets it, and the one that gives it.
STEPS = {
    (DisputeStatus.WARNING, DisputeStatus.OPEN): (
        PostingKind.DISPUTE_OPENED,
        AccountKind.DISPUTED,
        AccountKind.CLEARING,
    ),
    (DisputeStatus.CLOSED, DisputeStatus.OPEN): (
        PostingKind.DISPUTE_OPENED,
        AccountKind.DISPUTED,
        AccountKind.CLEARING,
    ),
    (DisputeStatus.OPEN, DisputeStatus.WON): (
        PostingKind.DISPUTE_WON,
        AccountKind.CLEARING,
        AccountKind.DISPUTED,
    ),
    (DisputeStatus.OPEN, DisputeStatus.LOST): (
        PostingKind.DISPUTE_LOST,
        AccountKind.DISPUTE_LOSSES,
        AccountKind.DISPUTED,
    ),
    (DisputeStatus.WARNING, DisputeStatus.LOST): (
        PostingKind.DISPUTE_LOST,
        AccountKind.DISPUTE_LOSSES,
        AccountKind.CLEARING,
    ),
    (DisputeStatus.WON, DisputeStatus.LOST): (
        PostingKind.DISPUTE_LOST,
        AccountKind.DISPUTE_LOSSES,
        AccountKind.CLEARING,
    ),
    (DisputeStatus.LOST, DisputeStatus.WON): (
        PostingKind.DISPUTE_WON,
        AccountKind.CLEARING,
        AccountKind.DISPUTE_LOSSES,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeFacts:
    """What a provider says of a dispute at this moment."""

    reference: str
    amount: int
    provider_status: str
    reason: str = ""
    evidence_due_at: datetime | None = None


def follow_dispute_message(
    *, provider: str, reference: str, account: MerchantAccount | None, at: datetime
) -> Dispute | None:
    """A message named this dispute: fetch its latest state, and follow it."""
    gateway = gateway_of(provider, account=account)
    if gateway is None:
        raise GatewayUnavailable(f"{provider} is not set up")
    state = look_up_dispute(gateway, reference)
    if state is None or state.currency != "vnd":
        return None
    payment = Payment.objects.filter(
        provider=provider, provider_reference=state.payment_reference
    ).first()
    if payment is None:
        # Its own message may still be on the way; this one is worked on again.
        raise GatewayUnavailable("a dispute about money that we do not know yet")
    facts = DisputeFacts(
        reference=state.reference,
        amount=state.amount,
        provider_status=state.status,
        reason=state.reason,
        evidence_due_at=state.evidence_due_at,
    )
    return follow_dispute(payment=payment, facts=facts, at=at)


@transaction.atomic
def follow_dispute(*, payment: Payment, facts: DisputeFacts, at: datetime) -> Dispute:
    """Bring our row, the books and the tickets to what the provider says; any number of times."""
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    status = STATUS_OF.get(facts.provider_status, DisputeStatus.OPEN)
    dispute, new = Dispute.objects.select_for_update().get_or_create(
        payment=payment,
        provider_reference=facts.reference,
        defaults={"amount": facts.amount, "status": DisputeStatus.WARNING, "opened_at": at},
    )
    here = DisputeStatus(dispute.status)
    if status != here and status not in MOVES[here]:
        return dispute
    if status != here:
        _post_move(dispute, here=here, to=status, at=at)
    ended = status not in {DisputeStatus.WARNING, DisputeStatus.OPEN}
    dispute.status = status
    dispute.provider_status = facts.provider_status[:60]
    dispute.reason = facts.reason[:100]
    dispute.evidence_due_at = facts.evidence_due_at
    dispute.closed_at = at if ended else None
    dispute.save()
    if new and rules_of(payment.organisation_id or 0).dispute_ends_tickets:
        ended_tickets = revoke_unused(order=order, at=at)
        log.warning("dispute", payment=payment.pk, tickets_ended=ended_tickets)
    return dispute


def _post_move(dispute: Dispute, *, here: DisputeStatus, to: DisputeStatus, at: datetime) -> None:
    """The provider keeps the money while it is open; won it comes back, lost it is a cost."""
    step = STEPS.get((here, to))
    if step is None:
        return
    kind, debit, credit = step
    payment = dispute.payment
    post(
        organisation_id=payment.organisation_id or 0,
        kind=kind,
        # An appeal turns a dispute round more than once.
        key=f"dispute:{dispute.pk}:{dispute.postings.count()}",
        moves=[
            _side(debit, payment=payment, amount=dispute.amount),
            _side(credit, payment=payment, amount=-dispute.amount),
        ],
        at=at,
        told=Told(order=payment.order, payment=payment, dispute=dispute),
    )


def _side(kind: AccountKind, *, payment: Payment, amount: int) -> Move:
    provider = "" if kind == AccountKind.DISPUTE_LOSSES else payment.provider
    return Move(kind=kind, provider=provider, amount=amount)
