"""A buyer places an order: checked, priced and held in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta

import orjson
from django.db import IntegrityError, transaction

from ticketing.domain.availability import closings_of, day_of_product
from ticketing.domain.booking import Asked, Booked, Refusal, book, first_without_room
from ticketing.domain.capacity import Full, Taking, take_places
from ticketing.domain.capacity_uses import time_chosen
from ticketing.domain.group_rules import GroupRefused, group_refusal
from ticketing.domain.issuing import pay_order
from ticketing.domain.openings import Opening, alternatives
from ticketing.domain.order_secret import derive_secret, hash_secret, new_code
from ticketing.domain.shelf import Shelf, fresh_shelf, shelf
from ticketing.domain.visit_days import day_of
from ticketing.models import Order, OrderLine

# Sessions of payment providers live at least 30 minutes.
HOLD = timedelta(minutes=35)
FURTHEST_VISIT = timedelta(days=366)
# A code is one of a million million; twice the same in a row is not chance.
TRIES = 3
# What another time may answer.
ELSEWHEN = {Refusal.SOLD_OUT, Refusal.SLOT_CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWanted:
    product_id: int
    category: str
    quantity: int
    # Of a product with times the slot says the day; what begins with the purchase has none.
    visit_date: date | None = None
    slot_id: int | None = None
    one_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one buyer asks for; two equal wishes have the same hash."""

    lines: Sequence[LineWanted]
    language: str
    email: str = ""
    phone: str = ""
    name: str = ""

    @property
    def hash(self) -> bytes:
        return hashlib.sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).digest()


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """A new order, or the one that the same request made before."""

    order: Order
    lines: Sequence[OrderLine]
    secret: str


