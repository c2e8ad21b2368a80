"""Groups with rules, and what is asked of them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import uuid4

from sites.models import HeritageSite
from tests.factories import OPENING, make_change_rule, make_paid_order, make_product
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.cancelling import (
    BY_RULE,
    EVERYBODY,
    Cancelled,
    Ground,
    Kept,
    KeyReused,
    Part,
    Wish,
    cancel,
)
from ticketing.domain.presentation import ScanResult
from ticketing.domain.redemption import redeem
from ticketing.domain.reissuing import Request
from ticketing.models import Order, Product, Ticket

DAY = 24 * 60


def changeable_product(*, price: int = 200_000, sites: Sequence[HeritageSite] = ()) -> Product:
    """All comes back until a day before the visit, half until the visit day ends."""
    product = make_product(price=price, sites=sites)
    make_change_rule(product=product, code="day-before", minutes_before=DAY)
    make_change_rule(product=product, code="late", minutes_before=-DAY, share_percent=50)
    return product


def make_group(
    *,
    people: int = 25,
    product: Product | None = None,
    one_code: bool = True,
    visit_date: date | None = None,
    at: datetime = OPENING,
) -> Order:
    return make_paid_order(
        product=product or changeable_product(),
        quantity=people,
        one_code=one_code,
        visit_date=visit_date,
        at=at,
    )


def ticket_of(order: Order) -> Ticket:
    return Ticket.objects.select_related("product", "category").get(line__order=order)


def enter(ticket: Ticket, people: int | None, *, at: datetime = OPENING) -> ScanResult:
    return redeem(presentation=present(ticket, people=people), seat=make_seat(ticket), at=at)


def some(people: int, *, ticket: Ticket | None = None, line_id: int | None = None) -> Wish:
    ticket_id = ticket.pk if ticket else None
    return Wish(parts=[Part(ticket_id=ticket_id, line_id=line_id, people=people)])


def ask(
    order: Order,
    wish: Wish = EVERYBODY,
    *,
    key: str = "",
    ground: Ground = BY_RULE,
    at: datetime = OPENING,
) -> Cancelled | Kept | KeyReused:
    request = Request(key=key or uuid4().hex, hash=repr(wish).encode()[:32])
    return cancel(order=order, wish=wish, request=request, ground=ground, at=at)
