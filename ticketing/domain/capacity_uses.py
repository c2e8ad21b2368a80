"""Which capacities a product counts its people on: its own ones, and all that contain them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ticketing.domain.visit_days import start_of
from ticketing.models import Capacity, CapacityUse, Slot

ONE_DAY = timedelta(days=1)
# A slot by the capacity and the day that people are counted on.
DayKey = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Use:
    """A product counts its people here. `days`: on how many days from the visit date on."""

    capacity_id: int
    timed: bool
    days: int
    site_id: int
    opens_before: timedelta
    enters_until: timedelta | None
    above: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """When people come: a day, and for a product with times one of its slots."""

    visit_date: date
    slot_id: int | None = None


def uses_of(product_ids: Collection[int]) -> dict[int, list[Use]]:
    """What each product counts on, in two queries; in one when no product counts anywhere."""
    rows = list(
        CapacityUse.objects.filter(product_id__in=product_ids)
        .select_related("capacity", "product")
        .order_by("product_id", "capacity_id")
    )
    if not rows:
        return {}
    parents = dict(Capacity.objects.values_list("pk", "parent_id"))
    found: dict[int, list[Use]] = defaultdict(list)
    for row in rows:
        found[row.product_id].append(_use(row, above=tuple(_above(row.capacity_id, parents))))
    return dict(found)


def _use(row: CapacityUse, *, above: tuple[int, ...]) -> Use:
    capacity = row.capacity
    opens_before, enters_until = door_times(capacity)
    return Use(
        capacity_id=capacity.pk,
        timed=capacity.kind == Capacity.Kind.TIMED,
        days=(row.product.validity_days or 1) if row.every_day else 1,
        site_id=capacity.site_id,
        opens_before=opens_before,
        enters_until=enters_until,
        above=above,
    )


def door_times(capacity: Capacity) -> tuple[timedelta, timedelta | None]:
    minutes = capacity.enters_until_minutes
    return (
        timedelta(minutes=capacity.opens_before_minutes),
        timedelta(minutes=minutes) if minutes else None,
    )


def _above(capacity_id: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    above = parents.get(capacity_id)
    while above is not None:
        yield above
        above = parents.get(above)


def time_chosen(uses: Iterable[Use]) -> Use | None:
    """The capacity whose slots the buyer chooses from; a trigger promises at most one."""
    return next((use for use in uses if use.timed), None)


def entry_window(
    slot: Slot, *, opens_before: timedelta, enters_until: timedelta | None
) -> tuple[datetime, datetime]:
    """From when until when (exclusive) people of a slot enter: never beyond the slot's own day.

    The ticket's token is valid on that day alone.
    """
    closes = slot.ends_at if enters_until is None else slot.starts_at + enters_until
    return (
        max(slot.starts_at - opens_before, start_of(slot.day)),
        min(closes, start_of(slot.day + ONE_DAY)),
    )


def entry_of(slot: Slot) -> tuple[datetime, datetime]:
    """When people of a slot enter that comes with its capacity."""
    opens_before, enters_until = door_times(slot.capacity)
    return entry_window(slot, opens_before=opens_before, enters_until=enters_until)


def keys_of(uses: Sequence[Use], *, visit_date: date) -> set[DayKey]:
    """The day rows that a visit is counted on, besides the slot that was chosen."""
    keys: set[DayKey] = set()
    for use in uses:
        own = () if use.timed else (use.capacity_id,)
        # A show happens on its own day; a pass may come back on each of its days.
        days = 1 if use.timed else use.days
        keys |= {
            (capacity_id, visit_date + number * ONE_DAY)
            for capacity_id in (*own, *use.above)
            for number in range(days)
        }
    return keys


def day_slots(keys: Collection[DayKey]) -> list[Slot]:
    """Read the day rows, and maybe some more, in one query; without keys in none."""
    if not keys:
        return []
    capacities, days = {key[0] for key in keys}, {key[1] for key in keys}
    return list(Slot.objects.filter(capacity_id__in=capacities, day__in=days))


def slots_by_key(slots: Iterable[Slot], keys: Collection[DayKey]) -> dict[DayKey, Slot]:
    """Of each day row that is asked for, the slot; what the calendar withdrew is not there."""
    wanted = set(keys)
    return {
        (slot.capacity_id, slot.day): slot
        for slot in slots
        if (slot.capacity_id, slot.day) in wanted and slot.status != Slot.Status.WITHDRAWN
    }
