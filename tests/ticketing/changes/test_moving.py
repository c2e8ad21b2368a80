"""Another day or another time: what keeps its code, what gets a new one, and what is refused."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from sites.models import Closure, User
from tests.at_once import at_once
from tests.factories import OPENING, days_from, make_change_rule, make_product, make_site
from tests.ticketing.capacity.rooms import (
    counters,
    line_for,
    make_capacity,
    make_counted_product,
    make_day,
    make_time,
    placed,
)
from tests.ticketing.changes.parties import ask, enter, make_group, some, ticket_of
from ticketing.domain.cancelling import Cancelled, KeyReused
from ticketing.domain.closure_cases import start, work_on_cases
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.moving import Goal, Moved, Stays, move_tickets, preview_move
from ticketing.domain.reissuing import Request
from ticketing.domain.visit_days import start_of
from ticketing.models import (
    Capacity,
    ChangeKind,
    ClosureCase,
    ClosureCaseOrder,
    Move,
    Order,
    Outcome,
    Product,
    Slot,
    Ticket,
    TicketStatus,
)

pytestmark = pytest.mark.django_db
TOMORROW, LATER = days_from(OPENING, 1), days_from(OPENING, 4)


def movable(product: Product, *, times: int | None = None) -> Product:
    make_change_rule(
        product=product, kind=ChangeKind.MOVE, code="move", minutes_before=-1440, times=times
    )
    make_change_rule(product=product, code="cancel", minutes_before=-1440)
    return product


def shift(
    order: Order, *, day: date | None = None, slot: Slot | None = None, key: str = ""
) -> Moved | Stays | KeyReused:
    tickets = Ticket.objects.filter(line__order=order, status=TicketStatus.VALID)
    return move_tickets(
        order=order,
        ticket_ids=[ticket.pk for ticket in tickets],
        goal=Goal(visit_date=day, slot_id=slot.pk if slot else None),
        request=Request(key=key or uuid4().hex, hash=repr((day, slot)).encode()[:32]),
        at=OPENING,
    )


def buy(slot: Slot, product: Product, *, people: int = 2) -> Order:
    order = placed(line_for(product, people=people, slot=slot), one_code=True).order
    assert isinstance(pay_order(order=order, at=OPENING), OrderPaid)
    return order


def test_for_another_day_the_code_is_new_and_the_old_one_ends() -> None:
    order = make_group(people=4, product=movable(make_product()), visit_date=TOMORROW)
    old = ticket_of(order)

    done = shift(order, day=LATER)

    assert isinstance(done, Moved)
    old.refresh_from_db()
    new = Ticket.objects.select_related("product").get(status=TicketStatus.VALID)
    assert (old.status, new.party_size, bytes(new.token) != bytes(old.token)) == (
        TicketStatus.REVOKED,
        4,
        True,
    )
    assert (new.valid_from, new.valid_until) == (
        start_of(LATER),
        start_of(LATER + timedelta(days=1)),
    )
    on_the_day = start_of(LATER) + timedelta(hours=8)
    assert enter(old, None, at=on_the_day).outcome != Outcome.ADMITTED
    assert enter(new, None, at=on_the_day).admitted_people == 4
    [line] = done.move.lines.all()
    assert (line.people, line.from_date, line.to_date, line.made) == (4, TOMORROW, LATER, new)


def test_another_time_of_the_day_keeps_the_code_and_moves_the_places() -> None:
    house = make_capacity()
    show = make_capacity(kind=Capacity.Kind.TIMED, parent=house)
    day = make_day(house, people=5)
    early, late = make_time(show, starts=time(9)), make_time(show, starts=time(20))
    order = buy(early, movable(make_counted_product(show)))
    before = ticket_of(order)

    assert isinstance(shift(order, slot=late), Moved)

    after = ticket_of(order)
    assert (after.pk, bytes(after.token)) == (before.pk, bytes(before.token))
    assert (after.slot, after.entry_from) == (late, late.starts_at)
    assert counters(early, late, day) == [(0, 0), (0, 2), (0, 2)]


def test_a_full_time_takes_nobody_and_nothing_has_changed() -> None:
    show = make_capacity(kind=Capacity.Kind.TIMED)
    early, late = make_time(show, starts=time(9)), make_time(show, starts=time(20), people=1)
    other = make_time(show, starts=time(10), day=LATER, people=1)
    order = buy(early, movable(make_counted_product(show)))

    for full in (late, other):
        assert shift(order, slot=full) == Stays("sold_out")

    assert ticket_of(order).slot == early
    assert not Move.objects.exists()
    assert counters(early, late, other) == [(0, 2), (0, 0), (0, 0)]


def test_a_preview_knows_the_room_and_writes_nothing() -> None:
    show = make_capacity(kind=Capacity.Kind.TIMED)
    early, late = make_time(show, starts=time(9)), make_time(show, starts=time(20), people=1)
    free = make_time(show, starts=time(21))
    order = buy(early, movable(make_counted_product(show)))
    ids = [ticket_of(order).pk]

    def look(slot: Slot) -> object:
        return preview_move(order=order, ticket_ids=ids, goal=Goal(slot_id=slot.pk), at=OPENING)

    assert look(late) == Stays("sold_out")
    assert not isinstance(look(free), Stays)
    assert counters(early, late, free) == [(0, 2), (0, 0), (0, 0)]


def test_of_a_group_that_came_in_part_the_others_move() -> None:
    order = make_group(people=25, product=movable(make_product()))
    enter(ticket_of(order), 18)

    assert isinstance(shift(order, day=TOMORROW), Moved)

    new = Ticket.objects.select_related("product").get(status=TicketStatus.VALID)
    assert new.party_size == 7
    assert enter(new, None, at=start_of(TOMORROW) + timedelta(hours=8)).admitted_people == 7


def test_who_moved_is_cancelled_by_the_rule_of_the_new_day_and_leaves_its_places() -> None:
    house = make_capacity()
    first, second = make_day(house, day=TOMORROW), make_day(house, day=LATER)
    product = make_counted_product(house)
    make_change_rule(product=movable(product), code="early", minutes_before=1440, share_percent=100)
    order = placed(line_for(product, people=3), one_code=True).order
    pay_order(order=order, at=OPENING)
    assert counters(first, second) == [(0, 3), (0, 0)]

    assert isinstance(shift(order, day=LATER), Moved)
    assert counters(first, second) == [(0, 0), (0, 3)]
    new = Ticket.objects.get(status=TicketStatus.VALID)
    assert isinstance(ask(order, some(2, ticket=new)), Cancelled)

    assert counters(first, second) == [(0, 0), (0, 1)]


def test_the_rule_says_how_often_and_nothing_without_a_rule() -> None:
    order = make_group(people=1, product=movable(make_product(), times=2), visit_date=TOMORROW)

    for day in (2, 3):
        assert isinstance(shift(order, day=days_from(OPENING, day)), Moved)

    often = shift(order, day=LATER)
    assert isinstance(often, Stays)
    assert often.reason == "moved_too_often"
    fixed = shift(make_group(people=1, product=make_product()), day=TOMORROW)
    assert isinstance(fixed, Stays)
    assert fixed.reason == "not_changeable"


def test_the_same_request_moves_once() -> None:
    order = make_group(people=1, product=movable(make_product()), visit_date=TOMORROW)

    first, again = shift(order, day=LATER, key="phone"), shift(order, day=LATER, key="phone")

    assert isinstance(first, Moved)
    assert first == again
    assert shift(order, day=TOMORROW, key="phone") == KeyReused()
    assert Move.objects.count() == 1


@pytest.mark.parametrize(
    ("days", "reason"),
    [(0, "nothing_to_change"), (-1, "visit_date_out_of_range"), (400, "visit_date_out_of_range")],
)
def test_where_nobody_can_go_is_refused(days: int, reason: str) -> None:
    order = make_group(people=1, product=movable(make_product()))

    stays = shift(order, day=days_from(OPENING, days))

    assert isinstance(stays, Stays)
    assert stays.reason == reason


def test_a_closed_day_is_refused() -> None:
    site = make_site()
    order = make_group(people=1, product=movable(make_product(sites=[site])))
    Closure.objects.create(
        site=site, starts_at=start_of(LATER), ends_at=start_of(LATER + timedelta(days=1))
    )

    assert shift(order, day=LATER) == Stays("site_closed")


def test_a_closed_place_moves_everybody_who_fits_and_the_others_choose() -> None:
    house = make_capacity()
    make_day(house, day=TOMORROW)
    target = make_day(house, day=LATER, people=3)
    product = make_counted_product(house)
    for people in (2, 2):
        order = placed(line_for(product, people=people), one_code=True).order
        pay_order(order=order, at=OPENING)
    closure = Closure.objects.create(
        site=house.site, starts_at=start_of(TOMORROW), ends_at=start_of(days_from(OPENING, 2))
    )
    from_desk = ClosureCase.objects.create(
        closure=closure,
        kind=ClosureCase.Kind.MOVE,
        move_to=LATER,
        planned_by=make_manager(),
        planned_at=OPENING,
    )
    start(case=from_desk, by=from_desk.planned_by, at=OPENING)

    work_on_cases(at=OPENING, limit=10)

    outcomes = ClosureCaseOrder.objects.order_by("pk").values_list("outcome", "people")
    assert list(outcomes) == [("moved", 2), ("free_to_choose", 2)]
    assert counters(target) == [(0, 2)]


def make_manager() -> User:
    return User.objects.create(username="manager", is_staff=True)


@pytest.mark.django_db(transaction=True)
def test_buyers_who_swap_times_do_not_wait_for_each_other_in_a_circle() -> None:
    show = make_capacity(kind=Capacity.Kind.TIMED)
    slots = [make_time(show, starts=time(9)), make_time(show, starts=time(20))]
    product = movable(make_counted_product(show))
    orders = [buy(slots[number % 2], product, people=2) for number in range(6)]

    done = at_once(
        lambda number: shift(orders[number], slot=slots[1 - number % 2]), range(len(orders))
    )

    assert all(isinstance(each, Moved | Stays) for each in done)
    assert sum(sold for _held, sold in counters(*slots)) == 12
