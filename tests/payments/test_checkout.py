"""One page to pay on at a time, however often and from wherever the buyer taps."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from payments.domain.checkout import (
    AlreadyPaid,
    NotOffered,
    OrderNotPayable,
    PaymentStarted,
    ProviderUnavailable,
    start_payment,
    type_of_start,
)
from payments.domain.sweeping import sweep
from payments.gateways.protocol import AmountNotSupported
from payments.models import AttemptStatus, PaymentAttempt
from tests.at_once import at_once
from tests.factories import make_order, make_paid_order, make_product
from tests.payments.buying import paid_at_stripe, settled, start, status_of, tickets_of
from tests.payments.stripe_desk import Desk
from ticketing.domain.order_status import move
from ticketing.models import Order, OrderStatus

pytestmark = pytest.mark.django_db


def begin(order: Order, *, at: datetime | None = None) -> type_of_start:
    return start_payment(order=order, provider="stripe", at=at or timezone.now())


def pages_at_stripe(desk: Desk) -> list[str | None]:
    """The status of every page that the provider has, the newest first."""
    return [page.status for page in desk.client.v1.checkout.sessions.list({"limit": 100})]


def test_a_started_payment_waits_at_the_providers_page(desk: Desk) -> None:
    attempt = start(make_order(quantity=2))

    assert attempt.status == AttemptStatus.AWAITING
    assert attempt.amount == 400_000
    assert attempt.action_url.startswith(f"{desk.simulator.url}/c/pay/cs_test_")


def test_the_page_names_the_frozen_lines_in_the_buyers_language(desk: Desk) -> None:
    product = make_product(name="Đại Nội", price=200_000)
    vietnamese = start(make_order(product=product, quantity=2, language="vi"))
    english = start(make_order(product=product, language="en"))

    assert "Đại Nội (vi) · Adult" in desk.page(vietnamese.action_url).text
    assert "400.000 ₫" in desk.page(vietnamese.action_url).text
    assert "Đại Nội (en) · Adult" in desk.page(english.action_url).text


def test_the_provider_learns_nothing_personal_but_the_address(desk: Desk) -> None:
    attempt = start(make_order(email="mai@example.com"))

    session = desk.client.v1.checkout.sessions.retrieve(attempt.provider_reference)

    assert session.customer_email == "mai@example.com"
    assert session.metadata is not None
    assert session.metadata.to_dict() == {
        "order": attempt.order.code,
        "attempt": str(attempt.pk),
        "environment": "test",
    }


def test_a_second_tap_gets_the_same_page(desk: Desk) -> None:
    order = make_order()

    assert start(order) == start(order)
    assert pages_at_stripe(desk) == ["open"]


@pytest.mark.django_db(transaction=True)
def test_eight_taps_in_one_instant_get_one_page(desk: Desk) -> None:
    order = make_order()

    started = at_once(lambda _: begin(order), range(8))

    urls = {one.attempt.action_url for one in started if isinstance(one, PaymentStarted)}
    assert len(urls) == 1
    assert pages_at_stripe(desk) == ["open"]
    assert PaymentAttempt.objects.count() == 1


def test_a_tap_after_paying_finds_the_payment_instead_of_the_page(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)

    assert begin(attempt.order) == AlreadyPaid(attempt)
    assert tickets_of(attempt.order) == 2


def test_an_order_that_is_paid_has_nothing_to_pay(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    settled(attempt)

    assert begin(attempt.order) == AlreadyPaid(attempt)
    assert begin(make_paid_order()) == AlreadyPaid(None)


def test_an_expired_page_is_followed_by_a_new_one(desk: Desk) -> None:
    order = make_order()
    first = start(order)
    desk.client.v1.checkout.sessions.expire(first.provider_reference)

    second = start(order)

    assert second.action_url != first.action_url
    assert pages_at_stripe(desk) == ["open", "expired"]


def test_a_page_about_to_end_gives_way_to_a_new_one_and_is_closed(desk: Desk) -> None:
    order = make_order()
    first = start(order)
    later = first.expires_at - timedelta(minutes=1)
    Order.objects.filter(pk=order.pk).update(expires_at=later + timedelta(hours=1))

    second = start(order, at=later)
    sweep(at=later)

    assert second != first
    assert pages_at_stripe(desk) == ["open", "expired"]
    first.refresh_from_db()
    assert first.status == AttemptStatus.EXPIRED


def test_the_hold_ends_the_time_to_pay(desk: Desk) -> None:
    order = make_order()

    assert begin(order, at=order.expires_at) == OrderNotPayable(OrderStatus.LAPSED)
    assert pages_at_stripe(desk) == []


@pytest.mark.parametrize("status", [OrderStatus.LAPSED, OrderStatus.CANCELLED])
def test_an_order_that_nobody_waits_for_is_not_payable(desk: Desk, *, status: OrderStatus) -> None:
    order = make_order()
    move(order, to=status)

    assert begin(order) == OrderNotPayable(status)


@pytest.mark.parametrize("price", [14_999, 100_000_000])
def test_an_amount_that_the_provider_does_not_take_is_said_at_once(
    desk: Desk, *, price: int
) -> None:
    order = make_order(product=make_product(price=price))

    assert begin(order) == AmountNotSupported(15_000, 99_999_999)
    assert not PaymentAttempt.objects.exists()


def test_without_keys_the_provider_is_not_offered(settings: Settings) -> None:
    settings.STRIPE_SECRET_KEY = ""

    assert begin(make_order()) == NotOffered()


def test_a_provider_that_is_away_costs_nothing_but_time(desk: Desk) -> None:
    order = make_order()
    desk.faults(api_silent=True)
    assert begin(order) == ProviderUnavailable()
    desk.faults(api_silent=False)

    attempt = start(order)

    assert attempt.status == AttemptStatus.AWAITING
    assert pages_at_stripe(desk) == ["open"]
    assert PaymentAttempt.objects.count() == 1


def test_an_error_that_the_provider_would_repeat_leads_to_a_new_attempt(desk: Desk) -> None:
    order = make_order()
    desk.faults(api_error=True)
    assert begin(order) == ProviderUnavailable()
    desk.faults(api_error=False)

    attempt = start(order)

    assert attempt.status == AttemptStatus.AWAITING
    statuses = PaymentAttempt.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["failed", "awaiting"]


def test_a_webhook_faster_than_the_answer_of_the_start_is_no_second_payment(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    PaymentAttempt.objects.filter(pk=attempt.pk).update(
        provider_reference="", action_url="", status="created"
    )

    # The start is repeated, as by a tap while the first answer is still on its way.
    again = start(attempt.order)

    assert again.pk == attempt.pk
    settled(again)
    assert status_of(attempt.order) == OrderStatus.PAID
    assert tickets_of(attempt.order) == 2
