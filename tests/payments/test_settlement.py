"""Whatever a provider says, how often and in which order: one payment, one set of tickets."""

from datetime import timedelta

import pytest
import stripe
from django.conf import settings
from django.utils import timezone

from payments.domain.settlement import Outcome, Settlement, settle
from payments.gateways.lines import gateway_of
from payments.gateways.protocol import GatewayUnavailable
from payments.models import PaymentAttempt, Refund
from tests.at_once import at_once
from tests.factories import days_from, make_order
from tests.payments.buying import (
    money_of,
    paid_at_stripe,
    settled,
    start,
    status_of,
    tickets_of,
)
from tests.payments.stripe_desk import Desk
from ticketing.domain.order_status import move
from ticketing.models import OrderStatus

pytestmark = pytest.mark.django_db
# Threads see only what is committed.
race = pytest.mark.django_db(transaction=True)


def status_now(attempt: PaymentAttempt) -> str:
    attempt.refresh_from_db()
    return attempt.status


def refunds_of(attempt: PaymentAttempt) -> list[tuple[int, str, str]]:
    rows = Refund.objects.filter(payment__attempt=attempt)
    return list(rows.values_list("amount", "reason", "status"))


def test_paid_money_becomes_tickets(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    order = attempt.order

    assert settled(attempt) == Settlement(Outcome.SETTLED, order.code)

    assert status_of(order) == OrderStatus.PAID
    assert tickets_of(order) == 2
    assert money_of(order) == [(400_000, True)]
    assert status_now(attempt) == "succeeded"


def test_settling_again_changes_nothing(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)

    outcomes = [settled(attempt).outcome for _ in range(4)]

    assert outcomes == [Outcome.SETTLED] + [Outcome.SETTLED_BEFORE] * 3
    assert tickets_of(attempt.order) == 2


@race
def test_sixteen_settlements_in_one_instant_are_one(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)

    outcomes = at_once(lambda _: settled(attempt).outcome, range(16))

    assert sorted(outcomes) == [Outcome.SETTLED] + [Outcome.SETTLED_BEFORE] * 15
    assert money_of(attempt.order) == [(400_000, True)]
    assert tickets_of(attempt.order) == 2


def test_an_unpaid_page_is_open(desk: Desk) -> None:
    attempt = start(make_order())

    assert settled(attempt).outcome == Outcome.OPEN
    assert status_now(attempt) == "awaiting"


def test_money_that_is_on_its_way_is_waited_for(desk: Desk) -> None:
    attempt = start(make_order())
    desk.pull(f"sessions/{attempt.provider_reference}", status="complete", url=None)

    assert settled(attempt).outcome == Outcome.OPEN
    assert status_now(attempt) == "awaiting"


def test_an_expired_page_is_closed(desk: Desk) -> None:
    attempt = start(make_order())
    desk.client.v1.checkout.sessions.expire(attempt.provider_reference)

    assert settled(attempt).outcome == Outcome.CLOSED
    assert status_now(attempt) == "expired"


def test_success_wins_over_expiry(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    reference = attempt.provider_reference
    desk.pull(f"sessions/{reference}", status="expired", payment_status="unpaid")
    assert settled(attempt).outcome == Outcome.CLOSED

    desk.pull(f"sessions/{reference}", status="complete", payment_status="paid")

    assert settled(attempt).outcome == Outcome.SETTLED
    assert status_now(attempt) == "succeeded"


def test_a_payment_whose_start_was_never_answered_is_found_by_its_marks(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    reference = attempt.provider_reference
    # As after a crash between the provider's answer and our note of it.
    PaymentAttempt.objects.filter(pk=attempt.pk).update(
        provider_reference="", action_url="", status="created"
    )

    settlement = settle(provider="stripe", reference=reference, at=timezone.now())

    assert settlement.outcome == Outcome.SETTLED
    attempt.refresh_from_db()
    assert attempt.provider_reference == reference


@pytest.mark.parametrize(
    ("lever", "facts", "doubt"),
    [
        ("sessions", {"amount_total": 4_000}, "amount: 4000, not 400000"),
        ("sessions", {"currency": "usd"}, "currency: usd, not vnd"),
        ("sessions", {"livemode": True}, "real money: True, not False"),
        ("sessions", {"payment_intent": None}, "money named: False, not True"),
    ],
)
def test_what_does_not_fit_waits_for_a_person(
    desk: Desk, *, lever: str, facts: dict[str, object], doubt: str
) -> None:
    attempt = paid_at_stripe(desk)
    desk.pull(f"{lever}/{attempt.provider_reference}", **facts)

    assert settled(attempt).outcome == Outcome.REVIEW

    assert status_now(attempt) == "review"
    assert attempt.note == doubt
    assert status_of(attempt.order) == OrderStatus.HELD
    # Money of ours in the wrong amount is kept, and buys nothing; any other is not even kept.
    kept = [(4_000, False)] if doubt.startswith("amount") else []
    assert (tickets_of(attempt.order), money_of(attempt.order)) == (0, kept)


def test_a_payment_of_another_installation_is_not_ours(desk: Desk) -> None:
    attempt = start(make_order())
    marks = {"environment": "demo", "order": attempt.order.code, "attempt": str(attempt.pk)}
    foreign = foreign_session(desk, attempt=attempt, marks=marks)

    settlement = settle(provider="stripe", reference=foreign, at=timezone.now())

    assert settlement == Settlement(Outcome.UNKNOWN)
    assert tickets_of(attempt.order) == 0


def test_our_own_payment_with_the_marks_of_another_environment_waits_for_a_person(
    desk: Desk,
) -> None:
    attempt = paid_at_stripe(desk)
    marks = {"environment": "demo", "order": attempt.order.code, "attempt": str(attempt.pk)}
    desk.pull(f"sessions/{attempt.provider_reference}", metadata=marks)

    assert settled(attempt).outcome == Outcome.REVIEW


def test_marks_with_a_smaller_amount_buy_nothing(desk: Desk) -> None:
    attempt = start(make_order(quantity=2))
    PaymentAttempt.objects.filter(pk=attempt.pk).update(provider_reference="", status="created")
    marks = {"environment": "test", "order": attempt.order.code, "attempt": str(attempt.pk)}
    cheap = foreign_session(desk, attempt=attempt, marks=marks)

    settlement = settle(provider="stripe", reference=cheap, at=timezone.now())

    assert settlement.outcome == Outcome.REVIEW
    assert tickets_of(attempt.order) == 0


def test_an_unknown_reference_is_nobodys(desk: Desk) -> None:
    settlement = settle(provider="stripe", reference="cs_test_unknown", at=timezone.now())

    assert settlement == Settlement(Outcome.UNKNOWN)


def test_a_provider_that_does_not_answer_changes_nothing(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    desk.simulator.stop()

    with pytest.raises(GatewayUnavailable):
        settle(
            provider="stripe",
            reference=attempt.provider_reference,
            at=timezone.now(),
            hurried=True,
        )

    assert status_now(attempt) == "awaiting"


@race
def test_the_second_of_two_payments_goes_back(desk: Desk) -> None:
    first = paid_at_stripe(desk)
    order = first.order
    # The buyer's second page, opened when the first was thought to be gone.
    PaymentAttempt.objects.filter(pk=first.pk).update(status="expired")
    second = paid_at_stripe(desk, order=order)

    outcomes = at_once(lambda attempt: settled(attempt).outcome, [first, second])

    assert sorted(outcomes) == [Outcome.GOES_BACK, Outcome.SETTLED]
    assert sorted(money_of(order)) == [(400_000, False), (400_000, True)]
    assert tickets_of(order) == 2
    refund = Refund.objects.get()
    assert (refund.amount, refund.reason, refund.payment.settles_order) == (
        400_000,
        "paid_twice",
        False,
    )


def test_money_after_the_hold_still_gives_tickets(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    move(attempt.order, to=OrderStatus.LAPSED)

    assert settled(attempt).outcome == Outcome.SETTLED
    assert tickets_of(attempt.order) == 2


def test_money_for_a_cancelled_order_goes_back(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    move(attempt.order, to=OrderStatus.CANCELLED)

    assert settled(attempt).outcome == Outcome.GOES_BACK
    assert settled(attempt).outcome == Outcome.SETTLED_BEFORE

    assert refunds_of(attempt) == [(400_000, "order_cancelled", "requested")]
    assert tickets_of(attempt.order) == 0


def test_money_after_the_visit_goes_back(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    two_days_later = timezone.now() + timedelta(days=2)
    assert attempt.order.lines.get().visit_date < days_from(two_days_later, 0)

    assert settled(attempt, at=two_days_later).outcome == Outcome.GOES_BACK

    assert refunds_of(attempt) == [(400_000, "paid_too_late", "requested")]


def test_money_that_went_back_before_it_was_settled_buys_nothing(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    session = desk.client.v1.checkout.sessions.retrieve(attempt.provider_reference)
    desk.client.v1.refunds.create({"payment_intent": str(session.payment_intent)})

    assert settled(attempt).outcome == Outcome.REVIEW
    assert tickets_of(attempt.order) == 0


def foreign_session(desk: Desk, *, attempt: PaymentAttempt, marks: dict[str, str]) -> str:
    """A paid session that our code never started."""
    session: stripe.checkout.Session = desk.client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [
                {
                    "price_data": {
                        "currency": "vnd",
                        "unit_amount": 20_000,
                        "product_data": {"name": "x"},
                    },
                    "quantity": 1,
                }
            ],
            "success_url": settings.PUBLIC_URL,
            "metadata": marks,
        }
    )
    assert gateway_of("stripe") is not None
    assert attempt.provider_reference != session.id
    assert session.url is not None
    desk.pay(session.url)
    return session.id
