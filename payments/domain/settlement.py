"""Money is settled: asked of the provider, recorded once, and turned into tickets with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog
from django.conf import settings
from django.db import transaction

from payments.domain.attempt_status import OPEN, move
from payments.domain.doubting import accept
from payments.domain.taking import Taken, take
from payments.gateways.lines import gateway_of
from payments.gateways.protocol import GatewayUnavailable, PaymentState, Phase, Receipt
from payments.models import AttemptStatus, MerchantAccount, Payment, PaymentAttempt
from ticketing.models import Order

log = structlog.get_logger("payments.settlement")


class Outcome(StrEnum):
    # The tickets are there, by this call.
    SETTLED = "settled"
    # The tickets are there, or the refund is on its way, by an earlier call.
    SETTLED_BEFORE = "settled_before"
    # The money came for nothing and goes back.
    GOES_BACK = "goes_back"
    # Some of the money is there; the rest is waited for.
    PART = "part"
    # The buyer has not paid yet, or the money is on its way.
    OPEN = "open"
    # Nobody will pay this any more: noted by this call, or by an earlier one.
    CLOSED = "closed"
    CLOSED_BEFORE = "closed_before"
    # Something does not fit; a person looks.
    REVIEW = "review"
    # Not a payment of ours.
    UNKNOWN = "unknown"


ENDS = {Phase.EXPIRED: AttemptStatus.EXPIRED, Phase.FAILED: AttemptStatus.FAILED}
# Where an attempt stands when the provider tells nothing new.
KNOWN = {
    AttemptStatus.SUCCEEDED: Outcome.SETTLED_BEFORE,
    AttemptStatus.REVIEW: Outcome.REVIEW,
}
OUTCOME_OF = {
    Taken.SETTLED: Outcome.SETTLED,
    Taken.PART: Outcome.PART,
    Taken.GOES_BACK: Outcome.GOES_BACK,
}


@dataclass(frozen=True, slots=True)
class Settlement:
    outcome: Outcome
    order_code: str = ""


def settle(
    *,
    provider: str,
    reference: str,
    at: datetime,
    account: MerchantAccount | None = None,
    hurried: bool = False,
) -> Settlement:
    """Bring our rows to what the provider says now: any number of times, from anywhere.

    What a message said is never used: the latest state is fetched, outside any transaction.
    Raises `GatewayUnavailable` when the provider cannot be asked.
    """
    gateway = gateway_of(provider, account=account, hurried=hurried)
    if gateway is None:
        raise GatewayUnavailable(f"{provider} is not set up")
    state = gateway.look_up(reference)
    if state is None:
        return Settlement(Outcome.UNKNOWN)
    attempt = attempt_of(provider=provider, state=state)
    if attempt is None:
        log.warning("payment of nobody", provider=provider, reference=reference)
        return Settlement(Outcome.UNKNOWN)
    return record(attempt=attempt, state=state, live=gateway.live, at=at)


def attempt_of(*, provider: str, state: PaymentState) -> PaymentAttempt | None:
    """Find our attempt by the provider's id, else by the marks that we put on the payment.

    The marks count only for an attempt that never heard its id: the answer may have been lost,
    or this message may be faster than the answer.
    """
    attempts = PaymentAttempt.objects.filter(provider=provider)
    by_reference = attempts.filter(provider_reference=state.reference).first()
    ours = state.environment == settings.MODE and state.attempt_id is not None
    if by_reference or not ours:
        return by_reference
    return attempts.filter(
        pk=state.attempt_id or 0, order__code=state.order_code, provider_reference=""
    ).first()


@transaction.atomic
def record(*, attempt: PaymentAttempt, state: PaymentState, live: bool, at: datetime) -> Settlement:
    """Write what the state means, in one transaction with the tickets that follow from it."""
    # The order's lock makes all settlements of one order wait their turn.
    order = Order.objects.select_for_update().get(pk=attempt.order_id)
    attempt = PaymentAttempt.objects.select_for_update().get(pk=attempt.pk)
    attempt.order = order
    remember_reference(attempt, state)
    outcome = _record_money(attempt, state, live=live, at=at) or _record_phase(
        attempt, state, at=at
    )
    return Settlement(outcome, order.code)


def remember_reference(attempt: PaymentAttempt, state: PaymentState) -> None:
    """Keep the provider's id and page, when we never heard them before."""
    if attempt.provider_reference:
        return
    attempt.provider_reference = state.reference
    attempt.action_url, attempt.action_payload = state.action_url, state.action_payload
    attempt.save(update_fields=["provider_reference", "action_url", "action_payload"])


