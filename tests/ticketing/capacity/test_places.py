"""Places are held, sold, let go of and moved: counters, bookings and orders always agree."""

from datetime import time, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.at_once import at_once
from tests.factories import OPENING, make_site
from tests.ticketing.capacity.rooms import (
    ONE_DAY,
    TODAY,
    TOMORROW,
    counters,
    line_for,
    make_capacity,
    make_counted_product,
    make_day,
    make_time,
    order,
    placed,
    refused,
)
from ticketing.domain import cancelling
from ticketing.domain.booking import Refusal
from ticketing.domain.capacity import Full, Leaving, Moving, move_people, release_people
from ticketing.domain.capacity_uses import Visit
from ticketing.domain.holds import LetGo, TooLate, release_expired_holds, release_hold
from ticketing.domain.issuing import NotPayable, NotPayableReason, OrderPaid, pay_order
from ticketing.domain.ordering import HOLD, OrderPlaced
from ticketing.domain.reissuing import Request
from ticketing.models import Cancellation, Capacity, OrderLine, OrderStatus, Product, Slot, Ticket

TIMED = Capacity.Kind.TIMED
AFTER = OPENING + HOLD + timedelta(minutes=1)


def show(people: int = 10, *, day_people: int = 100) -> tuple[Product, Slot, Slot]:
    """A show inside a site that is counted by day: the product, the show's slot, the day."""
    site = make_capacity(name="site")
    stage = make_capacity(kind=TIMED, parent=site, name="stage")
    return (
        make_counted_product(stage),
        make_time(stage, people=people),
        make_day(site, people=day_people),
    )


@pytest.mark.django_db
def test_an_order_holds_places_on_its_slot_and_on_everything_around_it() -> None:
    product, slot, day = show()

    order_ = placed(line_for(product, slot=slot, people=4)).order

    assert counters(slot, day) == [(4, 0), (4, 0)]
    line = order_.lines.get()
    assert (line.slot, line.visit_date) == (slot, TOMORROW)


@pytest.mark.django_db
@pytest.mark.parametrize(("people", "day_people"), [(3, 100), (100, 3)])
def test_the_smallest_capacity_wins(people: int, day_people: int) -> None:
    product, slot, day = show(people, day_people=day_people)
    placed(line_for(product, slot=slot, people=3))

    refusal = refused(line_for(product, slot=slot))

    assert (refusal.reason, refusal.line) == (Refusal.SOLD_OUT, 0)
    assert counters(slot, day) == [(3, 0), (3, 0)]


@pytest.mark.django_db
def test_the_lines_of_an_order_are_counted_together_or_not_at_all() -> None:
    product, slot, day = show(5)
    line = line_for(product, slot=slot, people=3)

    refusal = refused(line, line)

    assert (refusal.reason, refusal.line) == (Refusal.SOLD_OUT, 1)
    assert counters(slot, day) == [(0, 0), (0, 0)]


@pytest.mark.django_db
def test_what_is_paid_is_sold_and_its_tickets_know_their_entry() -> None:
    site = make_capacity()
    stage = make_capacity(kind=TIMED, parent=site, opens_before=30, enters_until=15)
    slot, day = make_time(stage, starts=time(20)), make_day(site)
    order_ = placed(line_for(make_counted_product(stage), slot=slot, people=2)).order

    paid = pay_order(order=order_, at=OPENING)

    assert isinstance(paid, OrderPaid)
    assert counters(slot, day) == [(0, 2), (0, 2)]
    ticket = Ticket.objects.filter(line__order=order_)[0]
    assert ticket.entry_from == slot.starts_at - timedelta(minutes=30)
    assert ticket.entry_until == slot.starts_at + timedelta(minutes=15)
    assert (ticket.slot, ticket.entry_site) == (slot, stage.site)


@pytest.mark.django_db
def test_a_hold_that_ends_or_is_let_go_of_frees_its_places() -> None:
    product, slot, day = show()
    first = placed(line_for(product, slot=slot, people=2)).order
    placed(line_for(product, slot=slot, people=3))

    assert release_hold(order=first) == LetGo(first)
    assert counters(slot, day) == [(3, 0), (3, 0)]
    assert release_hold(order=first) == LetGo(first)
    assert release_expired_holds(at=AFTER) == 1
    assert counters(slot, day) == [(0, 0), (0, 0)]


@pytest.mark.django_db
def test_a_paid_order_is_not_let_go_of() -> None:
    product, slot, day = show()
    order_ = placed(line_for(product, slot=slot)).order
    pay_order(order=order_, at=OPENING)

    assert release_hold(order=order_) == TooLate()
    assert counters(slot, day) == [(0, 1), (0, 1)]


@pytest.mark.django_db
def test_late_money_takes_the_places_again_while_there_are_any() -> None:
    product, slot, day = show(5)
    late = placed(line_for(product, slot=slot, people=3)).order
    release_expired_holds(at=AFTER)

    assert isinstance(pay_order(order=late, at=AFTER), OrderPaid)
    assert counters(slot, day) == [(0, 3), (0, 3)]


