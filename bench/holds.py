"""Holds: each request orders two places, all in one slot, or each in one of many."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

import orjson
from django.db.models import F, Sum

from bench.figures import Figure, Target
from bench.load import Request
from bench.orders import EMAIL, PRODUCT, insert, tomorrow
from bench.run import USUAL, Run
from sites.models import HeritageSite
from ticketing.domain.capacity import CHANGE
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.visit_days import start_of
from ticketing.models import Capacity, CapacityUse, Product, Slot, SlotBooking

PEOPLE = 2
MANY = 200
# Room for every request of a run.
ROOM = 1_000_000_000
# Two thousand a minute on one slot.
TARGET = Target(rate=2000 / 60)


def hold_hot_slot(run: Run) -> Iterator[Figure]:
    """Measure orders for one slot inside a counted day, and PostgreSQL alone with the same rows."""
    yield from _figures(run, name="hold_hot_slot", slots=make_slots(count=1))


def hold_many_slots(run: Run) -> Iterator[Figure]:
    """The same over many slots that lie inside nothing, so that nobody waits for anybody."""
    yield from _figures(run, name="hold_many_slots", slots=make_slots(count=MANY))


def _figures(run: Run, *, name: str, slots: Sequence[Slot]) -> Iterator[Figure]:
    alone = run.database_alone(
        write_hold(slots),
        name=f"{name}_database",
        connections=USUAL,
        prepare=lambda _numbers: None,
        written=partial(held, slots),
    )
    yield Figure(name=f"{name}_database", connections=USUAL, measured=alone)
    measured = run.ask_once(
        wishes(slots, count=run.enough(connections=USUAL)),
        name=name,
        connections=USUAL,
        written=partial(held, slots),
    )
    yield Figure(
        name=name,
        connections=USUAL,
        measured=measured,
        limit=run.limit_with(alone, connections=USUAL),
        target=TARGET,
    )


def make_slots(*, count: int) -> list[Slot]:
    """Slots of a show made up for the measure; a single one lies inside a counted day."""
    model = Product.objects.get(slug=PRODUCT)
    site = HeritageSite.objects.filter(entitlements__product=model)[0]
    name = f"bench-{count}-{uuid.uuid4().hex[:8]}"
    day = tomorrow()
    around = None
    if count == 1:
        around = Capacity.objects.create(
            site=site, code=f"{name}-day", name=name, kind=Capacity.Kind.DAY
        )
        _slot(around, start_of(day), timedelta(days=1))
    show = Capacity.objects.create(
        site=site, code=name, name=name, kind=Capacity.Kind.TIMED, parent=around
    )
    # The product counts on this show alone while it is measured.
    CapacityUse.objects.filter(product=model).delete()
    CapacityUse.objects.create(product=model, capacity=show)
    first = start_of(day) + timedelta(hours=8)
    return [
        _slot(show, first + number * timedelta(minutes=1), timedelta(hours=1))
        for number in range(count)
    ]


def _slot(capacity: Capacity, starts_at: datetime, lasts: timedelta) -> Slot:
    return Slot.objects.create(
        capacity=capacity,
        day=tomorrow(),
        starts_at=starts_at,
        ends_at=starts_at + lasts,
        people=ROOM,
    )


def held(slots: Sequence[Slot]) -> int:
    """Orders that hold places in the slots."""
    found = Slot.objects.filter(pk__in=[slot.pk for slot in slots])
    return int(found.aggregate(orders=Sum(F("held")) / PEOPLE)["orders"])


def wishes(slots: Sequence[Slot], *, count: int) -> list[Request]:
    product_id = Product.objects.get(slug=PRODUCT).pk
    bodies = [
        orjson.dumps(
            {
                "lines": [
                    {
                        "product_id": product_id,
                        "category": "adult",
                        "quantity": PEOPLE,
                        "slot_id": slot.pk,
                    }
                ],
                "contact": {"email": EMAIL},
                "language": "vi",
            }
        )
        for slot in slots
    ]
    return [
        Request(
            "/api/v1/orders",
            method="POST",
            headers={"Idempotency-Key": str(uuid.uuid4())},
            body=bodies[number % len(bodies)],
        )
        for number in range(count)
    ]


def write_hold(slots: Sequence[Slot]) -> str:
    """What a hold writes, in its order: the order, its line, its bookings, then the counters."""
    line = LineWanted(
        product_id=Product.objects.get(slug=PRODUCT).pk,
        category="adult",
        quantity=PEOPLE,
        slot_id=slots[0].pk,
    )
    wish = Wish(lines=[line], language="vi", email=EMAIL)
    at = start_of(tomorrow()) - timedelta(hours=1)
    placed = place_order(idempotency_key=str(uuid.uuid4()), wish=wish, at=at)
    if not isinstance(placed, OrderPlaced):
        raise TypeError(placed)
    bookings = list(SlotBooking.objects.filter(line=placed.lines[0]).order_by("slot_id"))
    chosen = f"{slots[0].pk} + :number % {len(slots)}"
    order = insert(
        placed.order, code="lpad(:number::text, 8, '0')", idempotency_key="gen_random_uuid()"
    )
    its_line = insert(placed.lines[0], order_id=":order_id", slot_id="(:slot)")
    return "\n".join(
        [
            f"\\set slot {chosen}",
            "BEGIN;",
            f"{order} RETURNING id AS order_id \\gset",
            f"{its_line} RETURNING id AS line_id \\gset",
            *(
                insert(one, line_id=":line_id", chosen_id="(:slot)", slot_id=_counted(one, slots))
                + ";"
                for one in bookings
            ),
            *(_change(_counted(one, slots)) for one in bookings),
            "COMMIT;\n",
        ]
    )


def _counted(booking: SlotBooking, slots: Sequence[Slot]) -> str:
    return "(:slot)" if booking.slot_id == slots[0].pk else str(booking.slot_id)


def _change(slot: str) -> str:
    values = {"%(slot)s": slot, "%(held)s": str(PEOPLE), "%(sold)s": "0"}
    statement = CHANGE.strip()
    for name, value in values.items():
        statement = statement.replace(name, value)
    return f"{statement};"
