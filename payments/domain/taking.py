"""One movement of money meets its order: it pays for tickets, waits for the rest, or goes back."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from payments.domain.attempt_status import move
from payments.domain.ledger.sales import post_money_that_waits, post_sale
from payments.domain.money_rules import rules_of
from payments.domain.requesting import give_back, request_refund
from payments.domain.telling import tell
from payments.gateways.protocol import Receipt
from payments.models import AttemptStatus, BuyerMessage, Payment, PaymentAttempt, Refund
from ticketing.domain.issuing import AlreadyPaid, NotPayable, OrderPaid, pay_order
from ticketing.models import Order, OrderLine, OrderStatus

WAITING = frozenset({OrderStatus.HELD, OrderStatus.LAPSED})
REASONS = {
    "cancelled": Refund.Reason.ORDER_CANCELLED,
    "visit_over": Refund.Reason.PAID_TOO_LATE,
    "sold_out": Refund.Reason.SOLD_OUT,
}


class Taken(StrEnum):
    SETTLED = "settled"
    PART = "part"
    GOES_BACK = "goes_back"


def take(
    *, attempt: PaymentAttempt, receipt: Receipt, at: datetime, in_doubt: bool = False
) -> Taken:
    """Record money that was never counted before; the caller holds the order's row.

    Only the exact sum or more gives tickets; there is no tolerance.
    """
    order = attempt.order
    if in_doubt:
        payment = _payment(attempt, receipt, use=Payment.Use.IN_DOUBT, at=at)
        post_money_that_waits(payment=payment, order=order, at=at)
        return Taken.PART
    parts = _parts_of(order)
    if order.status in WAITING and receipt.amount + _sum(parts) < order.total:
        return _wait_for_the_rest(attempt, receipt, at=at)
    paid = pay_order(order=order, at=at)
    if isinstance(paid, OrderPaid):
        # `pay_order` locked and changed the row it read itself.
        order.status = OrderStatus.PAID
        payment = _payment(attempt, receipt, use=Payment.Use.SETTLES, at=at)
        return _settle(payment, parts, lines=paid.lines, at=at)
    _send_back(attempt, receipt, reason=reason_of(paid), at=at)
    for part in parts:
        give_back(part, reason=reason_of(paid), at=at)
    return Taken.GOES_BACK


def take_cleared(*, payment: Payment, at: datetime) -> Taken:
    """Count money for its order that nobody doubts any more; the caller holds the order's row.

    The same rules as for money that comes now: what gives no tickets goes back.
    """
    order = payment.order
    parts = _parts_of(order)
    if order.status in WAITING and payment.amount + _sum(parts) < order.total:
        give_back(payment, reason=Refund.Reason.PAID_TOO_LITTLE, at=at)
        return Taken.GOES_BACK
    paid = pay_order(order=order, at=at)
    if isinstance(paid, OrderPaid):
        order.status = OrderStatus.PAID
        payment.use, payment.settles_order = Payment.Use.SETTLES, True
        payment.save(update_fields=["use", "settles_order"])
        return _settle(payment, parts, lines=paid.lines, at=at, cleared=True)
    for waiting in (payment, *parts):
        give_back(waiting, reason=reason_of(paid), at=at)
    return Taken.GOES_BACK


def _parts_of(order: Order) -> list[Payment]:
    parts = Payment.objects.filter(order=order, use=Payment.Use.PART)
    return list(parts.select_related("order", "attempt").order_by("pk"))


def _sum(parts: list[Payment]) -> int:
    return sum(part.amount for part in parts)


def _payment(
    attempt: PaymentAttempt, receipt: Receipt, *, use: Payment.Use, at: datetime
) -> Payment:
    return Payment.objects.create(
        attempt=attempt,
        order=attempt.order,
        provider=attempt.provider,
        provider_reference=receipt.reference,
        amount=receipt.amount,
        received_at=at,
        settles_order=use == Payment.Use.SETTLES,
        use=use,
        organisation_id=attempt.organisation_id,
    )


def _wait_for_the_rest(attempt: PaymentAttempt, receipt: Receipt, *, at: datetime) -> Taken:
    """Too little: kept until the order lapses, and no longer."""
    payment = _payment(attempt, receipt, use=Payment.Use.PART, at=at)
    post_money_that_waits(payment=payment, order=attempt.order, at=at)
    if at >= attempt.order.expires_at or attempt.order.status == OrderStatus.LAPSED:
        give_back(payment, reason=Refund.Reason.PAID_TOO_LITTLE, at=at)
        return Taken.GOES_BACK
    tell(
        order=attempt.order,
        kind=BuyerMessage.Kind.PART_RECEIVED,
        key=f"payment:{payment.pk}:part",
        amount=payment.amount,
        at=at,
    )
    return Taken.PART


def _settle(
    payment: Payment,
    parts: list[Payment],
    *,
    lines: Sequence[OrderLine],
    at: datetime,
    cleared: bool = False,
) -> Taken:
    """The order has its tickets: count what paid for them, give back what was too much."""
    order = payment.order
    if payment.amount >= order.total:
        # This money pays by itself: what came before it goes back whole.
        for part in parts:
            give_back(part, reason=Refund.Reason.PAID_TWICE, at=at)
        parts = []
    Payment.objects.filter(pk__in=[part.pk for part in parts]).update(use=Payment.Use.SETTLES)
    for part in parts:
        move(part.attempt, to=AttemptStatus.SUCCEEDED, at=at)
    surplus = payment.amount + _sum(parts) - order.total
    kept = _kept(surplus, organisation_id=payment.organisation_id or 0)
    post_sale(
        payment=payment,
        order=order,
        lines=lines,
        parts=parts,
        kept=kept,
        cleared=cleared,
        at=at,
    )
    if surplus > kept:
        request_refund(payment, reason=Refund.Reason.PAID_TOO_MUCH, amount=surplus, at=at)
    return Taken.SETTLED


def _kept(surplus: int, *, organisation_id: int) -> int:
    """How much of a surplus the rules let the organisation keep."""
    if not surplus:
        return 0
    return surplus if surplus < rules_of(organisation_id).keep_surplus_below else 0


def _send_back(
    attempt: PaymentAttempt, receipt: Receipt, *, reason: Refund.Reason, at: datetime
) -> None:
    payment = _payment(attempt, receipt, use=Payment.Use.GOES_BACK, at=at)
    post_money_that_waits(payment=payment, order=attempt.order, at=at)
    request_refund(payment, reason=reason, at=at)


def reason_of(paid: AlreadyPaid | NotPayable) -> Refund.Reason:
    match paid:
        case AlreadyPaid():
            return Refund.Reason.PAID_TWICE
        case NotPayable(reason=reason):
            return REASONS[reason.value]


def return_parts(*, at: datetime) -> int:
    """Give back what was too little when its order lapsed; return how many payments went."""
    waiting = Payment.objects.filter(use=Payment.Use.PART, order__expires_at__lte=at)
    return sum(
        _return_part(pk, at=at) for pk in waiting.order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def _return_part(payment_id: int, *, at: datetime) -> bool:
    # The order first, as everybody who settles does.
    order = Order.objects.select_for_update().get(payments=payment_id)
    payment = Payment.objects.get(pk=payment_id)
    payment.order = order
    return give_back(payment, reason=Refund.Reason.PAID_TOO_LITTLE, at=at) is not None
