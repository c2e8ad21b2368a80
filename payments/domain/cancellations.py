"""Cancelled people get money back: from the payments of their order, once for each cancellation."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Sum

from payments.domain.ledger.book import Move, Told, post
from payments.domain.ledger.sales import EARNED, place_of_products
from payments.domain.money_rules import rules_of
from payments.domain.requesting import request_refund
from payments.models import AccountKind, Payment, PostingKind, Refund
from ticketing.domain.gate_knowledge import gates_know
from ticketing.models import Cancellation, Order, RevenueKind, Ticket

log = structlog.get_logger("payments.cancellations")


def refund_cancellations(*, at: datetime) -> int:
    """Request what is not requested yet; return how many cancellations were looked at."""
    waiting = Cancellation.objects.filter(
        amount_back__gt=0, postings__isnull=True, order__payments__use=Payment.Use.SETTLES
    ).order_by("pk")
    return sum(
        _refund(pk, at=at) for pk in dict.fromkeys(waiting.values_list("pk", flat=True)[:500])
    )


@transaction.atomic
def _refund(cancellation_id: int, *, at: datetime) -> bool:
    cancellation = Cancellation.objects.get(pk=cancellation_id)
    # The order first, as everybody who settles does; whoever was faster has posted.
    order = Order.objects.select_for_update().get(pk=cancellation.order_id)
    if cancellation.postings.exists():
        return False
    left = cancellation.amount_back
    for payment, free in _refundable(order):
        part = min(left, free)
        if part:
            refund = request_refund(
                payment,
                reason=Refund.Reason.TICKETS_CANCELLED,
                amount=part,
                cancellation=cancellation,
                at=at,
            )
            left -= refund.amount
    if left:
        # More is promised than was paid: nobody pays that by rule.
        log.error("cancellation beyond its payments", cancellation=cancellation.pk, left=left)
    _post_due(cancellation, order=order, amount=cancellation.amount_back - left, at=at)
    return True


def _refundable(order: Order) -> list[tuple[Payment, int]]:
    """The payments that the tickets stand for, with what is left of each."""
    payments = Payment.objects.filter(order=order, use=Payment.Use.SETTLES).order_by("pk")
    back = dict(
        Refund.objects.filter(payment__order=order)
        .values_list("payment_id")
        .annotate(sum=Sum("amount"))
    )
    return [(payment, payment.amount - back.get(payment.pk, 0)) for payment in payments]


def _post_due(cancellation: Cancellation, *, order: Order, amount: int, at: datetime) -> None:
    """The lines give back what they earned, each its own; a fee stays a fee."""
    payment = Payment.objects.filter(order=order, settles_order=True).get()
    lines = list(cancellation.lines.select_related("line__product").order_by("pk"))
    places = place_of_products({each.line.product_id for each in lines})
    collector = payment.organisation_id or 0
    moves = [
        Move(
            kind=EARNED[RevenueKind(each.line.revenue_kind)],
            amount=each.amount,
            line_id=each.line_id,
            site_id=places.get(each.line.product_id),
        )
        if each.line.product.organisation_id == collector
        else Move(
            kind=AccountKind.OWED_TO,
            counterparty_id=each.line.product.organisation_id,
            amount=each.amount,
            line_id=each.line_id,
        )
        for each in lines
    ]
    beyond = sum(move.amount for move in moves) - amount
    post(
        organisation_id=collector,
        kind=PostingKind.REFUND_DUE,
        key=f"cancellation:{cancellation.pk}",
        moves=[
            *moves,
            Move(kind=AccountKind.REFUNDS_PAYABLE, amount=-amount),
            # What is promised beyond the payments waits for a person.
            Move(kind=AccountKind.UNMATCHED, amount=-beyond),
        ],
        at=at,
        told=Told(order=order, payment=payment, cancellation=cancellation),
    )
    _post_for_others(cancellation, payment=payment, at=at)


def _post_for_others(cancellation: Cancellation, *, payment: Payment, at: datetime) -> None:
    """What another organisation gives up stands in its own books too."""
    collector = payment.organisation_id or 0
    for each in cancellation.lines.select_related("line__product").order_by("pk"):
        other = each.line.product.organisation_id
        if other == collector:
            continue
        post(
            organisation_id=other,
            kind=PostingKind.REFUND_DUE,
            key=f"cancellation:{cancellation.pk}:line:{each.pk}",
            moves=[
                Move(
                    kind=EARNED[RevenueKind(each.line.revenue_kind)],
                    amount=each.amount,
                    line_id=each.line_id,
                    site_id=place_of_products({each.line.product_id}).get(each.line.product_id),
                ),
                Move(kind=AccountKind.OWED_BY, counterparty_id=collector, amount=-each.amount),
            ],
            at=at,
            told=Told(payment=payment, cancellation=cancellation),
        )


def may_go(refund: Refund, *, at: datetime) -> bool:
    """Whether money for cancelled tickets can leave: no gate lets them in any more.

    The gates say so; where one never does, the organisation's time decides, and what has ended
    by itself opens nothing anyway.
    """
    cancellation = refund.cancellation
    if cancellation is None:
        return True
    longest = timedelta(
        minutes=rules_of(refund.payment.organisation_id or 0).gates_know_after_minutes
    )
    if at >= cancellation.cancelled_at + longest:
        return True
    tickets = Ticket.objects.filter(cancellations__cancellation=cancellation, valid_until__gt=at)
    return gates_know(ticket_ids=list(tickets.values_list("pk", flat=True)), at=at)