@pytest.mark.django_db
@pytest.mark.parametrize("status", [Slot.Status.OPEN, Slot.Status.CLOSED, Slot.Status.WITHDRAWN])
def test_late_money_is_refused_when_others_have_the_places(status: Slot.Status) -> None:
    product, slot, day = show(5)
    late = placed(line_for(product, slot=slot, people=3)).order
    release_expired_holds(at=AFTER)
    if status == Slot.Status.OPEN:
        placed(line_for(product, slot=slot, people=3), at=AFTER)
    before = counters(slot, day)
    Slot.objects.filter(pk=slot.pk).update(status=status)

    paid = pay_order(order=late, at=AFTER)

    assert isinstance(paid, NotPayable)
    assert paid.reason == NotPayableReason.SOLD_OUT
    late.refresh_from_db()
    assert late.status == OrderStatus.LAPSED
    assert counters(slot, day) == before
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_a_hold_that_nobody_released_yet_still_pays_in_a_slot_that_closed() -> None:
    product, slot, day = show()
    held = placed(line_for(product, slot=slot)).order
    Slot.objects.filter(pk=slot.pk).update(status=Slot.Status.CLOSED)

    assert isinstance(pay_order(order=held, at=AFTER), OrderPaid)
    assert counters(slot, day) == [(0, 1), (0, 1)]


@pytest.mark.django_db
def test_a_free_order_takes_its_places_as_sold() -> None:
    site = make_capacity()
    day = make_day(site)

    placed(line_for(make_counted_product(site, price=0), people=2))

    assert counters(day) == [(0, 2)]


@pytest.mark.django_db
@pytest.mark.parametrize(("every_day", "expected"), [(True, [2, 2, 0]), (False, [2, 0, 0])])
def test_a_ticket_of_two_days_counts_on_both_unless_its_product_says_the_first(
    expected: list[int], *, every_day: bool
) -> None:
    site = make_capacity()
    days = [make_day(site, day=TOMORROW + number * ONE_DAY) for number in range(3)]
    product = make_counted_product(site, validity_days=2, every_day=every_day)

    placed(line_for(product, people=2))

    assert [held for held, _sold in counters(*days)] == expected


@pytest.mark.django_db
def test_a_combo_counts_at_each_of_its_sites() -> None:
    palace, tomb = make_capacity(site=make_site()), make_capacity(site=make_site())
    rows = [make_day(palace, people=5), make_day(tomb, people=1)]
    combo = make_counted_product(palace, tomb)

    placed(line_for(combo))

    assert refused(line_for(combo)).reason == Refusal.SOLD_OUT
    assert counters(*rows) == [(1, 0), (1, 0)]


@pytest.mark.django_db
def test_a_product_with_times_wants_one_of_its_own_that_is_not_over() -> None:
    product, slot, _day = show()
    other = make_time(make_capacity(kind=TIMED))
    site = make_capacity()
    make_day(site)
    by_day = make_counted_product(site)
    after = slot.ends_at

    assert refused(line_for(product)).reason == Refusal.SLOT_NEEDED
    assert refused(line_for(product, slot=other)).reason == Refusal.SLOT_UNKNOWN
    assert refused(line_for(product, slot=slot, day=TODAY)).reason == Refusal.SLOT_UNKNOWN
    assert refused(line_for(by_day, slot=slot)).reason == Refusal.SLOT_UNKNOWN
    assert refused(line_for(product, slot=slot), at=after).reason == Refusal.SLOT_CLOSED


@pytest.mark.django_db
def test_without_a_row_of_the_calendar_nobody_is_sold_anything() -> None:
    site = make_capacity()
    stage = make_capacity(kind=TIMED, parent=site)
    slot = make_time(stage)

    assert refused(line_for(make_counted_product(stage), slot=slot)).reason == Refusal.SLOT_CLOSED
    assert refused(line_for(make_counted_product(site))).reason == Refusal.SLOT_CLOSED


def paid_line(product: Product, slot: Slot, people: int) -> OrderLine:
    order_ = placed(line_for(product, slot=slot, people=people), one_code=True).order
    pay_order(order=order_, at=OPENING)
    return order_.lines.get()


@pytest.mark.django_db
def test_some_people_of_a_line_let_go_of_their_places() -> None:
    product, slot, day = show()
    line = paid_line(product, slot, 5)
    visit = Visit(visit_date=TOMORROW, slot_id=slot.pk)

    release_people([Leaving(line=line, people=2, visit=visit)])
    assert counters(slot, day) == [(0, 3), (0, 3)]
    release_people([Leaving(line=line, people=3, visit=visit)])
    assert counters(slot, day) == [(0, 0), (0, 0)]
    release_people([Leaving(line=line, people=1, visit=visit)])
    assert counters(slot, day) == [(0, 0), (0, 0)]


