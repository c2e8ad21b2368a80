"""The calendar of a capacity becomes slots: rules that come back, and exceptions by date."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from ticketing.domain.capacity_uses import ONE_DAY
from ticketing.domain.visit_days import VIETNAM, day_of, start_of
from ticketing.models import CalendarException, CalendarRule, Capacity, Slot

OPEN, CLOSED, WITHDRAWN = Slot.Status.OPEN, Slot.Status.CLOSED, Slot.Status.WITHDRAWN
Kind = CalendarException.Kind


@dataclass(frozen=True, slots=True)
class Planned:
    """A slot as the calendar wants it; `closed_by` names the exception that closes it."""

    day: date
    starts_at: datetime
    ends_at: datetime
    people: int
    closed_by: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """How many slots were made, changed and withdrawn."""

    made: int = 0
    changed: int = 0
    withdrawn: int = 0


def plan_day(
    *,
    kind: str,
    day: date,
    rules: Sequence[CalendarRule],
    exceptions: Sequence[CalendarException],
) -> list[Planned]:
    """What the calendar wants on one day, in the order of time.

    Later rules overrule earlier ones; an exception for one start overrules that for the day.
    """
    timed = kind == Capacity.Kind.TIMED
    slots: dict[time, tuple[int, int]] = {}
    for rule in rules:
        if _holds_on(rule, day):
            starts = rule.times if timed else [time.min]
            slots |= dict.fromkeys(starts, (rule.minutes or 0, rule.people))
    today = sorted(
        (exception for exception in exceptions if exception.day == day),
        key=lambda exception: exception.starts is not None,
    )
    closed: dict[time, int | None] = {}
    for exception in today:
        _except(exception, slots, closed, timed=timed)
    return [
        _planned(day, starts, minutes, people, closed.get(starts), timed=timed)
        for starts, (minutes, people) in sorted(slots.items())
    ]


def _holds_on(rule: CalendarRule, day: date) -> bool:
    ended = rule.last_day is not None and day > rule.last_day
    return rule.first_day <= day and not ended and day.isoweekday() in rule.weekdays


def _except(
    exception: CalendarException,
    slots: dict[time, tuple[int, int]],
    closed: dict[time, int | None],
    *,
    timed: bool,
) -> None:
    starts = exception.starts if timed else None
    meant = [one for one in slots if starts in {None, one}]
    if exception.kind == Kind.CLOSED:
        closed.update(dict.fromkeys(meant, exception.pk))
    elif exception.kind == Kind.PEOPLE:
        for one in meant:
            slots[one] = (slots[one][0], exception.people or 0)
            closed[one] = None
    else:
        extra = starts or time.min
        usual = max((minutes for minutes, _people in slots.values()), default=60)
        slots[extra] = (exception.minutes or usual, exception.people or 0)
        closed[extra] = None


def _planned(
    day: date, starts: time, minutes: int, people: int, closed_by: int | None, *, timed: bool
) -> Planned:
    starts_at = datetime.combine(day, starts, tzinfo=VIETNAM)
    ends_at = starts_at + timedelta(minutes=minutes) if timed else start_of(day + ONE_DAY)
    return Planned(day, starts_at, ends_at, people, closed_by)


def write_calendars(*, at: datetime) -> Written:
    """Write the slots of every capacity from today on, as far ahead as each wants."""
    done = [write_calendar(capacity_id=pk, at=at) for pk in _in_order()]
    return Written(
        made=sum(one.made for one in done),
        changed=sum(one.changed for one in done),
        withdrawn=sum(one.withdrawn for one in done),
    )


def _in_order() -> list[int]:
    return list(Capacity.objects.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def write_calendar(*, capacity_id: int, at: datetime) -> Written:
    """Bring the slots of a capacity to what its calendar says; what was sold stays sold.

    Nothing goes below what is taken: such a slot stays as large as its bookings, and shrinks at
    a later run when people cancel. What is not planned any more is withdrawn, never deleted.
    Slots that began are history and stay as they were.
    """
    # The lock makes two runs take turns; buyers do not need it.
    capacity = Capacity.objects.select_for_update(no_key=True).get(pk=capacity_id)
    wanted = {planned.starts_at: planned for planned in _plan(capacity, at)}
    # In the order in which buyers lock them too.
    slots = list(
        Slot.objects.select_for_update(no_key=True)
        .filter(capacity=capacity, starts_at__gte=_since(capacity, at))
        .order_by("pk")
    )
    changed = [slot for slot in slots if _adapt(slot, wanted.get(slot.starts_at))]
    Slot.objects.bulk_update(changed, ["ends_at", "people", "status", "closed_by"])
    known = {slot.starts_at for slot in slots}
    made = Slot.objects.bulk_create(
        _new(capacity, planned) for planned in wanted.values() if planned.starts_at not in known
    )
    withdrawn = sum(slot.status == WITHDRAWN for slot in changed)
    return Written(made=len(made), changed=len(changed) - withdrawn, withdrawn=withdrawn)


@transaction.atomic
def remove_exceptions(*, exception_ids: Sequence[int], at: datetime) -> None:
    """Take exceptions out of their calendars, and write these again.

    Whatever the calendars share with buyers is locked here, once and in the buyers' order: slots
    of several capacities lie among each other, and nobody may wait for both ends of a row.
    """
    exceptions = CalendarException.objects.filter(pk__in=exception_ids)
    capacities = sorted(set(exceptions.values_list("capacity_id", flat=True)))
    touched = Q(closed_by__in=exception_ids) | Q(
        capacity__in=capacities, starts_at__gte=start_of(day_of(at))
    )
    for rows in (Capacity.objects.filter(pk__in=capacities), Slot.objects.filter(touched)):
        list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    exceptions.delete()
    for capacity_id in capacities:
        write_calendar(capacity_id=capacity_id, at=at)


def _since(capacity: Capacity, at: datetime) -> datetime:
    """A day can still change while it lasts; a time that began cannot."""
    return at if capacity.kind == Capacity.Kind.TIMED else start_of(day_of(at))


def _plan(capacity: Capacity, at: datetime) -> Iterable[Planned]:
    today = day_of(at)
    last = today + capacity.days_ahead * ONE_DAY
    rules = list(capacity.rules.order_by("pk"))
    exceptions: Mapping[date, list[CalendarException]] = _by_day(
        capacity.exceptions.filter(day__range=(today, last)).order_by("pk")
    )
    since = _since(capacity, at)
    for number in range(capacity.days_ahead + 1):
        day = today + number * ONE_DAY
        planned = plan_day(
            kind=capacity.kind, day=day, rules=rules, exceptions=exceptions.get(day, [])
        )
        yield from (one for one in planned if one.starts_at >= since)


def _by_day(exceptions: Iterable[CalendarException]) -> dict[date, list[CalendarException]]:
    found: dict[date, list[CalendarException]] = {}
    for exception in exceptions:
        found.setdefault(exception.day, []).append(exception)
    return found


def _adapt(slot: Slot, planned: Planned | None) -> bool:
    """Change the slot to the plan; whether anything changed."""
    before = (slot.ends_at, slot.people, slot.status, slot.closed_by_id)
    if planned is None:
        slot.status, slot.closed_by_id = WITHDRAWN, None
    else:
        slot.ends_at = planned.ends_at
        slot.people = max(planned.people, slot.held + slot.sold)
        slot.status = CLOSED if planned.closed_by else OPEN
        slot.closed_by_id = planned.closed_by
    return before != (slot.ends_at, slot.people, slot.status, slot.closed_by_id)


def _new(capacity: Capacity, planned: Planned) -> Slot:
    return Slot(
        capacity=capacity,
        day=planned.day,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        people=planned.people,
        status=CLOSED if planned.closed_by else OPEN,
        closed_by_id=planned.closed_by,
    )
