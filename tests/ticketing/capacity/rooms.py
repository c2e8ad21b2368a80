"""Rooms to fill in tests: capacities, slots, and products that count on them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import uuid4

from django.db.models import F

from sites.models import HeritageSite
from tests.factories import OPENING, make_product, make_site
from ticketing.domain.ordering import (
    KeyReused,
    LineWanted,
    OrderPlaced,
    OrderRefused,
    Wish,
    place_order,
)
from ticketing.domain.recounting import differences_now
from ticketing.domain.visit_days import VIETNAM, day_of, start_of
from ticketing.models import Capacity, CapacityUse, Product, Slot

TODAY = day_of(OPENING)
TOMORROW = TODAY + timedelta(days=1)
ONE_DAY = timedelta(days=1)
_numbers = count(1)


def make_capacity(
    *,
    site: HeritageSite | None = None,
    kind: Capacity.Kind = Capacity.Kind.DAY,
    parent: Capacity | None = None,
    name: str = "",
    opens_before: int = 0,
    enters_until: int | None = None,
) -> Capacity:
    code = name or f"capacity-{next(_numbers)}"
    return Capacity.objects.create(
        site=site or (parent.site if parent else make_site()),
        code=code,
        name=code,
        kind=kind,
        parent=parent,
        opens_before_minutes=opens_before,
        enters_until_minutes=enters_until,
    )


def make_day(capacity: Capacity, *, day: date = TOMORROW, people: int = 10) -> Slot:
    return Slot.objects.create(
        capacity=capacity,
        day=day,
        starts_at=start_of(day),
        ends_at=start_of(day + ONE_DAY),
        people=people,
    )


def make_time(
    capacity: Capacity,
    *,
    day: date = TOMORROW,
    starts: time = time(20),
    minutes: int = 60,
    people: int = 10,
) -> Slot:
    starts_at = datetime.combine(day, starts, tzinfo=VIETNAM)
    return Slot.objects.create(
        capacity=capacity,
        day=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        people=people,
    )


def make_counted_product(
    *capacities: Capacity,
    validity_days: int | None = None,
    every_day: bool = True,
    price: int = 200_000,
) -> Product:
    """A product of the capacities' sites that counts its people on all of them."""
    sites = list({capacity.site_id: capacity.site for capacity in capacities}.values())
    product = make_product(sites=sites, validity_days=validity_days, price=price)
    for capacity in capacities:
        CapacityUse.objects.create(product=product, capacity=capacity, every_day=every_day)
    return product


def line_for(
    product: Product, *, people: int = 1, day: date | None = None, slot: Slot | None = None
) -> LineWanted:
    return LineWanted(
        product_id=product.pk,
        category="adult",
        quantity=people,
        visit_date=day or (None if slot else TOMORROW),
        slot_id=slot.pk if slot else None,
    )


def order(
    *lines: LineWanted, at: datetime = OPENING, key: str = "", one_code: bool = False
) -> OrderPlaced | OrderRefused | KeyReused:
    wish = Wish(
        lines=[replace(line, one_code=one_code) for line in lines],
        language="en",
        email="buyer@example.com",
    )
    outcome = place_order(idempotency_key=key or uuid4().hex, wish=wish, at=at)
    assert isinstance(outcome, OrderPlaced | OrderRefused | KeyReused), outcome
    return outcome


def placed(*lines: LineWanted, at: datetime = OPENING, one_code: bool = False) -> OrderPlaced:
    outcome = order(*lines, at=at, one_code=one_code)
    assert isinstance(outcome, OrderPlaced), outcome
    return outcome


def refused(*lines: LineWanted, at: datetime = OPENING) -> OrderRefused:
    outcome = order(*lines, at=at)
    assert isinstance(outcome, OrderRefused), outcome
    return outcome


def counters(*slots: Slot) -> list[tuple[int, int]]:
    """Held and sold of each; and nothing is above its people or unexplained."""
    assert not Slot.objects.filter(people__lt=F("held") + F("sold")).exists()
    assert differences_now() == []
    rows = {slot.pk: (slot.held, slot.sold) for slot in Slot.objects.all()}
    return [rows[slot.pk] for slot in slots]


def taken(slots: Sequence[Slot]) -> list[int]:
    return [held + sold for held, sold in counters(*slots)]
