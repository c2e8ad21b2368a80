"""25 bought, 18 enter, 4 more later, 3 cancelled: everything agrees, split in between or not."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.factories import OPENING, make_change_rule
from tests.ticketing.capacity.rooms import counters, line_for, make_capacity, make_day, placed
from tests.ticketing.capacity.rooms import make_counted_product as counted
from tests.ticketing.changes.parties import DAY, ask, enter, some
from ticketing.domain.cancelling import Cancelled, Part, Wish
from ticketing.domain.entries import entries_left
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import OrderPlaced
from ticketing.domain.regrouping import Into, Regrouped, split
from ticketing.domain.reissuing import people_of_line
from ticketing.domain.visit_days import day_of
from ticketing.models import (
    Admission,
    CancellationLine,
    Order,
    RevenueShare,
    Scan,
    Slot,
    Ticket,
    TicketStatus,
)

pytestmark = pytest.mark.django_db
NOON = OPENING + timedelta(hours=4)
PRICE = 200_000


@pytest.fixture
def day() -> Slot:
    return make_day(make_capacity(), day=day_of(OPENING), people=30)


@pytest.fixture
def bought(day: Slot) -> OrderPlaced:
    product = counted(day.capacity, price=PRICE)
    make_change_rule(product=product, code="visit-day", minutes_before=-DAY, share_percent=50)
    order = placed(line_for(product, people=25, day=day.day), one_code=True)
    assert isinstance(pay_order(order=order.order, at=OPENING), OrderPaid)
    return order


def tickets() -> list[Ticket]:
    return list(Ticket.objects.select_related("product").order_by("number"))


def everything_agrees(bought: OrderPlaced, day: Slot) -> dict[str, Any]:
    """22 inside, 3 gone and half of their money, wherever somebody looks."""
    order = Order.objects.get()
    assert (order.status, order.total) == ("paid", 25 * PRICE)
    inside = sum(Admission.objects.values_list("people", flat=True))
    assert inside == sum(Scan.objects.values_list("people", flat=True)) == 22
    gone = CancellationLine.objects.all()
    assert sum(line.people for line in gone) == 3
    assert sum(line.amount for line in gone) == 3 * PRICE // 2
    assert sum(ticket.cancelled_people for ticket in tickets()) == 3
    assert people_of_line(order.lines.get().pk) == 25
    kept = sum(RevenueShare.objects.values_list("amount", flat=True))
    assert kept == 25 * PRICE - 3 * PRICE // 2
    assert counters(day) == [(0, 22)]
    left = entries_left(tickets(), language="en", at=NOON)
    assert sum(place.left for places in left.values() for place in places) == 0
    answer = (
        Client().get(f"/api/v1/orders/{order.code}", headers={"Order-Secret": bought.secret}).json()
    )
    assert [one["amount_back"]["amount"] for one in answer["cancellations"]] == [300_000]
    assert sum(ticket["cancelled_people"] for ticket in answer["tickets"]) == 3
    shown: dict[str, Any] = answer
    return shown


def test_with_one_code(bought: OrderPlaced, day: Slot) -> None:
    [ticket] = tickets()
    assert enter(ticket, 18).admitted_people == 18
    assert enter(ticket, 4, at=NOON).admitted_people == 4

    done = ask(bought.order, some(3, ticket=ticket), at=NOON)

    assert isinstance(done, Cancelled)
    shown = everything_agrees(bought, day)
    assert [each["status"] for each in shown["tickets"]] == ["valid"]
    assert enter(ticket, 1, at=NOON).outcome == "party_exhausted"


def test_with_the_code_split_in_between(bought: OrderPlaced, day: Slot) -> None:
    [group] = tickets()
    assert enter(group, 18).admitted_people == 18

    parts = split(ticket=group, people=None, into=Into.SINGLES, key="the-guide", at=NOON)

    assert isinstance(parts, Regrouped)
    singles = [ticket for ticket in tickets() if ticket.status == TicketStatus.VALID]
    assert [ticket.party_size for ticket in singles] == [1] * 7
    for ticket in singles[:4]:
        assert enter(ticket, None, at=NOON).admitted_people == 1
    rest = Wish(parts=[Part(ticket_id=ticket.pk) for ticket in singles[4:]])
    done = ask(bought.order, rest, at=NOON)
    assert isinstance(done, Cancelled)
    shown = everything_agrees(bought, day)
    assert sorted(each["status"] for each in shown["tickets"]) == sorted(
        ["revoked"] + ["valid"] * 4 + ["cancelled"] * 3
    )


def test_split_after_some_were_cancelled(bought: OrderPlaced, day: Slot) -> None:
    [group] = tickets()
    enter(group, 18)
    ask(bought.order, some(3, ticket=group), at=NOON)
    group.refresh_from_db()

    parts = split(ticket=group, people=None, into=Into.SINGLES, key="the-guide", at=NOON)

    assert isinstance(parts, Regrouped)
    assert len(parts.made) == 4
    for ticket in Ticket.objects.filter(status="valid").select_related("product"):
        assert enter(ticket, None, at=NOON).admitted_people == 1
    everything_agrees(bought, day)
