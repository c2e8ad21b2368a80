"""Which slots the lines of an order are counted on, and whether there is room for them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sites.domain.opening import Span
from ticketing.domain.capacity import Taking
from ticketing.domain.capacity_uses import (
    DayKey,
    Use,
    Visit,
    day_slots,
    entry_window,
    keys_of,
    slots_by_key,
    time_chosen,
    uses_of,
)
from ticketing.models import OrderLine, Slot


class Refusal(StrEnum):
    """Why a line cannot be ordered. Outside programs rely on these names."""

    NOT_ON_SALE = "not_on_sale"
    NO_PRICE = "no_price"
    NOT_A_FREE_DAY = "not_a_free_day"
    SITE_CLOSED = "site_closed"
    VISIT_DATE_OUT_OF_RANGE = "visit_date_out_of_range"
    VISIT_DATE_NEEDED = "visit_date_needed"
    # A product with times needs one; a product without times has none.
    SLOT_NEEDED = "slot_needed"
    SLOT_UNKNOWN = "slot_unknown"
    SLOT_CLOSED = "slot_closed"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for, as far as places depend on it."""

    product_id: int
    people: int
    visit_date: date | None
    slot_id: int | None


@dataclass(frozen=True, slots=True)
class Booked:
    """When the people of a line come, and the slots that they are counted on."""

    visit: Visit
    chosen: Slot | None = None
    slots: tuple[Slot, ...] = ()

    @property
    def slot_ids(self) -> list[int]:
        return [slot.pk for slot in self.slots]


Uses = Mapping[int, Sequence[Use]]
Closings = Mapping[int, Sequence[Span]]


def book(
    asked: Sequence[Asked], *, uses: Uses, closings: Closings, at: datetime
) -> list[Booked | Refusal]:
    """Find the slots of each line, in two queries; in none where nothing is counted.

    `closings` are the times in which each site is closed.
    """
    slots = _slots(asked, uses)
    return [
        _book(one, uses.get(one.product_id, ()), slots=slots, closings=closings, at=at)
        for one in asked
    ]


def _slots(asked: Iterable[Asked], uses: Uses) -> dict[int, Slot]:
    counted = [one for one in asked if uses.get(one.product_id)]
    chosen = {one.slot_id for one in counted if one.slot_id is not None}
    slots = {slot.pk: slot for slot in Slot.objects.filter(pk__in=chosen)} if chosen else {}
    keys: set[DayKey] = set()
    for one in counted:
        slot = slots.get(one.slot_id or 0)
        day = slot.day if slot else one.visit_date
        if day is not None:
            keys |= keys_of(uses[one.product_id], visit_date=day)
    return slots | {slot.pk: slot for slot in day_slots(keys)}


def _book(
    asked: Asked,
    uses: Sequence[Use],
    *,
    slots: Mapping[int, Slot],
    closings: Closings,
    at: datetime,
) -> Booked | Refusal:
    timed = time_chosen(uses)
    if timed is None:
        return _whole_day(asked, uses, slots)
    if asked.slot_id is None:
        return Refusal.SLOT_NEEDED
    chosen = slots.get(asked.slot_id)
    if chosen is None or chosen.capacity_id != timed.capacity_id:
        return Refusal.SLOT_UNKNOWN
    # A day beside it may be named, but not another one.
    if asked.visit_date not in {None, chosen.day}:
        return Refusal.SLOT_UNKNOWN
    if is_over(chosen, timed, at=at) or is_shut(chosen, closings.get(timed.site_id, ())):
        return Refusal.SLOT_CLOSED
    return _counted(Visit(visit_date=chosen.day, slot_id=chosen.pk), chosen, uses, slots)


def _whole_day(asked: Asked, uses: Sequence[Use], slots: Mapping[int, Slot]) -> Booked | Refusal:
    if asked.slot_id is not None:
        return Refusal.SLOT_UNKNOWN
    if asked.visit_date is None:
        return Refusal.VISIT_DATE_NEEDED
    return _counted(Visit(visit_date=asked.visit_date), None, uses, slots)


def _counted(
    visit: Visit, chosen: Slot | None, uses: Sequence[Use], slots: Mapping[int, Slot]
) -> Booked | Refusal:
    keys = keys_of(uses, visit_date=visit.visit_date)
    rows = slots_by_key(slots.values(), keys)
    if len(rows) < len(keys):
        return Refusal.SLOT_CLOSED
    counted = (*((chosen,) if chosen else ()), *rows.values())
    if any(slot.status != Slot.Status.OPEN for slot in counted):
        return Refusal.SLOT_CLOSED
    return Booked(visit, chosen, tuple(sorted(counted, key=lambda slot: slot.pk)))


def is_over(slot: Slot, use: Use, *, at: datetime) -> bool:
    """Nobody enters any more."""
    window = entry_window(slot, opens_before=use.opens_before, enters_until=use.enters_until)
    return window[1] <= at


def is_shut(slot: Slot, spans: Iterable[Span]) -> bool:
    """The place is closed during a part of the slot, or all of it."""
    return any(
        span.start < slot.ends_at and (span.end is None or span.end > slot.starts_at)
        for span in spans
    )


def book_again(lines: Sequence[OrderLine], *, at: datetime) -> list[Taking] | None:
    """Where an order is counted that let go of its places; None when one is there no more.

    By what its products count on now; a place that closed in between takes nobody.
    """
    uses = uses_of({line.product_id for line in lines})
    asked = [
        Asked(
            product_id=line.product_id,
            people=line.quantity,
            visit_date=line.visit_date,
            slot_id=line.slot_id,
        )
        for line in lines
    ]
    takings = []
    for line, booked in zip(lines, book(asked, uses=uses, closings={}, at=at), strict=True):
        if isinstance(booked, Refusal):
            return None
        takings.append(Taking(line, booked.visit, booked.slot_ids))
    return takings


def first_without_room(asked: Sequence[Asked], booked: Sequence[Booked]) -> int | None:
    """The number of the first line that does not fit, as far as these rows know."""
    wanted: Counter[int] = Counter()
    for number, (one, places) in enumerate(zip(asked, booked, strict=True)):
        for slot in places.slots:
            wanted[slot.pk] += one.people
            if slot.held + slot.sold + wanted[slot.pk] > slot.people:
                return number
    return None
