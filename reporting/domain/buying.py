"""A try to buy at a site as any visitor would, up to the door of the payment."""

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from reporting.gateways.public_door import Answer, PublicDoor, milliseconds_since

DAYS_AHEAD = 30
# Products of a site that are tried before it counts as closed for buyers.
PRODUCTS_TRIED = 3
# Nobody reads it, and no order of it is ever paid.
CONTACT = "probe@ngomon.invalid"


@dataclass(frozen=True, slots=True)
class OfferedProduct:
    pk: int
    slug: str
    amount: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to; without a failure something could be bought."""

    failure: str = ""
    products: tuple[OfferedProduct, ...] = ()
    methods: tuple[str, ...] = ()
    answer_hash: str = ""
    duration_ms: int = 0


@dataclass(slots=True)
class _Try:
    """One round at one site; every answer goes into the hash."""

    door: PublicDoor
    floor: int
    today: date
    digest: Any = field(default_factory=hashlib.sha256)

    def read(self, path: str, **headers: str) -> Answer:
        return self._noted(self.door.get(path, **headers))

    def send(self, path: str, question: object, **headers: str) -> Answer:
        return self._noted(self.door.post(path, question, **headers))

    def _noted(self, answer: Answer) -> Answer:
        self.digest.update(answer.content)
        return answer


def try_to_buy(*, door: PublicDoor, slug: str, floor: int, today: date) -> Tried:
    """Place an order for something with a price, read how it can be paid, and let it go."""
    started = time.monotonic()
    one = _Try(door, floor, today)
    tried = _try(one, slug)
    return Tried(
        failure=tried.failure,
        products=tried.products,
        methods=tried.methods,
        answer_hash=one.digest.hexdigest(),
        duration_ms=milliseconds_since(started),
    )


def _try(one: _Try, slug: str) -> Tried:
    listed = one.read(f"/api/v1/products?site={slug}")
    if not listed.ok:
        return Tried("unreachable")
    items = listed.json().get("items", [])
    priced = list(_priced(items, one.floor))
    if not priced:
        return Tried(_why_nothing(items))
    bought: list[OfferedProduct] = []
    methods: set[str] = set()
    failure = "no_room"
    for product, category in priced[:PRODUCTS_TRIED]:
        outcome, ways = _order(one, product, category)
        if ways:
            bought.append(product)
            methods.update(ways)
        else:
            failure = outcome
    if bought:
        return Tried(products=tuple(bought), methods=tuple(sorted(methods)))
    return Tried(failure)


def _priced(items: Sequence[Mapping[str, Any]], floor: int) -> Iterator[tuple[OfferedProduct, str]]:
    """The dearest category of each product: it is the one that everybody may buy."""
    for item in items:
        prices = [(price["amount"]["amount"], price["category"]) for price in item["prices"]]
        amount, category = max(prices, default=(0, ""))
        if amount >= max(1, floor):
            yield OfferedProduct(item["id"], item["slug"], amount), category


def _why_nothing(items: Sequence[Mapping[str, Any]]) -> str:
    amounts = [price["amount"]["amount"] for item in items for price in item["prices"]]
    if not amounts:
        return "no_product"
    return "free_only" if max(amounts) == 0 else "below_floor"


def _order(one: _Try, product: OfferedProduct, category: str) -> tuple[str, Sequence[str]]:
    """The ways to pay an order of one ticket, or why there are none."""
    line = _line(one, product, category)
    if line is None:
        return "no_room", ()
    question = {"lines": [line], "contact": {"email": CONTACT}, "language": "vi"}
    placed = one.send("/api/v1/orders", question, Idempotency_Key=f"probe-{uuid4().hex}")
    if not placed.ok:
        return ("no_room" if placed.status == 409 else "unreachable"), ()  # noqa: PLR2004 - a refusal
    order = placed.json()
    code, secret = str(order["code"]), str(order["secret"])
    try:
        ways = one.read(f"/api/v1/payments/providers?order={code}", Order_Secret=secret)
        usable = [way["provider"] for way in ways.json().get("items", []) if way["usable"]]
        return "no_method", usable
    finally:
        one.send(f"/api/v1/orders/{code}/release", {}, Order_Secret=secret)


def _line(one: _Try, product: OfferedProduct, category: str) -> Mapping[str, Any] | None:
    """The first day or slot of the coming month on which somebody can come.

    Today comes last: it may be over, or its last time gone, before the order arrives.
    """
    until = one.today + timedelta(days=DAYS_AHEAD)
    path = f"/api/v1/products/{product.pk}/availability?from={one.today}&to={until}"
    openings = [
        each
        for each in one.read(path).json().get("items", [])
        if each["status"] in {"available", "limited"}
    ]
    if not openings:
        return None
    chosen = min(openings, key=lambda each: each["visit_date"] == one.today.isoformat())
    line = {"product_id": product.pk, "category": category, "quantity": 1}
    slot = chosen["slot_id"]
    return {**line, **({"slot_id": slot} if slot else {"visit_date": chosen["visit_date"]})}
