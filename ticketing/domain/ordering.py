"""A buyer places an order: checked, priced and held in one transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import orjson
from django.db import IntegrityError, transaction

from ticketing.domain.availability import day_of_product
from ticketing.domain.group_rules import GroupRefused, group_refusal
from ticketing.domain.issuing import pay_order
from ticketing.domain.order_secret import derive_secret, hash_secret, new_code
from ticketing.domain.shelf import Shelf, fresh_shelf, shelf
from ticketing.domain.tariff_book import Price
from ticketing.domain.visit_days import day_of
from ticketing.models import Order, OrderLine

# Sessions of payment providers live at least 30 minutes.
HOLD = timedelta(minutes=35)
FURTHEST_VISIT = timedelta(days=366)
# A code is one of a million million; twice the same in a row is not chance.
TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWanted:
    product_id: int
    category: str
    quantity: int
    visit_date: date
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


class Refusal(StrEnum):
    """Why a line cannot be ordered. Outside programs rely on these names."""

    NOT_ON_SALE = "not_on_sale"
    NO_PRICE = "no_price"
    SITE_CLOSED = "site_closed"
    VISIT_DATE_OUT_OF_RANGE = "visit_date_out_of_range"


@dataclass(frozen=True, slots=True)
class OrderPlaced:
    """A new order, or the one that the same request made before."""

    order: Order
    lines: Sequence[OrderLine]
    secret: str


@dataclass(frozen=True, slots=True)
class OrderRefused:
    reason: Refusal
    line: int


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The idempotency key belongs to another order already."""


def place_order(
    *, idempotency_key: str, wish: Wish, at: datetime, hold_until: datetime | None = None
) -> OrderPlaced | OrderRefused | GroupRefused | KeyReused:
    """Hold what the buyer wants for a while; a repeat of the request changes nothing.

    `hold_until` is for operators, who pay by transfer and may bring guides by rule.
    """
    for _ in range(TRIES):
        goods = _goods(shelf(at=at), hold_until)
        if refused := _refusal(wish, goods, at):
            again = _look_again(
                idempotency_key=idempotency_key, wish=wish, at=at, hold_until=hold_until
            )
            return again or refused
        try:
            return _write(
                idempotency_key=idempotency_key,
                wish=wish,
                goods=goods,
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
    *, idempotency_key: str, wish: Wish, at: datetime, hold_until: datetime | None
) -> OrderPlaced | OrderRefused | GroupRefused | KeyReused | None:
    """Before a refusal: was it placed while it could be, and is memory out of date?"""
    earlier = _placed_before(idempotency_key=idempotency_key, wish=wish)
    if earlier:
        return earlier
    if refused := _refusal(wish, _goods(fresh_shelf(at=at), hold_until), at):
        return refused
    return place_order(idempotency_key=idempotency_key, wish=wish, at=at, hold_until=hold_until)


def _placed_before(*, idempotency_key: str, wish: Wish) -> OrderPlaced | KeyReused | None:
    order = Order.objects.filter(idempotency_key=idempotency_key).first()
    if order is None:
        return None
    if bytes(order.request_hash) != wish.hash:
        return KeyReused()
    lines = list(order.lines.select_related("category").order_by("pk"))
    secret = derive_secret(idempotency_key=idempotency_key, request_hash=wish.hash)
    return OrderPlaced(order, lines, secret)


def _refusal(wish: Wish, goods: Shelf, at: datetime) -> OrderRefused | GroupRefused | None:
    for number, line in enumerate(wish.lines):
        if reason := _why_not(line, goods, at):
            return OrderRefused(reason, number)
    return group_refusal(wish.lines, goods.group_rules)


def _why_not(line: LineWanted, goods: Shelf, at: datetime) -> Refusal | None:
    today = day_of(at)
    places = goods.places.get(line.product_id, [])
    if not today <= line.visit_date <= today + FURTHEST_VISIT:
        return Refusal.VISIT_DATE_OUT_OF_RANGE
    # Without a number of its own a place cannot stand in a ticket's scope.
    if not places or any(place.ticket_bit is None for place in places):
        return Refusal.NOT_ON_SALE
    if (line.product_id, line.category) not in goods.prices:
        return Refusal.NO_PRICE
    if day_of_product(places, day=line.visit_date, at=at).closed:
        return Refusal.SITE_CLOSED
    return None


@transaction.atomic
def _write(
    *,
    idempotency_key: str,
    wish: Wish,
    goods: Shelf,
    at: datetime,
    hold_until: datetime,
) -> OrderPlaced:
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
        _line(order, line, goods.prices[line.product_id, line.category]) for line in wish.lines
    ]
    order.total = sum(line.amount for line in lines)
    order.save(force_insert=True)
    OrderLine.objects.bulk_create(lines)
    if order.total == 0:
        paid = pay_order(order=order, at=at)
        order = paid.order
    return OrderPlaced(order, lines, secret)


def _line(order: Order, wanted: LineWanted, price: Price) -> OrderLine:
    return OrderLine(
        order=order,
        product_id=wanted.product_id,
        category=price.category,
        quantity=wanted.quantity,
        one_code=wanted.one_code,
        visit_date=wanted.visit_date,
        unit_amount=price.amount,
        amount=price.amount * wanted.quantity,
        rule=price.rule,
        legal_basis=price.legal_basis,
        revenue_kind=price.revenue_kind,
    )
