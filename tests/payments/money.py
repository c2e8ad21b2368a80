"""Money in tests that no provider needs to be asked for: what a provider says, as a value."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count

from django.db import transaction
from django.utils import timezone

from payments.domain.settlement import Outcome, record
from payments.gateways.protocol import PaymentState, Phase, Receipt
from payments.models import AttemptStatus, Payment, PaymentAttempt
from sites.models import User
from tests.factories import make_order
from ticketing.domain.revenue import take_back
from ticketing.models import Cancellation, CancellationLine, Order, Ticket, TicketStatus

_numbers = count(1)


def make_attempt(
    *, order: Order | None = None, provider: str = "vietqr", at: datetime | None = None
) -> PaymentAttempt:
    """An attempt that waits for its money."""
    order = order or make_order(quantity=2)
    at = at or timezone.now()
    number = next(_numbers)
    return PaymentAttempt.objects.create(
        order=order,
        provider=provider,
        organisation=order.lines.select_related("product__organisation")
        .order_by("pk")[0]
        .product.organisation,
        amount=order.total,
        status=AttemptStatus.AWAITING,
        provider_reference=f"ref-{number}",
        created_at=at,
        expires_at=at + timedelta(minutes=30),
        due_at=at + timedelta(minutes=1),
    )


def state_of(
    attempt: PaymentAttempt,
    *,
    receipts: Sequence[Receipt] = (),
    phase: Phase = Phase.PAID,
    amount: int | None = None,
    money: str = "",
) -> PaymentState:
    return PaymentState(
        reference=attempt.provider_reference,
        phase=phase,
        amount=attempt.amount if amount is None else amount,
        currency="vnd",
        live=False,
        payment_reference=money or f"money-of-{attempt.provider_reference}",
        refunded_amount=0,
        action_url="",
        environment="test",
        order_code=attempt.order.code,
        attempt_id=attempt.pk,
        receipts=tuple(receipts),
    )


def received(attempt: PaymentAttempt, *amounts: int, at: datetime | None = None) -> Outcome:
    """Tell of these movements of money, each named by its place in the row."""
    receipts = [
        Receipt(f"{attempt.provider_reference}-{place}", amount)
        for place, amount in enumerate(amounts)
    ]
    state = state_of(attempt, receipts=receipts, phase=Phase.OPEN)
    return record(attempt=attempt, state=state, live=False, at=at or timezone.now()).outcome


def paid_in_full(attempt: PaymentAttempt, *, at: datetime | None = None) -> Payment:
    outcome = received(attempt, attempt.amount, at=at)
    assert outcome == Outcome.SETTLED, outcome
    return Payment.objects.get(attempt=attempt)


def make_person(name: str) -> User:
    return User.objects.create(username=name, is_staff=True)


@transaction.atomic
def cancel(order: Order, *, people: int = 1, amount: int = 200_000) -> Cancellation:
    """As ticketing leaves it: tickets that ended, and what comes back."""
    line = order.lines.get()
    cancellation = Cancellation.objects.create(
        order=order,
        cancelled_at=timezone.now(),
        reason="buyer",
        rule="before",
        share_percent=100,
        amount_back=amount,
        request_key=f"{order.code}-{Cancellation.objects.count()}",
        request_hash=b"x",
    )
    tickets = Ticket.objects.filter(line=line, status=TicketStatus.VALID).order_by("pk")[:people]
    for ticket in tickets:
        Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.CANCELLED)
        CancellationLine.objects.create(
            cancellation=cancellation,
            line=line,
            ticket=ticket,
            people=1,
            amount=amount // people,
        )
    take_back(line_ids=[line.pk], at=cancellation.cancelled_at)
    return cancellation
