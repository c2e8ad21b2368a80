"""What never came is asked for: payments without a webhook, starts without an answer."""

from datetime import datetime, timedelta

import structlog

from payments.domain.attempt_status import OPEN, move
from payments.domain.claiming import claimed
from payments.domain.purchases import purchase_of
from payments.domain.settlement import Outcome, Settlement, record
from payments.gateways.lines import gateway_for
from payments.gateways.protocol import (
    GatewayUnavailable,
    PaymentGateway,
    PaymentState,
    Phase,
    Refused,
)
from payments.models import AttemptStatus, PaymentAttempt
from ticketing.models import OrderStatus

log = structlog.get_logger("payments.sweeping")

# A buyer who paid and closed the tab sees the ticket soon, even when no webhook comes at all.
FIRST_ASKS = tuple(timedelta(seconds=seconds) for seconds in (20, 60, 120, 300, 600))
ASK_EVERY = timedelta(minutes=10)
# After the end the provider has the last word, and may be slow to say it.
ASK_DENSELY_UNTIL_AFTER_END = timedelta(hours=1)
ASK_LATER_EVERY = timedelta(hours=1)
# A provider that says for so long that the money is on its way is looked at by a person.
UNDER_WAY_AT_MOST = timedelta(days=3)
# Holds end by a task that runs every minute.
HOLD_ENDS_WITHIN = timedelta(seconds=70)
SESSION_ENDS_WITHIN = timedelta(seconds=10)
# What an attempt ends as when its provider has had the last word and the order was not paid by it.
NEVER_PAID = {Phase.OPEN: "never paid", Phase.PAID: "never paid in full"}


def next_ask(
    *, at: datetime, created_at: datetime, expires_at: datetime, hold_ends_at: datetime
) -> datetime:
    """When to ask the provider next: densely at first, and right after something ends."""
    if at > expires_at + ASK_DENSELY_UNTIL_AFTER_END:
        return at + ASK_LATER_EVERY
    asks = [
        at + ASK_EVERY,
        hold_ends_at + HOLD_ENDS_WITHIN,
        expires_at + SESSION_ENDS_WITHIN,
        *(created_at + after for after in FIRST_ASKS),
    ]
    return min(ask for ask in asks if ask > at)


def sweep(*, at: datetime) -> int:
    """Look after every open attempt that is due; return how many were looked at."""
    due = PaymentAttempt.objects.filter(status__in=OPEN, due_at__lte=at).order_by("due_at", "pk")

    def put_off(attempt: PaymentAttempt) -> None:
        attempt.due_at = next_ask(
            at=at,
            created_at=attempt.created_at,
            expires_at=attempt.expires_at,
            hold_ends_at=attempt.order.expires_at,
        )
        attempt.save(update_fields=["due_at"])

    seen = 0
    for attempt in claimed(due.select_related("order", "account"), put_off=put_off):
        seen += 1
        try:
            look_after(attempt, at=at)
        except GatewayUnavailable as error:
            log.warning("cannot ask", attempt=attempt.pk, reason=str(error))
        except Exception:
            # One that cannot be settled must not keep the others waiting.
            log.exception("sweep failed", attempt=attempt.pk)
    return seen


def look_after(attempt: PaymentAttempt, *, at: datetime, hurried: bool = False) -> Settlement:
    """Bring one attempt to what the provider says, and close it when nobody should pay it."""
    gateway = gateway_for(attempt, hurried=hurried)
    if gateway is None:
        raise GatewayUnavailable(f"{attempt.provider} is not set up")
    last_word_at = attempt.expires_at + gateway.last_word_after
    state = _state_of(attempt, gateway=gateway, at=at)
    if state is None:
        return Settlement(Outcome.CLOSED, attempt.order.code)
    if tells_nothing(state, attempt=attempt):
        # Most questions are answered so; they lock nothing.
        settlement = Settlement(Outcome.OPEN, attempt.order.code)
    else:
        settlement = record(attempt=attempt, state=state, live=gateway.live, at=at)
    if settlement.outcome in {Outcome.OPEN, Outcome.PART}:
        end_at_last(attempt, phase=state.phase, last_word_at=last_word_at, at=at)
    return settlement


def tells_nothing(state: PaymentState, *, attempt: PaymentAttempt) -> bool:
    """Whether the provider still waits, as we do: nothing came, nothing ended."""
    waits = state.phase in {Phase.OPEN, Phase.PROCESSING} and not state.receipts
    return waits and attempt.status == AttemptStatus.AWAITING and bool(attempt.provider_reference)


def end_at_last(
    attempt: PaymentAttempt, *, phase: Phase, last_word_at: datetime, at: datetime
) -> None:
    """Nothing waits for ever. Money that still comes after this finds its attempt all the same."""
    if at < last_word_at:
        return
    attempt.refresh_from_db(fields=["status"])
    if phase in NEVER_PAID:
        # A part that came goes back with its order.
        move(attempt, to=AttemptStatus.EXPIRED, at=at, note=NEVER_PAID[phase])
    elif phase == Phase.PROCESSING and at >= last_word_at + UNDER_WAY_AT_MOST:
        move(attempt, to=AttemptStatus.REVIEW, at=at, note="the money is on its way for days")


def _state_of(
    attempt: PaymentAttempt, *, gateway: PaymentGateway, at: datetime
) -> PaymentState | None:
    if not attempt.provider_reference:
        return _heal(attempt, gateway=gateway, at=at)
    wanted = should_stay_open(attempt, at=at)
    reference = attempt.provider_reference
    state = gateway.look_up(reference) if wanted else gateway.close(reference)
    if state is None and at >= attempt.expires_at + gateway.last_word_after:
        move(attempt, to=AttemptStatus.EXPIRED, at=at, note="unknown to the provider")
    return state


def _heal(attempt: PaymentAttempt, *, gateway: PaymentGateway, at: datetime) -> PaymentState | None:
    """Find out what became of a start that was never heard of again.

    The same purchase again is the same payment. A provider that refuses it (it is too late for
    the promised end) may still hold the one of the first time.
    """
    purchase = purchase_of(attempt)
    state = gateway.start(purchase)
    if not isinstance(state, Refused):
        # A repeat answers as of the first time; what counts is now.
        return gateway.look_up(state.reference) or state
    found = gateway.find(purchase)
    if found is None:
        move(attempt, to=AttemptStatus.FAILED, at=at, note=state.reason[:300])
    return found


def should_stay_open(attempt: PaymentAttempt, *, at: datetime) -> bool:
    """Whether the buyer may still pay here: the order waits, and no newer page took over."""
    order = attempt.order
    if order.status != OrderStatus.HELD or at >= order.expires_at:
        return False
    newer = PaymentAttempt.objects.filter(order=order, pk__gt=attempt.pk, status__in=OPEN)
    return not newer.exists()