@dataclass(frozen=True, slots=True)
class OrderRefused:
    """`alternatives`: other times with room for the line, when its own has none."""

    reason: Refusal
    line: int
    alternatives: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key belongs to another order already."""


def place_order(
    *, idempotency_key: str, wish: Wish, at: datetime, hold_until: datetime | None = None
) -> OrderPlaced | OrderRefused | GroupRefused | KeyReused:
    """Hold what the buyer wants for a while; a repeat of the request changes nothing.

    `hold_until` is for operators, who pay by transfer and may bring guides by rule.
    """
    placed = _place(idempotency_key=idempotency_key, wish=wish, at=at, hold_until=hold_until)
    if isinstance(placed, OrderRefused) and placed.reason in ELSEWHEN:
        line = wish.lines[placed.line]
        others = alternatives(
            product_id=line.product_id,
            people=line.quantity,
            visit_date=line.visit_date,
            slot_id=line.slot_id,
            at=at,
        )
        return replace(placed, alternatives=tuple(others))
    return placed


def _place(
    *, idempotency_key: str, wish: Wish, at: datetime, hold_until: datetime | None
) -> OrderPlaced | OrderRefused | GroupRefused | KeyReused:
    for _ in range(TRIES):
        goods = _goods(shelf(at=at), hold_until)
        booked = _book(wish, goods, at)
        if not isinstance(booked, list):
            again = _look_again(
                booked, idempotency_key=idempotency_key, wish=wish, at=at, hold_until=hold_until
            )
            return again or booked
        try:
            return _write(
                idempotency_key=idempotency_key,
                wish=wish,
                goods=goods,
                booked=booked,
                at=at,
                hold_until=hold_until or at + HOLD,
            )
        except IntegrityError:
            # Another request had this key, or the code is taken.
            if earlier := _placed_before(idempotency_key=idempotency_key, wish=wish):
                return earlier
    message = "No free order code was found."
    raise RuntimeError(message)


def _goods(found: Shelf, hold_until: datetime | None) -> Shelf:
    return found if hold_until is None else found.for_operators()


def _look_again(
    refused: OrderRefused | GroupRefused,
    *,
    idempotency_key: str,
    wish: Wish,
    at: datetime,
    hold_until: datetime | None,
) -> OrderPlaced | OrderRefused | GroupRefused | KeyReused | None:
    """Before a refusal: was it placed while it could be, and is memory out of date?

    How much room there is was not remembered: on the busiest day, when everybody is refused for
    want of it, nothing is read again.
    """
    earlier = _placed_before(idempotency_key=idempotency_key, wish=wish)
    if earlier or (isinstance(refused, OrderRefused) and refused.reason == Refusal.SOLD_OUT):
        return earlier
    booked = _book(wish, _goods(fresh_shelf(at=at), hold_until), at)
    if not isinstance(booked, list):
        return booked
    return _place(idempotency_key=idempotency_key, wish=wish, at=at, hold_until=hold_until)


def _placed_before(*, idempotency_key: str, wish: Wish) -> OrderPlaced | KeyReused | None:
    order = Order.objects.filter(idempotency_key=idempotency_key).first()
    if order is None:
        return None
    if bytes(order.request_hash) != wish.hash:
        return KeyReused()
    lines = list(order.lines.select_related("category", "slot").order_by("pk"))
    secret = derive_secret(idempotency_key=idempotency_key, request_hash=wish.hash)
    return OrderPlaced(order, lines, secret)


def _book(wish: Wish, goods: Shelf, at: datetime) -> list[Booked] | OrderRefused | GroupRefused:
    """Find when each line comes and where it is counted, or the first reason why it cannot."""
    asked = [
        Asked(
            product_id=line.product_id,
            people=line.quantity,
            visit_date=_day(line, goods, at),
            slot_id=line.slot_id,
        )
        for line in wish.lines
    ]
    closings = closings_of(
        place for line in wish.lines for place in goods.places.get(line.product_id, ())
    )
    found = book(asked, uses=goods.uses, closings=closings, at=at)
    booked = []
    for number, (line, places) in enumerate(zip(wish.lines, found, strict=True)):
        if isinstance(places, Refusal):
            return OrderRefused(places, number)
        if reason := _why_not(line, places, goods, at):
            return OrderRefused(reason, number)
        booked.append(places)
    dated = [
        replace(line, visit_date=places.visit.visit_date)
        for line, places in zip(wish.lines, booked, strict=True)
    ]
    if refused := group_refusal(dated, goods.group_rules):
        return refused
    full = first_without_room(asked, booked)
    return booked if full is None else OrderRefused(Refusal.SOLD_OUT, full)


def _why_not(line: LineWanted, booked: Booked, goods: Shelf, at: datetime) -> Refusal | None:
    today, day = day_of(at), booked.visit.visit_date
    places = goods.places.get(line.product_id, [])
    if not today <= day <= today + FURTHEST_VISIT:
        return Refusal.VISIT_DATE_OUT_OF_RANGE
    # Without a number of its own a place cannot stand in a ticket's scope.
    if not places or any(place.ticket_bit is None for place in places):
        return Refusal.NOT_ON_SALE
    if goods.price_of(line.product_id, line.category, day=day) is None:
        free = goods.is_free_day_category(line.product_id, line.category)
        return Refusal.NOT_A_FREE_DAY if free else Refusal.NO_PRICE
    # A show has its own hours; whether its place is closed then was asked already.
    timed = time_chosen(goods.uses.get(line.product_id, ()))
    dated = timed is None and line.product_id not in goods.undated
    if dated and day_of_product(places, day=day, at=at).closed:
        return Refusal.SITE_CLOSED
    return None


def _day(line: LineWanted, goods: Shelf, at: datetime) -> date | None:
    """The day of the visit; today for what begins with the purchase, whatever was asked."""
    return day_of(at) if line.product_id in goods.undated else line.visit_date


@transaction.atomic
def _write(
    *,
    idempotency_key: str,
    wish: Wish,
    goods: Shelf,
    booked: Sequence[Booked],
    at: datetime,
    hold_until: datetime,
) -> OrderPlaced | OrderRefused:
    request_hash = wish.hash
    secret = derive_secret(idempotency_key=idempotency_key, request_hash=request_hash)
    order = Order(
        code=new_code(),
        secret_hash=hash_secret(secret),
        idempotency_key=idempotency_key,
        request_hash=request_hash,
        language=wish.language,
        email=wish.email,
        phone=wish.phone,
        name=wish.name,
        created_at=at,
        expires_at=hold_until,
    )
    lines = [
        _line(order, line, goods, places) for line, places in zip(wish.lines, booked, strict=True)
    ]
    order.total = sum(line.amount for line in lines)
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(lines)
    takings = [
        Taking(line, places.visit, places.slot_ids)
        for line, places in zip(lines, booked, strict=True)
    ]
    if full := take_places(takings):
        return OrderRefused(Refusal.SOLD_OUT, _number_of(full, booked))
    if order.total == 0:
        paid = pay_order(order=order, at=at)
        order = paid.order
    return OrderPlaced(order, lines, secret)


def _number_of(full: Full, booked: Sequence[Booked]) -> int:
    return next(number for number, one in enumerate(booked) if full.slot_id in one.slot_ids)


def _line(order: Order, wanted: LineWanted, goods: Shelf, booked: Booked) -> OrderLine:
    day = booked.visit.visit_date
    price = goods.price_of(wanted.product_id, wanted.category, day=day)
    if price is None:
        message = f"A refused line was written: {wanted}"
        raise RuntimeError(message)
    return OrderLine(
        order=order,
        product_id=wanted.product_id,
        category=price.category,
        quantity=wanted.quantity,
        one_code=wanted.one_code,
        visit_date=day,
        slot=booked.chosen,
        unit_amount=price.amount,
        amount=price.amount * wanted.quantity,
        rule=price.rule,
        legal_basis=price.legal_basis,
        revenue_kind=price.revenue_kind,
    )