def _record_phase(attempt: PaymentAttempt, state: PaymentState, *, at: datetime) -> Outcome:
    """What a state without new money means for the attempt."""
    if attempt.status in KNOWN:
        return KNOWN[AttemptStatus(attempt.status)]
    if state.phase in ENDS:
        moved = move(attempt, to=ENDS[state.phase], at=at, note=state.note[:300])
        return Outcome.CLOSED if moved else Outcome.CLOSED_BEFORE
    if attempt.status == AttemptStatus.CREATED:
        move(attempt, to=AttemptStatus.AWAITING, at=at)
    return Outcome.OPEN


def _record_money(
    attempt: PaymentAttempt, state: PaymentState, *, live: bool, at: datetime
) -> Outcome | None:
    """Take the money that the state tells of; None when it tells of none that is new."""
    receipts = new_receipts(attempt, state)
    doubts = doubts_about(state, attempt=attempt, live=live)
    if not receipts:
        return None if doubts else _clear(attempt, state, at=at)
    if doubts:
        return _doubt(attempt, state, doubts, at=at)
    taken = [take(attempt=attempt, receipt=receipt, at=at) for receipt in receipts]
    if taken != [Taken.PART] * len(taken):
        move(attempt, to=AttemptStatus.SUCCEEDED, at=at)
        # One page to pay on is enough: the sweeper closes the others.
        PaymentAttempt.objects.filter(order=attempt.order, status__in=OPEN).update(due_at=at)
    elif attempt.status == AttemptStatus.CREATED:
        move(attempt, to=AttemptStatus.AWAITING, at=at)
    best = Taken.SETTLED if Taken.SETTLED in taken else taken[-1]
    return OUTCOME_OF[best]


def _clear(attempt: PaymentAttempt, state: PaymentState, *, at: datetime) -> Outcome | None:
    """The provider has no doubt about this money any more; None where it never had one."""
    if attempt.status != AttemptStatus.REVIEW or state.phase != Phase.PAID:
        return None
    doubted = Payment.objects.filter(
        attempt=attempt,
        provider_reference=state.payment_reference,
        use=Payment.Use.IN_DOUBT,
    ).first()
    taken = None if doubted is None else accept(payment=doubted, at=at)
    return None if taken is None else OUTCOME_OF[taken]


def new_receipts(attempt: PaymentAttempt, state: PaymentState) -> list[Receipt]:
    """The movements of money that we have not counted yet."""
    receipts = list(state.receipts)
    if not receipts and state.phase in {Phase.PAID, Phase.SUSPECT}:
        # Money without a name of its own is counted once for each attempt, in doubt.
        if not state.payment_reference and attempt.status != AttemptStatus.SUCCEEDED:
            return [Receipt("", state.amount)]
        receipts = [Receipt(state.payment_reference, state.amount)]
    known = set(
        Payment.objects.filter(
            provider=attempt.provider,
            provider_reference__in=[receipt.reference for receipt in receipts],
        ).values_list("provider_reference", flat=True)
    )
    return [receipt for receipt in receipts if receipt.reference not in known]


def doubts_about(state: PaymentState, *, attempt: PaymentAttempt, live: bool) -> dict[str, str]:
    """What does not fit between the money and what we asked for, by name; empty when all does."""
    facts: dict[str, tuple[object, object]] = {
        "environment": (state.environment, settings.MODE),
        "real money": (state.live, live),
        "currency": (state.currency, "vnd"),
        "refunded": (state.refunded_amount, 0),
        "suspicion": (state.phase == Phase.SUSPECT, False),
    }
    if not state.receipts:
        facts |= {
            # Lines of a bank account carry the attempt's own reference, and no other mark.
            "order": (state.order_code, attempt.order.code),
            "amount": (state.amount, attempt.amount),
            "money named": (bool(state.payment_reference), True),
        }
    return {name: f"{got}, not {want}" for name, (got, want) in facts.items() if got != want}


def _doubt(
    attempt: PaymentAttempt, state: PaymentState, doubts: dict[str, str], *, at: datetime
) -> Outcome:
    """A person decides. Money that is surely ours stands in the books meanwhile."""
    note = "; ".join(f"{name}: {facts}" for name, facts in doubts.items())[:300]
    log.error("payment in doubt", attempt=attempt.pk, doubt=note)
    move(attempt, to=AttemptStatus.REVIEW, at=at, note=note)
    if doubts.keys() <= {"amount", "suspicion"} and state.amount > 0:
        take(
            attempt=attempt,
            receipt=Receipt(state.payment_reference, state.amount),
            at=at,
            in_doubt=True,
        )
    return Outcome.REVIEW
