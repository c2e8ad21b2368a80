"""Ordering over HTTP: what is answered, how often, and what a stranger learns."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from tests.factories import make_product
from ticketing.domain.visit_days import day_of
from ticketing.models import Order, Product, Ticket

pytestmark = pytest.mark.django_db
KEY = "key-of-the-phone"


def body(product: Product, **changes: Any) -> dict[str, Any]:
    line = {
        "product_id": product.pk,
        "category": "adult",
        "quantity": 2,
        "visit_date": str(day_of(timezone.now())),
    }
    lines = [{**line, **changes.pop("line", {})}]
    return {
        "lines": lines,
        "contact": {"email": "buyer@example.com", "name": "Trần Thị Bình"},
        "language": "en",
        **changes,
    }


def send(sent: Any, *, key: str | None = KEY, language: str = "en") -> tuple[int, dict[str, Any]]:
    headers = {"Accept-Language": language} | ({"Idempotency-Key": key} if key else {})
    response = Client().post(
        "/api/v1/orders", sent, content_type="application/json", headers=headers
    )
    if response.status_code >= 400:
        assert response.headers["Content-Type"] == "application/problem+json"
    answer: dict[str, Any] = response.json()
    return response.status_code, answer


def test_an_order_is_answered_with_its_code_secret_and_lines() -> None:
    product = make_product(name="Palace", price=200_000)

    status, answer = send(body(product))

    order = Order.objects.get()
    today = str(day_of(timezone.now()))
    assert status == 201
    assert answer.pop("expires_at").endswith("+07:00")
    assert len(answer.pop("secret")) == 32
    assert answer == {
        "code": order.code,
        "status": "held",
        "total": {"amount": 400_000, "currency": "VND"},
        "lines": [
            {
                "id": order.lines.get().pk,
                "product_id": product.pk,
                "name": "Palace (en)",
                "category": "adult",
                "quantity": 2,
                "unit_price": {"amount": 200_000, "currency": "VND"},
                "amount": {"amount": 400_000, "currency": "VND"},
                "visit_date": today,
                "slot": None,
                "one_code": False,
            }
        ],
    }
    assert (order.email, order.name, order.language) == (
        "buyer@example.com",
        "Trần Thị Bình",
        "en",
    )


def test_the_same_request_gets_the_same_answer() -> None:
    sent = body(make_product())

    assert send(sent) == send(sent)
    assert Order.objects.count() == 1


def test_another_body_with_the_key_is_a_conflict() -> None:
    product = make_product()
    send(body(product))

    status, answer = send(body(product, line={"quantity": 3}))

    assert (status, answer["code"]) == (409, "idempotency_key_reused")


def test_a_free_order_is_paid_and_has_its_tickets() -> None:
    status, answer = send(body(make_product(price=0)))

    assert (status, answer["status"], answer["total"]["amount"]) == (201, "paid", 0)
    assert Ticket.objects.count() == 2


def test_a_telephone_number_is_contact_enough() -> None:
    status, _answer = send(body(make_product(), contact={"phone": "+84 90 123 45 67"}))

    assert status == 201
    assert Order.objects.get().phone == "+84 90 123 45 67"


def test_a_refusal_says_which_line_and_why_in_the_caller_s_language() -> None:
    product = make_product(on_sale=False)

    status, answer = send(body(product), language="vi")

    assert (status, answer["code"]) == (409, "not_on_sale")
    assert answer["detail"] == "Vé này hiện không bán."
    assert answer["errors"] == [{"where": "body.lines.0", "message": "Vé này hiện không bán."}]


def test_a_day_that_cannot_be_meant_is_a_wrong_request() -> None:
    yesterday = day_of(timezone.now()) - timedelta(days=1)

    status, answer = send(body(make_product(), line={"visit_date": str(yesterday)}))

    assert (status, answer["code"]) == (422, "visit_date_out_of_range")


@pytest.mark.parametrize(
    "changes",
    [
        {"lines": []},
        {"line": {"quantity": 0}},
        {"line": {"quantity": 256}},
        {"line": {"product_id": 2**63}},
        {"line": {"category": "x\x00y"}},
        {"line": {"visit_date": "2026-02-30"}},
        {"contact": {}},
        {"contact": {"email": ""}},
        {"contact": {"email": "nobody"}},
        {"contact": {"email": "a\x00b@example.com"}},
        {"contact": {"phone": "call me"}},
        {"contact": {"email": "a@example.com", "name": "x\x00"}},
        {"contact": {"email": "a@example.com", "name": "x" * 101}},
        {"language": "la"},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(changes: dict[str, Any]) -> None:
    status, answer = send(body(make_product(), **changes))

    assert (status, answer["code"]) == (422, "invalid_request")
    assert Order.objects.count() == 0


def test_more_than_twenty_lines_are_refused() -> None:
    sent = body(make_product())
    sent["lines"] *= 21

    assert send(sent)[0] == 422


@pytest.mark.parametrize("key", [None, "short", "k" * 201, "with a space"])
def test_every_order_needs_a_proper_key(key: str | None) -> None:
    status, answer = send(body(make_product()), key=key)

    assert (status, answer["code"]) == (422, "invalid_request")


def test_a_machine_that_orders_without_end_is_stopped(settings: Settings) -> None:
    settings.ORDERS_PER_MINUTE = 3
    product = make_product()

    codes = [send(body(product), key=f"key-number-{number}")[0] for number in range(8)]

    assert codes[:3] == [201, 201, 201]
    assert 429 in codes  # also when the minute turns in between


@pytest.mark.parametrize("lines", [1, 3])
def test_ordering_takes_two_statements_however_many_lines(
    django_assert_num_queries: DjangoAssertNumQueries, *, lines: int
) -> None:
    sent = body(make_product())
    sent["lines"] *= lines
    send(sent, key="names-and-prices-are-remembered")

    # In a test the transaction itself is a savepoint: two more.
    with django_assert_num_queries(4):
        send(sent)