@pytest.mark.django_db
def test_cancelled_people_leave_their_places_to_others() -> None:
    product, slot, day = show()
    order_ = placed(line_for(product, slot=slot, people=3)).order
    pay_order(order=order_, at=OPENING)
    ticket = Ticket.objects.filter(line__order=order_)[0]
    some = cancelling.Wish(parts=[cancelling.Part(ticket_id=ticket.pk, people=1)])
    ground = cancelling.Ground(reason=Cancellation.Reason.SITE_CLOSED, share_percent=100)

    for key, wish, left in [("one", some, 2), ("one", some, 2), ("all", cancelling.EVERYBODY, 0)]:
        request = Request(key=key, hash=key.encode())
        cancelling.cancel(order=order_, wish=wish, request=request, at=OPENING, ground=ground)
        assert counters(slot, day) == [(0, left), (0, left)]


@pytest.mark.django_db
def test_more_people_than_are_booked_is_a_bug() -> None:
    product, slot, day = show()
    line = paid_line(product, slot, 2)

    with pytest.raises(ValueError, match="Fewer than 3 people"):
        release_people(
            [Leaving(line=line, people=3, visit=Visit(visit_date=TOMORROW, slot_id=slot.pk))]
        )
    assert counters(slot, day) == [(0, 2), (0, 2)]


def moving(line: OrderLine, leaves: Slot, goes: Slot, people: int, *rows: Slot) -> Moving:
    return Moving(
        line=line,
        people=people,
        leaves=Visit(visit_date=leaves.day, slot_id=leaves.pk),
        goes=Visit(visit_date=goes.day, slot_id=goes.pk),
        slot_ids=[goes.pk, *(row.pk for row in rows)],
    )


@pytest.mark.django_db
def test_people_move_to_another_slot_of_a_day_that_is_full() -> None:
    product, early, day = show(5, day_people=5)
    late = make_time(early.capacity, starts=time(22), people=2)
    line = paid_line(product, early, 5)

    assert move_people([moving(line, early, late, 2, day)]) is None
    assert counters(early, late, day) == [(0, 3), (0, 2), (0, 5)]
    assert move_people([moving(line, early, late, 1, day)]) == Full(late.pk)
    assert counters(early, late, day) == [(0, 3), (0, 2), (0, 5)]
    assert move_people([moving(line, late, early, 2, day)]) is None
    assert counters(early, late, day) == [(0, 5), (0, 0), (0, 5)]


@pytest.mark.django_db
def test_of_several_moves_all_happen_or_none() -> None:
    product, early, day = show()
    late = make_time(early.capacity, starts=time(22), people=2)
    other = make_time(early.capacity, starts=time(18), people=2)
    line = paid_line(product, early, 5)

    outcome = move_people([moving(line, early, other, 2, day), moving(line, early, late, 3, day)])

    assert outcome == Full(late.pk)
    assert counters(early, late, other, day) == [(0, 5), (0, 0), (0, 0), (0, 5)]


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [1, 3])
def test_an_order_for_a_time_takes_the_same_reads_for_any_number_of_lines(
    django_assert_num_queries: DjangoAssertNumQueries, *, lines: int
) -> None:
    product, slot, _day = show()
    placed(line_for(product, slot=slot))

    # Slots, days; order, lines, bookings, and one statement for each of the two counters.
    with django_assert_num_queries(9):
        placed(*[line_for(product, slot=slot)] * lines)


@pytest.mark.django_db
@pytest.mark.parametrize("lines", [1, 3])
def test_a_refusal_for_want_of_room_reads_only_rows_about_room(
    django_assert_num_queries: DjangoAssertNumQueries, *, lines: int
) -> None:
    product, slot, _day = show(people=2)
    placed(line_for(product, people=2, slot=slot))

    # Slots, days; an order of this key; and for other times the slot, the place, what it counts
    # on, what contains that, and the slots around. What is on sale is not read again.
    with django_assert_num_queries(8):
        refused(*[line_for(product, slot=slot)] * lines)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_200_buyers_at_once_get_50_places() -> None:
    product, slot, day = show(50)

    outcomes = at_once(lambda _n: order(line_for(product, slot=slot)), range(200))

    assert sum(isinstance(one, OrderPlaced) for one in outcomes) == 50
    assert counters(slot, day) == [(50, 0), (50, 0)]


@pytest.mark.django_db(transaction=True)
def test_the_last_places_go_to_whoever_pays_or_comes_first_never_to_both() -> None:
    product, slot, day = show(4)
    late = [placed(line_for(product, slot=slot, people=2)).order for _ in range(2)]
    release_expired_holds(at=AFTER)

    def act(number: int) -> bool:
        if number < len(late):
            return isinstance(pay_order(order=late[number], at=AFTER), OrderPaid)
        return isinstance(order(line_for(product, slot=slot, people=2), at=AFTER), OrderPlaced)

    assert sum(at_once(act, range(8))) == 2
    ((held, sold), around) = counters(slot, day)
    assert held + sold == 4
    assert around == (held, sold)
