"""Whom a closure hits: tickets that cannot be used because of it, and orders still unpaid."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, Subquery

from sites.domain.opening import Span, open_state
from sites.models import Closure
from ticketing.domain.visit_days import day_of, start_of, validity_of
from ticketing.models import (
    Admission,
    ClosureCaseOrder,
    Entitlement,
    Order,
    OrderLine,
    OrderStatus,
    Ticket,
    TicketStatus,
)


@dataclass(frozen=True, slots=True)
class Times:
    """When a ticket can be used: its days, and the entry window of one for a time."""

    valid_from: datetime
    valid_until: datetime
    entry_from: datetime | None = None
    entry_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket that a closure hits. `only_place`: its product opens no other place."""

    ticket_id: int
    order_id: int
    people: int
    amount: int
    only_place: bool


def is_hit(times: Times, *, closed: Span, hours: str) -> bool:
    """Whether the place is closed in the entry window, or on every day of the ticket.

    A ticket of several days is not hit while one of them is left.
    """
    if times.entry_from and times.entry_until:
        return _overlap(closed, times.entry_from, times.entry_until)
    if not _overlap(closed, times.valid_from, times.valid_until):
        return False
    first, last = day_of(times.valid_from), day_of(times.valid_until - timedelta(seconds=1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return all(_shut(hours, closed, start_of(day)) for day in days)


def _overlap(closed: Span, since: datetime, until: datetime) -> bool:
    return closed.start < until and (closed.end is None or closed.end > since)


def _shut(hours: str, closed: Span, since: datetime) -> bool:
    """Nobody can enter on the day; unknown hours count as open."""
    until = since + timedelta(days=1)
    if closed.start <= since and (closed.end is None or closed.end >= until):
        return True
    state = open_state(hours=hours, closures=[closed], at=since)
    if not hours or state.open_now is not False:
        return False
    return state.opens_at is None or state.opens_at >= until


def hits_of(closure: Closure, *, order_ids: Iterable[int] | None = None) -> Iterator[Hit]:
    """Valid tickets with people who have not come, in two queries and in the order of orders."""
    places = _places(closure)
    closed, hours = Span(closure.starts_at, closure.ends_at), closure.site.opening_hours
    known: dict[Times, bool] = {}
    for row in _tickets(closure, places, order_ids):
        pk, order_id, product_id, people, inside, unit = row[:6]
        when = Times(*row[6:])
        if when not in known:
            known[when] = is_hit(when, closed=closed, hours=hours)
        left = people - (inside or 0)
        if known[when] and left > 0:
            yield Hit(pk, order_id, left, left * unit, places[product_id] == 1)


def _places(closure: Closure) -> dict[int, int]:
    """Products that open the closed place, and how many places each opens."""
    own = Entitlement.objects.filter(site=closure.site_id).values("product")
    rows = Entitlement.objects.filter(product__in=own).values("product_id")
    return {row["product_id"]: row["count"] for row in rows.annotate(count=Count("pk"))}


def _tickets(
    closure: Closure, places: Iterable[int], order_ids: Iterable[int] | None
) -> Iterator[tuple[Any, ...]]:
    inside = Admission.objects.filter(ticket=OuterRef("pk")).order_by().values("ticket")
    rows = Ticket.objects.filter(
        _until(closure, "valid_from__lt"),
        product__in=list(places),
        status=TicketStatus.VALID,
        valid_until__gt=closure.starts_at,
        line__order__status=OrderStatus.PAID,
    )
    # A ticket for a time is for the place of that time.
    rows = rows.filter(Q(entry_site__isnull=True) | Q(entry_site=closure.site_id))
    if order_ids is not None:
        rows = rows.filter(line__order__in=list(order_ids))
    return (
        rows.annotate(
            inside=Subquery(inside.annotate(most=Max("people")).values("most")),
            coming=F("party_size") - F("cancelled_people"),
        )
        .order_by("line__order_id", "pk")
        .values_list(
            "pk",
            "line__order_id",
            "product_id",
            "coming",
            "inside",
            "line__unit_amount",
            "valid_from",
            "valid_until",
            "entry_from",
            "entry_until",
        )
        .iterator(chunk_size=2000)
    )


def _until(closure: Closure, field: str) -> Q:
    return Q() if closure.ends_at is None else Q(**{field: closure.ends_at})


def unpaid_orders(closure: Closure, *, at: datetime) -> Sequence[int]:
    """Orders that are held for a visit that the closure makes impossible."""
    closed, hours = Span(closure.starts_at, closure.ends_at), closure.site.opening_hours
    own = Entitlement.objects.filter(site=closure.site_id).values("product")
    lines = OrderLine.objects.filter(
        _until(closure, "visit_date__lte"),
        product__in=own,
        order__status=OrderStatus.HELD,
        order__expires_at__gt=at,
    ).select_related("product", "slot")
    found = {line.order_id for line in lines if is_hit(_times_of(line), closed=closed, hours=hours)}
    return sorted(found)


def _times_of(line: OrderLine) -> Times:
    days = validity_of(visit_date=line.visit_date, days=line.product.validity_days)
    if line.slot is None:
        return Times(*days)
    return Times(*days, line.slot.starts_at, line.slot.ends_at)


def hit_orders(closure: Closure, *, at: datetime) -> set[int]:
    return {hit.order_id for hit in hits_of(closure)} | {*unpaid_orders(closure, at=at)}


def freed_tickets(order: Order) -> set[int]:
    """Tickets of which a closed place left the choice to the buyer: the whole price comes back."""
    chosen = ClosureCaseOrder.objects.filter(
        order=order, outcome=ClosureCaseOrder.Outcome.FREE_TO_CHOOSE
    ).select_related("case__closure__site")
    return {
        hit.ticket_id for row in chosen for hit in hits_of(row.case.closure, order_ids=[order.pk])
    }
