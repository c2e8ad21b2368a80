"""Where it is decided that nobody is sold a place that is not there.

Every slot has two counters, held and sold. They change by one conditional statement for each
slot, in the order of the slots' ids, together with the bookings that explain them. Because every
transaction goes through `_change` once, and last, two of them never wait for each other in a
circle; and because nothing else is locked after it, the hottest slot is locked for the shortest
time.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from ticketing.domain.capacity_uses import Visit
from ticketing.models import OrderLine, SlotBooking, Ticket

HELD, SOLD = SlotBooking.Status.HELD, SlotBooking.Status.SOLD

# The guard. Who lets go, or buys what was held, is never refused; who comes in must find room.
CHANGE = """
UPDATE ticketing_slot SET held = held + %(held)s::int, sold = sold + %(sold)s::int
WHERE id = %(slot)s::bigint
  AND (%(held)s::int + %(sold)s::int <= 0
       OR (status = 'open' AND held + sold + %(held)s::int + %(sold)s::int <= people))
"""
SELL = """
UPDATE ticketing_slotbooking SET status = 'sold'
WHERE line_id = ANY(%(lines)s::bigint[]) AND status = 'held'
RETURNING slot_id, people
"""
LET_GO = """
DELETE FROM ticketing_slotbooking
WHERE line_id IN (SELECT id FROM ticketing_orderline WHERE order_id = ANY(%(orders)s::bigint[]))
RETURNING slot_id, people, status
"""
FEWER = """
UPDATE ticketing_slotbooking SET people = people - %(people)s::int
WHERE id = ANY(%(bookings)s::bigint[])
"""
GONE = "DELETE FROM ticketing_slotbooking WHERE id = ANY(%(bookings)s::bigint[])"
MORE = """
INSERT INTO ticketing_slotbooking AS booked
    (line_id, slot_id, visit_date, chosen_id, people, status)
SELECT %(line)s::bigint, slot, %(visit_date)s::date, %(chosen)s::bigint, %(people)s::int,
       %(status)s
FROM unnest(%(slots)s::bigint[]) slot
ON CONFLICT ON CONSTRAINT slot_booked_once_for_a_visit
DO UPDATE SET people = booked.people + EXCLUDED.people
"""


@dataclass(frozen=True, slots=True)
class Full:
    """The slot has no room for so many people, or takes no more; nothing was changed."""

    slot_id: int


@dataclass(slots=True)
class Change:
    held: int = 0
    sold: int = 0

    def add(self, people: int, status: str) -> None:
        if status == HELD:
            self.held += people
        else:
            self.sold += people


Changes = dict[int, Change]


@dataclass(frozen=True, slots=True)
class Taking:
    """The people of a line come at a time, and are counted on these slots."""

    line: OrderLine
    visit: Visit
    slot_ids: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """So many people of a line do not come at this time after all."""

    line: OrderLine
    people: int
    visit: Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """So many people of a line come at another time, where they are counted on these slots."""

    line: OrderLine
    people: int
    leaves: Visit
    goes: Visit
    slot_ids: Sequence[int]


def visit_of(ticket: Ticket, *, day: date) -> Visit:
    """When the people of a ticket are counted; `day` is the one on which they are booked."""
    return Visit(visit_date=day, slot_id=ticket.slot_id)


def take_places(takings: Iterable[Taking], *, sold: bool = False) -> Full | None:
    """Hold places for all of the lines (or sell them at once), or for none.

    When a slot is full, the caller's own atomic block is undone with everything in it.
    """
    status = SOLD if sold else HELD
    bookings = [
        SlotBooking(
            line=taking.line,
            slot_id=slot_id,
            visit_date=taking.visit.visit_date,
            chosen_id=taking.visit.slot_id,
            people=taking.line.quantity,
            status=status,
        )
        for taking in takings
        for slot_id in taking.slot_ids
    ]
    if not bookings:
        return None
    SlotBooking.objects.bulk_create(bookings)
    changes = _changes()
    for booking in bookings:
        changes[booking.slot_id].add(booking.people, status)
    return _change(changes)


def sell_places(lines: Collection[OrderLine]) -> None:
    """Whoever holds places of these lines has paid; the caller holds the order's row."""
    changes = _changes()
    for slot_id, people in _run(SELL, lines=[line.pk for line in lines]):
        changes[slot_id].held -= people
        changes[slot_id].sold += people
    _change(changes)


def release_places(order_ids: Collection[int]) -> None:
    """Let go of every place of these orders; the caller holds their rows."""
    changes = _changes()
    for slot_id, people, status in _run(LET_GO, orders=list(order_ids)):
        changes[slot_id].add(-people, status)
    _change(changes)


@transaction.atomic
def release_people(leavings: Sequence[Leaving]) -> None:
    """Let go of the places of some people; the caller holds the order's row.

    One call for all that leaves in a transaction: slots are locked in one order. A line without
    bookings (its product counted nowhere when it was sold) has nothing to let go.
    """
    changes = _changes()
    # Tickets of one line that come at one time are booked together.
    together: Counter[tuple[OrderLine, Visit]] = Counter()
    for leaving in leavings:
        together[leaving.line, leaving.visit] += leaving.people
    for (line, visit), people in together.items():
        _leave(line, visit, people, changes)
    _change(changes)


@transaction.atomic
def move_people(movings: Sequence[Moving]) -> Full | None:
    """Move all of these people, or nobody; the caller holds the order's row.

    One call for all that moves in a transaction. What is left and taken in the same slot cancels
    out, so a move within one day takes nothing from the day.
    """
    changes = _changes()
    for moving in movings:
        status = _leave(moving.line, moving.leaves, moving.people, changes)
        _arrive(moving, status, changes)
    return _change(changes)


def _leave(line: OrderLine, visit: Visit, people: int, changes: Changes) -> str:
    """Take people off the bookings of a visit; how these were booked."""
    bookings = list(
        SlotBooking.objects.filter(
            line=line, visit_date=visit.visit_date, chosen_id=visit.slot_id
        ).order_by("pk")
    )
    if any(booking.people < people for booking in bookings):
        message = f"Fewer than {people} people of line {line.pk} are booked at this time."
        raise ValueError(message)
    for booking in bookings:
        changes[booking.slot_id].add(-people, booking.status)
    gone = [booking.pk for booking in bookings if booking.people == people]
    fewer = [booking.pk for booking in bookings if booking.people > people]
    if gone:
        _run(GONE, bookings=gone)
    if fewer:
        _run(FEWER, bookings=fewer, people=people)
    return bookings[0].status if bookings else SOLD


def _arrive(moving: Moving, status: str, changes: Changes) -> None:
    if not moving.slot_ids:
        return
    _run(
        MORE,
        line=moving.line.pk,
        slots=list(moving.slot_ids),
        visit_date=moving.goes.visit_date,
        chosen=moving.goes.slot_id,
        people=moving.people,
        status=status,
    )
    for slot_id in moving.slot_ids:
        changes[slot_id].add(moving.people, status)


def _changes() -> Changes:
    return defaultdict(Change)


def _change(changes: Mapping[int, Change]) -> Full | None:
    """Change the counters in the order of the ids; one slot that is full undoes all of it."""
    for slot_id in sorted(changes):
        change = changes[slot_id]
        if not change.held and not change.sold:
            continue
        with connection.cursor() as cursor:
            cursor.execute(CHANGE, {"slot": slot_id, "held": change.held, "sold": change.sold})
            if cursor.rowcount == 0:
                # What the innermost atomic block wrote so far goes with it.
                transaction.set_rollback(True)
                return Full(slot_id)
    return None


def _run(statement: str, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []
