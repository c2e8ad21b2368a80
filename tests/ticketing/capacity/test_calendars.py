"""A calendar becomes slots, again and again, and never takes a place from anybody."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.at_once import at_once
from tests.factories import OPENING
from tests.ticketing.capacity.rooms import (
    TODAY,
    TOMORROW,
    counters,
    line_for,
    make_capacity,
    make_counted_product,
    order,
    placed,
)
from ticketing.domain.calendars import Written, remove_exceptions, write_calendar, write_calendars
from ticketing.domain.ordering import OrderPlaced
from ticketing.domain.visit_days import VIETNAM, start_of
from ticketing.models import CalendarException, CalendarRule, Capacity, Slot

pytestmark = pytest.mark.django_db
Kind = CalendarException.Kind
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


def make_stage(*, days_ahead: int = 2) -> Capacity:
    """A stage with shows at 19:00 and 21:00 for 50 people, every day."""
    stage = make_capacity(kind=Capacity.Kind.TIMED)
    stage.days_ahead = days_ahead
    stage.save()
    CalendarRule.objects.create(
        capacity=stage,
        first_day=date(2026, 1, 1),
        weekdays=EVERY_DAY,
        times=[time(19), time(21)],
        minutes=60,
        people=50,
    )
    return stage


def make_exception(
    capacity: Capacity,
    kind: Kind,
    *,
    starts: time | None = None,
    people: int | None = None,
    minutes: int | None = None,
) -> CalendarException:
    return CalendarException.objects.create(
        capacity=capacity, day=TOMORROW, starts=starts, kind=kind, people=people, minutes=minutes
    )


def write(capacity: Capacity, *, at: datetime = OPENING) -> Written:
    return write_calendar(capacity_id=capacity.pk, at=at)


def shown(day: date = TOMORROW) -> list[tuple[int, int, str]]:
    """Hour, people and status of each slot of a day."""
    return [
        (slot.starts_at.astimezone(VIETNAM).hour, slot.people, slot.status)
        for slot in Slot.objects.filter(day=day).order_by("starts_at")
    ]


def test_a_rule_makes_slots_as_far_ahead_as_the_capacity_wants() -> None:
    stage = make_stage(days_ahead=2)

    assert write(stage) == Written(made=6)
    assert write(stage) == Written()
    assert shown() == [(19, 50, "open"), (21, 50, "open")]
    first = Slot.objects.order_by("starts_at")[0]
    assert (first.day, first.ends_at - first.starts_at) == (TODAY, timedelta(hours=1))


def test_a_day_capacity_has_a_row_for_each_weekday_of_its_rule() -> None:
    site = make_capacity()
    site.days_ahead = 7
    site.save()
    # Today is a Sunday.
    CalendarRule.objects.create(capacity=site, first_day=TODAY, weekdays=[1, 3], people=9)

    write_calendars(at=OPENING)

    assert list(Slot.objects.order_by("day").values_list("day", "people")) == [
        (TODAY + timedelta(days=1), 9),
        (TODAY + timedelta(days=3), 9),
    ]
    slot = Slot.objects.order_by("day")[0]
    assert (slot.starts_at, slot.ends_at) == (
        start_of(TOMORROW),
        start_of(TOMORROW + timedelta(days=1)),
    )


def test_the_later_rule_says_how_many_fit_and_rules_end() -> None:
    stage = make_stage()
    CalendarRule.objects.create(
        capacity=stage,
        first_day=TOMORROW,
        last_day=TOMORROW,
        weekdays=EVERY_DAY,
        times=[time(21), time(23)],
        minutes=30,
        people=20,
    )

    write(stage)

    assert shown(TODAY) == [(19, 50, "open"), (21, 50, "open")]
    assert shown() == [(19, 50, "open"), (21, 20, "open"), (23, 20, "open")]
    assert shown(TOMORROW + timedelta(days=1)) == [(19, 50, "open"), (21, 50, "open")]


def test_exceptions_close_resize_and_add_and_the_one_for_a_slot_overrules_the_day() -> None:
    stage = make_stage()
    make_exception(stage, Kind.CLOSED)
    make_exception(stage, Kind.PEOPLE, starts=time(21), people=30)
    make_exception(stage, Kind.EXTRA, starts=time(17), people=5, minutes=45)

    write(stage)

    assert shown() == [(17, 5, "open"), (19, 50, "closed"), (21, 30, "open")]
    closed = Slot.objects.get(day=TOMORROW, status="closed")
    assert closed.closed_by is not None
    assert shown(TODAY) == [(19, 50, "open"), (21, 50, "open")]


def test_a_slot_that_closes_keeps_its_bookings_and_opens_again() -> None:
    stage = make_stage()
    write(stage)
    slot = Slot.objects.get(day=TOMORROW, starts_at__hour=19)
    product = make_counted_product(stage)
    placed(line_for(product, slot=slot, people=3))
    closing = make_exception(stage, Kind.CLOSED, starts=time(19))

    assert write(stage) == Written(changed=1)
    assert counters(slot) == [(3, 0)]
    assert not isinstance(order(line_for(product, slot=slot)), OrderPlaced)
    closing.delete()
    assert write(stage) == Written(changed=1)
    assert isinstance(order(line_for(product, slot=slot)), OrderPlaced)


def test_a_slot_never_goes_below_what_is_taken_and_shrinks_when_it_can() -> None:
    stage = make_stage()
    write(stage)
    slot = Slot.objects.get(day=TOMORROW, starts_at__hour=19)
    placed(line_for(make_counted_product(stage), slot=slot, people=7))
    CalendarRule.objects.update(people=5)

    write(stage)
    assert shown()[0] == (19, 7, "open")
    CalendarRule.objects.update(people=8)
    write(stage)
    assert shown()[0] == (19, 8, "open")


def test_what_is_not_planned_any_more_is_withdrawn_and_comes_back() -> None:
    stage = make_stage()
    write(stage)
    CalendarRule.objects.update(times=[time(19)])

    assert write(stage) == Written(withdrawn=3)
    assert shown() == [(19, 50, "open"), (21, 50, "withdrawn")]
    CalendarRule.objects.update(times=[time(19), time(21)])
    assert write(stage) == Written(changed=3)
    assert shown() == [(19, 50, "open"), (21, 50, "open")]


def test_slots_that_began_are_history() -> None:
    stage = make_stage()
    write(stage)
    evening = datetime.combine(TODAY, time(20), tzinfo=VIETNAM)
    CalendarRule.objects.update(people=1)

    write(stage, at=evening)

    assert shown(TODAY) == [(19, 50, "open"), (21, 1, "open")]


def test_exceptions_of_two_capacities_go_and_their_slots_are_locked_in_one_row() -> None:
    hall, stage = make_stage(days_ahead=1), make_stage(days_ahead=1)
    write_calendars(at=OPENING)
    # A time more: slots of the two lie among each other.
    CalendarRule.objects.update(times=[time(17), time(19), time(21)])
    closings = [make_exception(each, Kind.CLOSED, starts=time(19)) for each in (hall, stage)]
    write_calendars(at=OPENING)
    assert shown().count((19, 50, "closed")) == 2

    with CaptureQueriesContext(connection) as captured:
        remove_exceptions(exception_ids=[closing.pk for closing in closings], at=OPENING)

    assert {status for _hour, _people, status in shown()} == {"open"}
    locks = [query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"]]
    assert "ticketing_capacity" in locks[0]
    with connection.cursor() as cursor:
        cursor.execute(locks[1])
        locked = [pk for (pk,) in cursor.fetchall()]
    assert locked == list(Slot.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_beside_buyers_write_each_slot_once() -> None:
    stage = make_stage(days_ahead=20)
    write(stage)
    slot = Slot.objects.get(day=TOMORROW, starts_at__hour=19)
    product = make_counted_product(stage)
    CalendarRule.objects.update(people=3, times=[time(19), time(20)])

    def act(number: int) -> bool:
        if number % 2:
            return isinstance(order(line_for(product, slot=slot)), OrderPlaced)
        write(stage)
        return False

    bought = sum(at_once(act, range(16)))

    assert counters(slot) == [(bought, 0)]
    assert Slot.objects.filter(status="open").count() == 42
