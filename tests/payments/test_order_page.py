"""What the buyer's phone asks while money is on its way: the order, the payment, the way back."""

from typing import Any

import orjson
import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from payments.domain.sweeping import sweep
from payments.models import PaymentAttempt, Refund
from tests.factories import make_product, place
from tests.payments.buying import paid_at_stripe, settled, start, tickets_of
from tests.payments.stripe_desk import Desk
from ticketing.domain.order_status import move
from ticketing.domain.ordering import OrderPlaced
from ticketing.models import Order, OrderStatus

pytestmark = pytest.mark.django_db
# One for the order, six for what is in it and its closures, the others for its payments.
QUERIES = 11


def ask(
    placed: OrderPlaced,
    path: str = "",
    *,
    body: object = None,
    secret: str = "",
    language: str = "en",
) -> tuple[int, dict[str, Any]]:
    """Call the API as the phone that holds the order."""
    url = f"/api/v1/orders/{placed.order.code}{path}"
    headers = {"Order-Secret": secret or placed.secret, "Accept-Language": language}
    client = Client(headers=headers)
    answer = (
        client.get(url)
        if body is None
        else client.post(url, orjson.dumps(body), content_type="application/json")
    )
    return answer.status_code, orjson.loads(answer.content)


def pay(placed: OrderPlaced, **more: Any) -> tuple[int, dict[str, Any]]:
    return ask(placed, "/payments", body={"provider": "stripe"}, **more)


def come_back(reference: str) -> tuple[int, str]:
    answer = Client().get("/pay/stripe/return", {"session_id": reference})
    return answer.status_code, answer.headers["Location"]


def test_paying_leads_to_the_providers_page(desk: Desk) -> None:
    placed = place(quantity=2)

    status, payment = pay(placed)

    attempt = PaymentAttempt.objects.get()
    assert status == 201
    assert payment["action"].pop("expires_at").endswith("+07:00")
    # What belongs to a code is empty where there is a page to go to.
    payment["action"] = {name: fact for name, fact in payment["action"].items() if fact is not None}
    assert payment == {
        "id": attempt.pk,
        "provider": "stripe",
        "status": "awaiting",
        "amount": {"amount": 400_000, "currency": "VND"},
        "action": {"kind": "redirect", "url": attempt.action_url},
        "received": {"amount": 0, "currency": "VND"},
        "missing": {"amount": 0, "currency": "VND"},
        "message": "",
        "refunds": [],
    }
    assert pay(placed)[1]["id"] == attempt.pk


def test_the_ticket_is_there_when_the_buyer_comes_back(desk: Desk) -> None:
    placed = place(quantity=2)
    url = pay(placed)[1]["action"]["url"]

    page = desk.pay(url)
    location = page.location.removeprefix("http://127.0.0.1:8000")
    answer = Client().get(location)

    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/orders/{placed.order.code}",
    )
    status, order = ask(placed)
    assert status == 200
    assert (order["status"], len(order["tickets"])) == ("paid", 2)
    assert [(one["status"], one["action"]["kind"]) for one in order["payments"]] == [
        ("succeeded", "none")
    ]


def test_coming_back_twice_changes_nothing(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)

    for _ in range(2):
        assert come_back(attempt.provider_reference) == (303, f"/orders/{attempt.order.code}")

    assert tickets_of(attempt.order) == 2


