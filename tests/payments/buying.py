"""The buyer's steps that most tests of payments begin with."""

from datetime import datetime

from django.utils import timezone

from payments.domain.checkout import PaymentStarted, start_payment
from payments.domain.settlement import Settlement, settle
from payments.models import MerchantAccount, Payment, PaymentAttempt
from tests.factories import make_order
from tests.payments.stripe_desk import Desk
from ticketing.models import Order, Ticket


def start(order: Order, *, provider: str = "stripe", at: datetime | None = None) -> PaymentAttempt:
    started = start_payment(order=order, provider=provider, at=at or timezone.now())
    assert isinstance(started, PaymentStarted), started
    return started.attempt


def paid_at_stripe(desk: Desk, *, order: Order | None = None, quantity: int = 2) -> PaymentAttempt:
    """An attempt whose money the provider has, and of which nobody has told us yet."""
    attempt = start(order or make_order(quantity=quantity))
    assert desk.pay(attempt.action_url).status == 303
    return attempt


def settled(
    attempt: PaymentAttempt,
    *,
    account: MerchantAccount | None = None,
    at: datetime | None = None,
) -> Settlement:
    return settle(
        provider=attempt.provider,
        reference=attempt.provider_reference,
        account=account or attempt.account,
        at=at or timezone.now(),
    )


def tickets_of(order: Order) -> int:
    return Ticket.objects.filter(line__order=order).count()


def money_of(order: Order) -> list[tuple[int, bool]]:
    """Every payment of an order: how much, and whether the tickets stand for it."""
    rows = Payment.objects.filter(order=order).order_by("pk")
    return list(rows.values_list("amount", "settles_order"))


def status_of(order: Order) -> str:
    order.refresh_from_db()
    return order.status
