"""What an operator's program may do, and that it sees nothing of another operator."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from sites.models import User
from tests.factories import days_from, make_category, make_product, make_tariff
from tests.ticketing.groups.desks import client_of, make_desk, make_group, make_operator
from ticketing.domain.issuing import pay_order
from ticketing.domain.operators import desk_with_key, make_key
from ticketing.domain.visit_days import day_of
from ticketing.models import Operator, OperatorKey, Order, Product

pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body: object, *, key: str = "") -> tuple[int, Any]:
    answer = client.post(
        f"/api/v1/operator/{path}",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": key or uuid4().hex},
    )
    return answer.status_code, answer.json()


def get(client: Client, path: str) -> tuple[int, Any]:
    answer = client.get(f"/api/v1/operator{path}")
    return answer.status_code, answer.json()


def order_of(group_id: int, product: Product, *, days: int = 30) -> dict[str, Any]:
    day = days_from(timezone.now(), days)
    return {"group_id": group_id, "product_id": product.pk, "visit_date": day.isoformat()}


def coach() -> tuple[Operator, Client, Product]:
    """An operator with its program, and a product for adults and children."""
    product, operator = make_product(), make_operator()
    make_tariff(product=product, category=make_category(code="child"), amount=40_000)
    return operator, client_of(operator), product


def test_a_group_is_saved_and_ordered_again_and_again() -> None:
    _operator, client, product = coach()
    saved = post(client, "groups", {"name": "Tet", "people": {"adult": 20, "child": 5}})

    first = post(client, "orders", order_of(saved[1]["id"], product), key="tet-2027-1")
    again = post(client, "orders", order_of(saved[1]["id"], product), key="tet-2027-1")
    next_month = post(client, "orders", order_of(saved[1]["id"], product, days=60))

    assert (saved[0], first[0], next_month[0]) == (201, 201, 201)
    assert again == first
    assert (first[1]["people"], first[1]["total"]["amount"]) == (25, 4_200_000)
    assert [line["one_code"] for line in first[1]["lines"]] == [True, True]
    assert first[1]["group_name"] == "Tet"
    assert next_month[1]["code"] != first[1]["code"]
    assert get(client, "")[1]["unpaid"]["amount"] == 8_400_000


def test_the_order_is_opened_with_its_secret_like_any_other() -> None:
    operator, client, product = coach()
    placed = post(client, "orders", order_of(make_group(operator, adult=2).pk, product))[1]

    answer = Client().get(
        f"/api/v1/orders/{placed['code']}", headers={"Order-Secret": placed["secret"]}
    )

    assert answer.status_code == 200
    assert answer.json()["expires_at"] == placed["due_at"]


def test_lines_of_its_own_are_ordered_without_a_saved_group() -> None:
    _operator, client, product = coach()
    line = {
        "product_id": product.pk,
        "category": "adult",
        "quantity": 3,
        "visit_date": str(days_from(timezone.now(), 1)),
    }

    status, placed = post(client, "orders", {"lines": [line], "group_name": "Walk-in"})

    assert (status, placed["people"], placed["group_name"]) == (201, 3, "Walk-in")


def test_an_incomplete_order_and_one_over_the_limit_are_refused_with_a_sentence() -> None:
    operator, client, product = coach()
    group = make_group(operator, adult=255)
    Operator.objects.filter(pk=operator.pk).update(unpaid_limit=1_000_000)

    status, problem = post(client, "orders", order_of(group.pk, product))

    assert (status, problem["code"]) == (409, "over_credit")
    assert "51,000,000 ₫" in problem["detail"]
    assert "1,000,000 ₫ may still wait" in problem["detail"]
    assert post(client, "orders", {})[1]["code"] == "order_incomplete"
    assert post(client, "orders", {"group_id": group.pk})[1]["code"] == "order_incomplete"


def test_nothing_of_another_operator_is_there() -> None:
    operator, client, product = coach()
    group = make_group(operator, adult=2)
    placed = post(client, "orders", order_of(group.pk, product))[1]
    stranger = client_of(make_operator())

    missing = [
        stranger.get(f"/api/v1/operator/orders/{placed['code']}"),
        stranger.get("/api/v1/operator/orders/00000000"),
        stranger.put(
            f"/api/v1/operator/groups/{group.pk}",
            {"name": "mine", "people": {"adult": 1}},
            content_type="application/json",
        ),
        stranger.delete(f"/api/v1/operator/groups/{group.pk}"),
    ]

    assert [answer.status_code for answer in missing] == [404] * 4
    assert len({answer.content for answer in missing}) == 1
    assert post(stranger, "orders", order_of(group.pk, product))[0] == 404
    assert get(stranger, "/groups")[1]["items"] == []
    assert get(stranger, "/orders")[1]["items"] == []
    assert get(stranger, f"/orders?before={placed['code']}")[1]["items"] == []
    assert get(stranger, f"/statements/{timezone.now():%Y-%m}")[1]["rows"] == []
    assert group.parts.get().people == 2


@pytest.mark.usefixtures("one_minute")
def test_who_is_not_signed_in_or_is_somebody_else_gets_nothing(settings: Settings) -> None:
    settings.WRONG_SECRETS_PER_MINUTE = 2
    nobody = Client()
    staff = Client()
    staff.force_login(User.objects.create(username="manager", is_staff=True))
    wrong = Client(headers={"Authorization": "Bearer op_guess"})

    assert get(nobody, "")[0] == 401
    assert get(staff, "")[0] == 401
    assert [get(wrong, "")[0] for _ in range(3)] == [401, 401, 429]


def test_a_person_who_signed_in_calls_the_same_with_the_token_against_forgery() -> None:
    desk = make_desk()
    client = Client(enforce_csrf_checks=True)
    assert desk.user is not None
    client.force_login(desk.user)
    make_category()
    body = {"name": "Group", "people": {"adult": 1}}

    assert get(client, "/groups")[0] == 200
    assert post(client, "groups", body)[0] == 401
    client.cookies["csrftoken"] = "a" * 32
    answer = client.post(
        "/api/v1/operator/groups",
        body,
        content_type="application/json",
        headers={"X-CSRFToken": "a" * 32},
    )
    assert answer.status_code == 201


def test_an_ended_key_and_a_closed_operator_open_nothing() -> None:
    operator = make_operator()
    key = make_key(operator=operator, name="old", at=timezone.now())
    assert desk_with_key(key=key) is not None

    OperatorKey.objects.update(ended_at=timezone.now())
    assert desk_with_key(key=key) is None
    OperatorKey.objects.update(ended_at=None)
    Operator.objects.update(active=False)
    assert desk_with_key(key=key) is None


def test_the_statement_of_a_month_tells_paid_from_unpaid_and_reads_as_a_sheet() -> None:
    operator, client, product = coach()
    groups = [make_group(operator, name=name, adult=2) for name in ("A", "=HYPERLINK(1)", "C")]
    codes = [post(client, "orders", order_of(group.pk, product))[1]["code"] for group in groups]
    now = timezone.now()
    pay_order(order=Order.objects.get(code=codes[0]), at=now)
    Order.objects.filter(code=codes[2]).update(status="lapsed")
    month = f"{day_of(now):%Y-%m}"

    status, statement = get(client, f"/statements/{month}")
    sheet = client.get(f"/api/v1/operator/statements/{month}.csv")

    assert status == 200
    assert [row["code"] for row in statement["rows"]] == codes
    assert (statement["paid"]["amount"], statement["unpaid"]["amount"]) == (400_000, 400_000)
    assert statement["people"] == 4
    lines = sheet.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("Order,Group,Ordered on")
    assert "'=HYPERLINK(1)" in lines[2]
    assert get(client, "/statements/2026-13")[0] == 422
    before = day_of(now).replace(day=1) - timedelta(days=1)
    assert get(client, f"/statements/{before:%Y-%m}")[1]["rows"] == []


def test_lists_ask_the_same_number_of_questions_for_one_row_and_for_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    operator, client, product = coach()
    month = f"{day_of(timezone.now()):%Y-%m}"
    for _ in range(2):
        post(client, "orders", order_of(make_group(operator, adult=2).pk, product))
        with django_assert_num_queries(4):
            get(client, "/groups")
        with django_assert_num_queries(3):
            get(client, "/orders")
        with django_assert_num_queries(2):
            get(client, f"/statements/{month}")
        post(client, "orders", order_of(make_group(operator, adult=2).pk, product))


def test_orders_come_in_pages() -> None:
    operator, client, product = coach()
    group = make_group(operator, adult=1)
    placed = [post(client, "orders", order_of(group.pk, product))[1]["code"] for _ in range(3)]

    page = get(client, f"/orders?before={placed[2]}")[1]

    assert [item["code"] for item in page["items"]] == [placed[1], placed[0]]
    assert (page["count"], page["next"]) == (3, None)