def test_coming_back_while_the_provider_is_away_still_shows_the_order(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    desk.simulator.stop()

    assert come_back(attempt.provider_reference) == (303, f"/orders/{attempt.order.code}")
    assert tickets_of(attempt.order) == 0


def test_coming_back_with_what_cannot_be_settled_still_shows_the_order(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    desk.pull(f"sessions/{attempt.provider_reference}", amount_total="a lot")

    assert come_back(attempt.provider_reference) == (303, f"/orders/{attempt.order.code}")


@pytest.mark.parametrize("reference", ["", "cs_test_unknown", "\x00", "../x", "x" * 300, "é"])
def test_coming_back_from_nowhere_leads_to_the_tickets(desk: Desk, *, reference: str) -> None:
    assert come_back(reference) == (303, "/tickets")


def test_an_order_that_waits_shows_where_to_go_on_paying(desk: Desk) -> None:
    placed = place()
    attempt = start(placed.order)

    _status, order = ask(placed)

    assert order["status"] == "held"
    assert order["tickets"] == []
    assert [one["action"]["url"] for one in order["payments"]] == [attempt.action_url]


def test_money_that_goes_back_is_shown_with_its_reason(desk: Desk) -> None:
    placed = place(quantity=2)
    attempt = paid_at_stripe(desk, order=placed.order)
    move(attempt.order, to=OrderStatus.CANCELLED)
    settled(attempt)

    _status, order = ask(placed)

    (refund,) = order["payments"][0]["refunds"]
    assert refund.pop("requested_at").endswith("+07:00")
    assert refund == {
        "id": Refund.objects.get().pk,
        "amount": {"amount": 400_000, "currency": "VND"},
        "reason": "order_cancelled",
        "status": "requested",
        "needs_account": False,
        "message": (
            "The order was cancelled before your payment came. "
            "400,000 ₫ will go back to you automatically. You need not do anything."
        ),
    }


def test_unknown_and_forbidden_answer_alike(desk: Desk) -> None:
    placed, other = place(), place()
    unknown = OrderPlaced(Order(code="ZZZZZZZZ"), [], "x")

    answers = [
        ask(placed, secret=other.secret),
        ask(unknown),
        pay(placed, secret=other.secret),
        pay(unknown),
    ]

    assert [status for status, _problem in answers] == [404] * 4
    assert len({problem["code"] for _status, problem in answers}) == 1


def test_what_cannot_be_paid_says_why_in_the_callers_language(
    desk: Desk, settings: Settings
) -> None:
    lapsed = place()
    move(lapsed.order, to=OrderStatus.LAPSED)
    cancelled = place()
    move(cancelled.order, to=OrderStatus.CANCELLED)
    small = place(product=make_product(price=10_000))

    answers = [pay(placed) for placed in (lapsed, cancelled, small)]

    assert [(status, problem["code"]) for status, problem in answers] == [
        (409, "order_lapsed"),
        (409, "order_cancelled"),
        (409, "amount_not_supported"),
    ]
    assert "15,000 ₫" in answers[2][1]["detail"]
    assert pay(lapsed, language="vi")[1]["detail"].startswith("Đã hết thời gian thanh toán")
    settings.STRIPE_SECRET_KEY = ""
    assert pay(place())[1]["code"] == "provider_not_offered"


def test_a_provider_that_is_away_is_503_and_a_later_try_is_safe(desk: Desk) -> None:
    placed = place()
    desk.faults(api_silent=True)
    assert [pay(placed)[0], pay(placed)[1]["code"]] == [503, "provider_unavailable"]
    desk.faults(api_silent=False)

    assert pay(placed)[0] == 201
    assert PaymentAttempt.objects.count() == 1


def test_a_free_order_has_nothing_to_pay(desk: Desk) -> None:
    placed = place(product=make_product(price=0))

    status, payment = pay(placed)

    assert (status, payment["id"], payment["action"]["kind"]) == (201, None, "none")


def test_an_unknown_way_to_pay_is_a_wrong_request(desk: Desk) -> None:
    assert ask(place(), "/payments", body={"provider": "barter"})[0] == 422


@pytest.mark.parametrize("quantity", [1, 3])
def test_reading_an_order_costs_the_same_however_many_tickets_it_has(
    desk: Desk, django_assert_num_queries: DjangoAssertNumQueries, *, quantity: int
) -> None:
    placed = place(quantity=quantity)
    settled(paid_at_stripe(desk, order=placed.order))
    ask(placed)  # names are remembered

    with django_assert_num_queries(QUERIES):
        _status, order = ask(placed)

    assert len(order["tickets"]) == quantity
    assert sweep(at=placed.order.created_at) == 0
