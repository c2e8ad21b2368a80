"""What buyers see of capacities over HTTP: how much is left, why not, and when else."""

import json
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.ticketing.capacity.rooms import (
    counters,
    line_for,
    make_capacity,
    make_counted_product,
    make_day,
    make_time,
    placed,
)
from ticketing.domain.issuing import pay_order
from ticketing.domain.visit_days import day_of
from ticketing.models import CalendarException, CalendarExceptionText, Capacity, Product, Slot

pytestmark = pytest.mark.django_db
API = "/api/v1"


def tomorrow() -> date:
    return day_of(timezone.now()) + timedelta(days=1)


def show(*people: int) -> tuple[Product, list[Slot]]:
    """Shows tomorrow, one an hour from 09:00, inside a day for 100."""
    site = make_capacity()
    stage = make_capacity(kind=Capacity.Kind.TIMED, parent=site)
    make_day(site, day=tomorrow(), people=100)
    slots = [
        make_time(stage, day=tomorrow(), starts=time(9 + number), people=count)
        for number, count in enumerate(people)
    ]
    return make_counted_product(stage), slots


def openings(product: Product, *, days: int = 1) -> list[dict[str, Any]]:
    query = {"from": str(tomorrow()), "to": str(tomorrow() + timedelta(days=days - 1))}
    response = Client().get(f"{API}/products/{product.pk}/availability?lang=en", query)
    assert response.status_code == 200, response.content
    items: list[dict[str, Any]] = json.loads(response.content)["items"]
    return items


def ask(product: Product, slot: Slot | None, people: int) -> tuple[int, dict[str, Any]]:
    line: dict[str, Any] = {"product_id": product.pk, "category": "adult", "quantity": people}
    line |= {"slot_id": slot.pk} if slot else {"visit_date": str(tomorrow())}
    response = Client().post(
        f"{API}/orders?lang=en",
        data=json.dumps({"lines": [line], "contact": {"email": "buyer@example.com"}}),
        content_type="application/json",
        headers={"Idempotency-Key": uuid4().hex},
    )
    answer: dict[str, Any] = json.loads(response.content)
    return response.status_code, answer


def test_slots_say_how_many_are_left_and_why_there_are_none() -> None:
    product, slots = show(10, 10, 2, 2, 5)
    now = timezone.now()
    placed(line_for(product, slot=slots[1], people=8), at=now)
    placed(line_for(product, slot=slots[2], people=2), at=now)
    sold = placed(line_for(product, slot=slots[3], people=2), at=now)
    pay_order(order=sold.order, at=now)
    closing = CalendarException.objects.create(
        capacity=slots[4].capacity, day=tomorrow(), starts=time(13), kind="closed"
    )
    CalendarExceptionText.objects.create(exception=closing, language="en", text="A rehearsal.")
    Slot.objects.filter(pk=slots[4].pk).update(status="closed", closed_by=closing)

    found = openings(product)

    assert [(one["slot_id"], one["status"], one["remaining"]) for one in found] == [
        (slots[0].pk, "available", 10),
        (slots[1].pk, "limited", 2),
        (slots[2].pk, "sold_out", 0),
        (slots[3].pk, "sold_out", 0),
        (slots[4].pk, "closed", 0),
    ]
    assert [one["reason"] and one["reason"]["code"] for one in found] == [
        None,
        None,
        "held_by_others",
        "sold_out",
        "closed",
    ]
    assert found[4]["reason"]["text"] == "A rehearsal."
    assert found[0]["starts_at"] == f"{tomorrow()}T09:00:00+07:00"


def test_a_counted_day_without_a_row_cannot_be_booked_yet() -> None:
    site = make_capacity()
    make_day(site, day=tomorrow(), people=3)

    first, second = openings(make_counted_product(site), days=2)

    assert (first["id"], first["slot_id"], first["remaining"]) == (str(tomorrow()), None, 3)
    assert (second["status"], second["reason"]["code"]) == ("closed", "not_planned")


def test_a_full_slot_is_refused_with_others_nearest_in_time() -> None:
    product, slots = show(5, 1, 2, 5)

    status, answer = ask(product, slots[2], 3)

    assert (status, answer["code"]) == (409, "sold_out")
    assert [one["slot_id"] for one in answer["alternatives"]] == [slots[3].pk, slots[0].pk]
    assert answer["errors"][0]["where"] == "body.lines.0"
    assert ask(product, None, 1)[1]["code"] == "slot_needed"


def test_a_buyer_lets_go_with_the_secret_alone() -> None:
    product, slots = show(2)
    status, bought = ask(product, slots[0], 2)
    assert (status, bought["lines"][0]["slot"]["id"]) == (201, slots[0].pk)
    address = f"{API}/orders/{bought['code']}/release"

    wrong = Client().post(address, headers={"Order-Secret": "wrong"})
    assert wrong.status_code == 404
    assert counters(slots[0]) == [(2, 0)]
    for _again in range(2):
        right = Client().post(address, headers={"Order-Secret": bought["secret"]})
        assert (right.status_code, json.loads(right.content)["status"]) == (200, "lapsed")
    assert counters(slots[0]) == [(0, 0)]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_slots_is_five_queries(
    django_assert_num_queries: DjangoAssertNumQueries, *, count: int
) -> None:
    product, _slots = show(*[5] * count)

    # The product; its places; uses, capacities and slots.
    with django_assert_num_queries(5):
        assert len(openings(product)) == count
