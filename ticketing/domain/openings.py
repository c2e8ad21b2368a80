"""When somebody can come, how much room there is then, and why not: by slots, or by days."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sites.domain.opening import Span
from ticketing.domain.availability import (
    Day,
    Place,
    WhyClosed,
    closings_of,
    day_of_product,
    places_of,
)
from ticketing.domain.booking import is_over, is_shut
from ticketing.domain.capacity_uses import (
    ONE_DAY,
    DayKey,
    Use,
    keys_of,
    slots_by_key,
    time_chosen,
    uses_of,
)
from ticketing.domain.visit_days import day_of
from ticketing.domain.wording import by_language, tried
from ticketing.models import CalendarExceptionText, Slot

# "Limited" from a fifth on.
LIMITED_PART = 5
# Where another time is looked for when one is full, and how many are named.
DAYS_AROUND = 7
ALTERNATIVES = 6


class WhyFull(StrEnum):
    """Why there is no room. Outside programs rely on these names."""

    SOLD_OUT = "sold_out"
    # Some of it is held by buyers who have not paid yet, and may come back.
    HELD_BY_OTHERS = "held_by_others"
    # By the calendar, for a reason that it says.
    CLOSED = "closed"
    # The calendar has nothing for this day yet.
    NOT_PLANNED = "not_planned"


@dataclass(frozen=True, slots=True)
class Room:
    """How much room there is; `remaining` is None where nobody counts."""

    remaining: int | None = None
    limited: bool = False
    why: WhyFull | None = None
    # The exception of the calendar that says why it is closed.
    closed_by: int | None = None

    def fits(self, people: int) -> bool:
        return self.why is None and (self.remaining is None or self.remaining >= people)


@dataclass(frozen=True, slots=True)
class Opening:
    """A day on which somebody can come, or one slot of it; or why not."""

    day: Day
    room: Room
    slot: Slot | None = None

    def fits(self, people: int) -> bool:
        return self.day.closed is None and self.room.fits(people)


def judge_room(slots: Sequence[Slot | None]) -> Room:
    """Of all slots that a visit is counted on, the smallest remainder wins."""
    there = [slot for slot in slots if slot and slot.status != Slot.Status.WITHDRAWN]
    closed = [slot for slot in there if slot.status == Slot.Status.CLOSED]
    if closed:
        return Room(0, why=WhyFull.CLOSED, closed_by=closed[0].closed_by_id)
    if len(there) < len(slots):
        return Room(0, why=WhyFull.NOT_PLANNED)
    full = [slot for slot in there if slot.held + slot.sold >= slot.people]
    if full:
        freed = all(slot.sold < slot.people for slot in full)
        return Room(0, why=WhyFull.HELD_BY_OTHERS if freed else WhyFull.SOLD_OUT)
    remaining = min((slot.people - slot.held - slot.sold for slot in there), default=None)
    limited = any(
        (slot.people - slot.held - slot.sold) * LIMITED_PART <= slot.people for slot in there
    )
    return Room(remaining, limited=limited)


def openings_of_product(*, product_id: int, first: date, last: date, at: datetime) -> list[Opening]:
    """Each slot between two days, both included, or each day; four queries at most."""
    places = places_of([product_id], since=at).get(product_id, [])
    uses = uses_of([product_id]).get(product_id, [])
    days = [first + number * ONE_DAY for number in range((last - first).days + 1)]
    timed = time_chosen(uses)
    slots = _slots(uses, first=first, last=last)
    if timed is None:
        return [
            Opening(day_of_product(places, day=day, at=at), _room(uses, None, day, slots))
            for day in days
        ]
    spans = closings_of(places).get(timed.site_id, ())
    chosen = (slot for slot in slots if slot.capacity_id == timed.capacity_id)
    return [
        Opening(
            _day_of_slot(slot, timed, places=places, spans=spans, at=at),
            _room(uses, slot, slot.day, slots),
            slot,
        )
        for slot in sorted(chosen, key=lambda slot: slot.starts_at)
        if first <= slot.day <= last and slot.status != Slot.Status.WITHDRAWN
    ]


def _slots(uses: Sequence[Use], *, first: date, last: date) -> list[Slot]:
    """Everything that visits between two days can be counted on, in one query."""
    if not uses:
        return []
    capacities = {use.capacity_id for use in uses} | {one for use in uses for one in use.above}
    longest = max(use.days for use in uses)
    until = last + (longest - 1) * ONE_DAY
    return list(Slot.objects.filter(capacity_id__in=capacities, day__range=(first, until)))


def _room(uses: Sequence[Use], chosen: Slot | None, day: date, slots: Sequence[Slot]) -> Room:
    keys: Collection[DayKey] = keys_of(uses, visit_date=day)
    rows: Mapping[DayKey, Slot] = slots_by_key(slots, keys)
    own = [chosen] if chosen else []
    return judge_room([*own, *(rows.get(key) for key in sorted(keys))])


def _day_of_slot(
    slot: Slot, timed: Use, *, places: Sequence[Place], spans: Sequence[Span], at: datetime
) -> Day:
    """A show has its own hours; only a closure of its place, or its end, shuts it."""
    if is_over(slot, timed, at=at):
        return Day(slot.day, WhyClosed.PAST)
    if not is_shut(slot, spans):
        return Day(slot.day, None)
    by = tuple(
        closing.closure_id
        for place in places
        if place.site_id == timed.site_id
        for closing in place.closings
        if is_shut(slot, [closing.span])
    )
    return Day(slot.day, WhyClosed.CLOSURE, by)


def alternatives(
    *, product_id: int, people: int, visit_date: date | None, slot_id: int | None, at: datetime
) -> list[Opening]:
    """Other times with room for so many, the nearest in time first; the earlier one at a tie."""
    wanted = Slot.objects.filter(pk=slot_id).first() if slot_id else None
    day = wanted.day if wanted else visit_date or day_of(at)
    around = DAYS_AROUND * ONE_DAY
    found = openings_of_product(
        product_id=product_id, first=max(day - around, day_of(at)), last=day + around, at=at
    )

    def distance(opening: Opening) -> timedelta:
        if opening.slot is None or wanted is None:
            return abs(opening.day.day - day)
        return abs(opening.slot.starts_at - wanted.starts_at)

    return sorted((one for one in found if one.fits(people)), key=distance)[:ALTERNATIVES]


def exception_texts(exception_ids: Collection[int], language: str) -> dict[int, str]:
    """Why the calendar closed something, in one query; without exceptions in none."""
    if not exception_ids:
        return {}
    texts = CalendarExceptionText.objects.filter(
        exception_id__in=exception_ids, language__in=tried(language)
    )
    return by_language(texts.values_list("exception_id", "language", "text"), language)
