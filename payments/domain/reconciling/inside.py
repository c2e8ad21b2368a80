"""What our own rows say against each other: no list of others is needed to see it."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from payments.domain.attempt_status import OPEN
from payments.domain.reconciling.comparing import Found, Name
from payments.models import (
    DifferenceKind,
    MovementKind,
    Payment,
    PaymentAttempt,
    Posting,
    Refund,
    RefundStatus,
)
from ticketing.models import Order, OrderStatus, Ticket

# Money that waits for a person or for a provider longer than this is named.
WAITS_AT_MOST = timedelta(days=3)


def found_inside(*, day: date, at: datetime) -> Iterator[Found]:
    """Payments without a posting, orders without tickets, and whatever waits too long."""
    for payment in _not_posted(day):
        yield _of_payment(DifferenceKind.NOT_POSTED, payment)
    for payment in _without_tickets(day):
        yield _of_payment(DifferenceKind.WITHOUT_TICKETS, payment)
    for payment in _waiting_payments(day, at=at):
        yield _of_payment(DifferenceKind.WAITS_TOO_LONG, payment)
    for refund in _waiting_refunds(day, at=at):
        yield Found(
            kind=DifferenceKind.WAITS_TOO_LONG,
            name=Name(MovementKind.REFUND, f"refund {refund.pk}"),
            booked=-refund.amount,
        )
    for attempt in _waiting_attempts(day, at=at):
        yield Found(
            kind=DifferenceKind.WAITS_TOO_LONG,
            name=Name(MovementKind.PAYMENT, f"attempt {attempt.pk}"),
        )


def _of_payment(kind: DifferenceKind, payment: Payment) -> Found:
    name = Name(MovementKind.PAYMENT, payment.provider_reference)
    return Found(kind=kind, name=name, booked=payment.amount)


def _of_day(day: date) -> QuerySet[Payment]:
    return Payment.objects.filter(received_at__date=day).order_by("pk")


def _not_posted(day: date) -> QuerySet[Payment]:
    posting = Posting.objects.filter(payment=OuterRef("pk"))
    return _of_day(day).filter(~Exists(posting))


def _without_tickets(day: date) -> QuerySet[Payment]:
    """Money that settles an order which has neither a ticket nor a refund."""
    ticket = Ticket.objects.filter(line__order=OuterRef("order"))
    refund = Refund.objects.filter(payment=OuterRef("pk"))
    unpaid = Order.objects.filter(pk=OuterRef("order")).exclude(
        status__in=[OrderStatus.PAID, OrderStatus.CANCELLED]
    )
    settling = _of_day(day).filter(use=Payment.Use.SETTLES)
    no_ticket = settling.filter(~Exists(ticket))
    back = _of_day(day).filter(~Exists(refund), use=Payment.Use.GOES_BACK)
    return (no_ticket | settling.filter(Exists(unpaid)) | back).distinct()


def _waiting_payments(day: date, *, at: datetime) -> QuerySet[Payment]:
    uses = [Payment.Use.IN_DOUBT, Payment.Use.PART]
    return _of_day(day).filter(use__in=uses, received_at__lt=at - WAITS_AT_MOST)


def _waiting_refunds(day: date, *, at: datetime) -> QuerySet[Refund]:
    return (
        Refund.objects.filter(requested_at__date=day, requested_at__lt=at - WAITS_AT_MOST)
        .exclude(status=RefundStatus.SUCCEEDED)
        .order_by("pk")
    )


def _waiting_attempts(day: date, *, at: datetime) -> QuerySet[PaymentAttempt]:
    return PaymentAttempt.objects.filter(
        status__in=OPEN, created_at__date=day, expires_at__lt=at - WAITS_AT_MOST
    ).order_by("pk")
