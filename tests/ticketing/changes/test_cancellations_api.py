"""Cancelling over HTTP: what a screen shows before and after, and what a stranger learns."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.factories import make_change_rule, make_product, place
from tests.ticketing.changes.parties import changeable_product
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import OrderPlaced
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.visit_days import day_of
from ticketing.models import Cancellation, ChangeKind, Ticket

pytestmark = pytest.mark.django_db
KEY = "key-of-the-phone"


@pytest.fixture
def bought() -> OrderPlaced:
    """A group of 25 on one code for today, paid."""
    placed = place(product=changeable_product(), quantity=25, one_code=True)
    assert isinstance(pay_order(order=placed.order, at=timezone.now()), OrderPaid)
    return placed


def send(
    placed: OrderPlaced,
    body: dict[str, Any],
    *,
    secret: str = "",
    key: str = KEY,
    language: str = "en",
    what: str = "cancellations",
) -> tuple[int, dict[str, Any]]:
    response = Client().post(
        f"/api/v1/orders/{placed.order.code}/{what}",
        body,
        content_type="application/json",
        headers={
            "Order-Secret": secret or placed.secret,
            "Accept-Language": language,
            **({"Idempotency-Key": key} if key else {}),
        },
    )
    answer: dict[str, Any] = response.json()
    return response.status_code, answer


def test_a_preview_has_all_that_a_screen_says(bought: OrderPlaced) -> None:
    ticket = Ticket.objects.get()
    body = {"quantities": [{"ticket_id": to_hex(ticket.pk), "people": 3}], "preview": True}

    status, answer = send(bought, body)

    until = ticket.valid_until.astimezone(timezone.get_default_timezone())
    money = {"amount": 300_000, "currency": "VND"}
    assert (status, answer) == (
        200,
        {
            "preview": True,
            "order_status": "paid",
            "cancelled_at": None,
            "people": 3,
            "amount_back": money,
            "items": [
                {
                    "ticket_id": to_hex(ticket.pk),
                    "line_id": ticket.line_id,
                    "product": f"{ticket.product.slug} (en)",
                    "category": "adult",
                    "people": 3,
                    "amount_back": money,
                    "rule": {
                        "code": "late",
                        "share_percent": 50,
                        "until": until.isoformat(),
                        "sentence": f"50 % of the price comes back until {until:%H:%M %d/%m/%Y}.",
                    },
                }
            ],
            "kept": [],
            "sentence": "300,000 ₫ comes back, the way it was paid.",
        },
    )
    assert not Cancellation.objects.exists()


def test_the_confirmation_twice_is_one_cancellation(bought: OrderPlaced) -> None:
    line = bought.order.lines.get()
    body = {"quantities": [{"line_id": line.pk, "people": 3}]}

    first, second = send(bought, body), send(bought, body)

    assert first[0] == 201
    assert first == second
    assert first[1]["amount_back"]["amount"] == 300_000
    assert Ticket.objects.get().cancelled_people == 3
    other = send(bought, {"everything": True})
    assert (other[0], other[1]["code"]) == (409, "idempotency_key_reused")
    send(bought, body, key="another-key")
    assert Ticket.objects.get().cancelled_people == 6


def test_the_order_tells_its_cancellations(
    bought: OrderPlaced, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    line = bought.order.lines.get()
    for number in range(3):
        send(bought, {"quantities": [{"line_id": line.pk, "people": 1}]}, key=f"key-{number}-long")

    with django_assert_max_num_queries(13):
        answer = Client().get(
            f"/api/v1/orders/{bought.order.code}",
            headers={"Order-Secret": bought.secret, "Accept-Language": "en"},
        )

    shown = answer.json()
    assert [one["amount_back"]["amount"] for one in shown["cancellations"]] == [100_000] * 3
    assert [one["people"] for one in shown["cancellations"]] == [1] * 3
    assert shown["tickets"][0]["cancelled_people"] == 3
    assert shown["tickets"][0]["remaining_entries"][0]["left"] == 22


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"ticket_ids": ["0123456789abcdef"]}, 404, "unknown_ticket"),
        ({"quantities": [{"line_id": 1, "people": 256}]}, 422, "invalid_request"),
        ({"quantities": [{"people": 2}]}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
        ({"everything": True, "ticket_ids": ["0123456789abcdef"]}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    bought: OrderPlaced, body: dict[str, Any], status: int, code: str
) -> None:
    answered, answer = send(bought, body)

    assert (answered, answer["code"]) == (status, code)


def test_a_stranger_learns_nothing(bought: OrderPlaced) -> None:
    status, answer = send(bought, {"everything": True, "preview": True}, secret="guessed")

    assert (status, answer["code"]) == (404, "order_not_found")


def test_the_sentences_speak_the_callers_language(bought: OrderPlaced) -> None:
    _status, answer = send(bought, {"everything": True, "preview": True}, language="vi")

    assert answer["sentence"] == "Bạn được hoàn 2.500.000 ₫ theo cách đã thanh toán."


def test_an_order_without_money_is_freed(bought: OrderPlaced) -> None:
    held = place(product=changeable_product(), quantity=2)

    status, answer = send(held, {"everything": True})

    assert (status, answer["order_status"], answer["people"]) == (201, "cancelled", 2)
    assert answer["items"][0]["ticket_id"] is None
    again, refused = send(held, {"everything": True}, key="another-key")
    assert (again, refused["code"]) == (409, "order_cancelled")


def test_a_move_says_when_it_was_and_which_days_there_are() -> None:
    product = make_product()
    make_change_rule(product=product, kind=ChangeKind.MOVE, code="move", minutes_before=0)
    day = day_of(timezone.now()) + timedelta(days=40)
    placed = place(product=product, visit_date=day)
    assert isinstance(pay_order(order=placed.order, at=timezone.now()), OrderPaid)
    ids = {"ticket_ids": [to_hex(Ticket.objects.get().pk)]}

    _, never = send(placed, ids | {"visit_date": "2020-02-29"}, what="moves")
    status, moved = send(placed, ids | {"visit_date": str(day + timedelta(days=1))}, what="moves")

    assert (never["code"], never["detail"]) == (
        "visit_date_out_of_range",
        "Please choose a day from today to one year ahead.",
    )
    assert status == 201, moved
    assert moved["moved_at"].endswith("+07:00")
