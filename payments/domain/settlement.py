"""Money is settled: asked of the provider, recorded once, and turned into tickets with it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import structlog
from django.conf import settings
from django.db import transaction

from payments.domain.attempt_status import OPEN, move
from payments.gateways import gateway_of
from payments.gateways.protocol import GatewayUnavailable, PaymentState, Phase
from payments.models import AttemptStatus, Payment, PaymentAttempt, Refund
from ticketing.domain.issuing import (
    AlreadyPaid,
    NotPayable,
    NotPayableReason,
    OrderPaid,
    pay_order,
)
from ticketing.models import Order

log = structlog.get_logger("payments.settlement")


class Outcome(StrEnum):
    # The tickets are there, by this call.
    SETTLED = "settled"
    # The tickets are there, or the refund is on its way, by an earlier call.
    SETTLED_BEFORE = "settled_before"
    # The money came for nothing and goes back.
    GOES_BACK = "goes_back"
    # The buyer has not paid yet, or the money is on its way.
    OPEN = "open"
    # Nobody will pay this any more.
    CLOSED = "closed"
    # Something does not fit; a person looks.
    REVIEW = "review"
    # Not a payment of ours.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Settlement:
    outcome: Outcome
    order_code: str = ""


def settle(*, provider: str, reference: str, at: datetime, hurried: bool = False) -> Settlement:
    """Bring our rows to what the provider says now: any number of times, from anywhere.

    What a message said is never used: the latest state is fetched, outside any transaction.
    Raises `GatewayUnavailable` when the provider cannot be asked.
    """
    gateway = gateway_of(provider, hurried=hurried)
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
    if state.phase == Phase.PAID:
        return Settlement(_record_money(attempt, order, state, live=live, at=at), order.code)
    if state.phase == Phase.EXPIRED:
        move(attempt, to=AttemptStatus.EXPIRED, at=at)
        return Settlement(Outcome.CLOSED, order.code)
    if attempt.status == AttemptStatus.CREATED:
        move(attempt, to=AttemptStatus.AWAITING, at=at)
    return Settlement(Outcome.OPEN, order.code)


def remember_reference(attempt: PaymentAttempt, state: PaymentState) -> None:
    """Keep the provider's id and page, when we never heard them before."""
    if attempt.provider_reference:
        return
    attempt.provider_reference, attempt.action_url = state.reference, state.action_url
    attempt.save(update_fields=["provider_reference", "action_url"])


def _record_money(
    attempt: PaymentAttempt, order: Order, state: PaymentState, *, live: bool, at: datetime
) -> Outcome:
    if attempt.status == AttemptStatus.SUCCEEDED:
        return Outcome.SETTLED_BEFORE
    doubt = doubt_about(state, attempt=attempt, live=live)
    if doubt:
        log.error("payment in doubt", attempt=attempt.pk, doubt=doubt)
        move(attempt, to=AttemptStatus.REVIEW, at=at, note=doubt)
        return Outcome.REVIEW
    paid = pay_order(order=order, at=at)
    payment = Payment.objects.create(
        attempt=attempt,
        order=order,
        provider=attempt.provider,
        provider_reference=state.payment_reference,
        amount=state.amount,
        received_at=at,
        settles_order=isinstance(paid, OrderPaid),
    )
    move(attempt, to=AttemptStatus.SUCCEEDED, at=at)
    # One page to pay on is enough: the sweeper closes the others.
    PaymentAttempt.objects.filter(order=order, status__in=OPEN).update(due_at=at)
    if isinstance(paid, OrderPaid):
        return Outcome.SETTLED
    request_refund(payment, reason=reason_of(paid), at=at)
    return Outcome.GOES_BACK


def doubt_about(state: PaymentState, *, attempt: PaymentAttempt, live: bool) -> str:
    """Say what does not fit between the money and what we asked for; empty when all does."""
    facts = {
        "environment": (state.environment, settings.MODE),
        "real money": (state.live, live),
        "currency": (state.currency, "vnd"),
        "amount": (state.amount, attempt.amount),
        "order": (state.order_code, attempt.order.code),
        "refunded": (state.refunded_amount, 0),
        "money named": (bool(state.payment_reference), True),
    }
    wrong = [f"{name}: {got}, not {want}" for name, (got, want) in facts.items() if got != want]
    return "; ".join(wrong)[:300]


def reason_of(paid: AlreadyPaid | NotPayable) -> Refund.Reason:
    match paid:
        case AlreadyPaid():
            return Refund.Reason.PAID_TWICE
        case NotPayable(reason=NotPayableReason.CANCELLED):
            return Refund.Reason.ORDER_CANCELLED
        case NotPayable():
            return Refund.Reason.PAID_TOO_LATE


def request_refund(payment: Payment, *, reason: Refund.Reason, at: datetime) -> Refund:
    """Leave the fact that this money goes back; a task sends it."""
    return Refund.objects.create(
        payment=payment, amount=payment.amount, reason=reason, requested_at=at, due_at=at
    )
