"""What nobody told us is asked for, and what nobody should pay any more is closed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from payments.domain.checkout import ProviderUnavailable, start_payment
from payments.domain.sweeping import next_ask, sweep
from payments.models import AttemptStatus, PaymentAttempt
from tests.at_once import at_once
from tests.factories import make_order
from tests.payments.buying import money_of, paid_at_stripe, settled, start, status_of, tickets_of
from tests.payments.stripe_desk import Desk
from ticketing.domain.order_status import move
from ticketing.models import OrderStatus

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def soon() -> datetime:
    """When the first question is due for an attempt of now."""
    return timezone.now() + timedelta(seconds=21)


def status_now(attempt: PaymentAttempt) -> str:
    attempt.refresh_from_db()
    return attempt.status


def test_a_payment_without_a_webhook_is_found_by_the_sweeper(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)

    assert sweep(at=timezone.now()) == 0
    assert sweep(at=soon()) == 1

    assert status_of(attempt.order) == OrderStatus.PAID
    assert tickets_of(attempt.order) == 2
    assert sweep(at=soon() + timedelta(days=1)) == 0


@pytest.mark.django_db(transaction=True)
def test_four_sweepers_at_once_settle_once(desk: Desk) -> None:
    attempts = [paid_at_stripe(desk, quantity=1) for _ in range(5)]
    at = soon()

    assert sum(at_once(lambda _: sweep(at=at), range(4))) == 5

    assert [money_of(attempt.order) for attempt in attempts] == [[(200_000, True)]] * 5
    assert [tickets_of(attempt.order) for attempt in attempts] == [1] * 5


def test_a_page_that_the_buyer_looks_at_stays_open(desk: Desk) -> None:
    attempt = start(make_order())

    sweep(at=soon())

    assert status_now(attempt) == AttemptStatus.AWAITING
    assert attempt.due_at > soon()


@pytest.mark.parametrize("status", [OrderStatus.LAPSED, OrderStatus.CANCELLED])
def test_the_page_of_an_order_that_nobody_waits_for_is_closed(
    desk: Desk, *, status: OrderStatus
) -> None:
    attempt = start(make_order())
    move(attempt.order, to=status)

    sweep(at=soon())

    assert status_now(attempt) == AttemptStatus.EXPIRED
    session = desk.client.v1.checkout.sessions.retrieve(attempt.provider_reference)
    assert session.status == "expired"


def test_money_that_won_the_race_against_closing_gives_tickets(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    move(attempt.order, to=OrderStatus.LAPSED)

    sweep(at=soon())

    assert tickets_of(attempt.order) == 2


def test_the_other_page_of_an_order_is_closed_when_one_is_paid(desk: Desk) -> None:
    first = start(make_order(quantity=2))
    PaymentAttempt.objects.filter(pk=first.pk).update(status="expired")
    second = paid_at_stripe(desk, order=first.order)
    PaymentAttempt.objects.filter(pk=first.pk).update(status="awaiting")
    settled(second)

    sweep(at=timezone.now())

    assert status_now(first) == AttemptStatus.EXPIRED


def test_a_start_that_was_never_answered_is_found_again(desk: Desk) -> None:
    order = make_order()
    desk.faults(api_silent=True)
    assert start_payment(order=order, provider="stripe", at=timezone.now()) == (
        ProviderUnavailable()
    )
    desk.faults(api_silent=False)

    sweep(at=soon())

    attempt = PaymentAttempt.objects.get()
    assert (attempt.status, bool(attempt.action_url)) == (AttemptStatus.AWAITING, True)


def test_a_start_that_never_arrived_has_failed_once_it_is_too_late(desk: Desk) -> None:
    order = make_order()
    desk.faults(api_error=True)
    start_payment(order=order, provider="stripe", at=timezone.now())
    desk.faults(api_error=False)
    # As if the request had never left us.
    desk.simulator.store.keys.clear()
    PaymentAttempt.objects.update(status="created", note="")
    desk.pull("clock", advance_s=10 * 60)

    sweep(at=soon())

    assert PaymentAttempt.objects.get().status == AttemptStatus.FAILED


def test_a_start_that_was_paid_is_found_after_the_key_was_forgotten(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(
        provider_reference="", action_url="", status="created"
    )
    desk.pull("clock", advance_s=25 * 60 * 60)

    sweep(at=soon())

    assert status_now(attempt) == AttemptStatus.SUCCEEDED
    assert tickets_of(attempt.order) == 2


def test_a_provider_that_is_away_is_asked_again_later(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    desk.faults(api_silent=True)
    sweep(at=soon())
    assert status_now(attempt) == AttemptStatus.AWAITING
    desk.faults(api_silent=False)

    sweep(at=soon() + timedelta(minutes=1))

    assert tickets_of(attempt.order) == 2


def test_one_attempt_in_trouble_does_not_keep_the_others_waiting(desk: Desk) -> None:
    trouble = start(make_order())
    fine = paid_at_stripe(desk)
    desk.pull(f"sessions/{trouble.provider_reference}", amount_total="a lot", payment_status="paid")

    assert sweep(at=soon()) == 2

    assert tickets_of(fine.order) == 2
    assert tickets_of(trouble.order) == 0


def test_a_payment_that_the_provider_has_forgotten_ends_with_its_time(desk: Desk) -> None:
    attempt = start(make_order())
    desk.simulator.store.sessions.clear()

    sweep(at=soon())
    assert status_now(attempt) == AttemptStatus.AWAITING

    sweep(at=attempt.expires_at + timedelta(minutes=11))
    assert status_now(attempt) == AttemptStatus.EXPIRED


def test_questions_are_dense_at_first_and_follow_every_end() -> None:
    expires_at, hold_ends_at = NOON + timedelta(minutes=31), NOON + timedelta(minutes=35)
    asks, at = [], NOON
    while at < NOON + timedelta(hours=3):
        at = next_ask(at=at, created_at=NOON, expires_at=expires_at, hold_ends_at=hold_ends_at)
        asks.append(int((at - NOON).total_seconds()))

    assert asks[:5] == [20, 60, 120, 300, 600]
    assert expires_at + timedelta(seconds=10) in {NOON + timedelta(seconds=ask) for ask in asks}
    assert hold_ends_at + timedelta(seconds=70) in {NOON + timedelta(seconds=ask) for ask in asks}
    assert len(asks) < 20
