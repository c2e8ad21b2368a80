"""The list of published places: filters, order and pages, each page in one statement.

Rows are read as tuples and nothing is joined that a list does not show: with a whole country
in the table a page costs about as much as the request around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from sites.domain import nearby, search
from sites.domain.cursors import Cursor, Order
from sites.domain.nearby import Box, Point
from sites.domain.opening import end_of_day, open_hours_at, open_hours_between
from sites.domain.remembered import Remembered

# How old the number of all matching places, and the list of hours in use, may be.
KEPT_SECONDS = 5
counts: Remembered[int] = Remembered(seconds=KEPT_SECONDS)
hours_in_use: Remembered[list[str]] = Remembered(seconds=KEPT_SECONDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which places. Hashable, so that their number can be remembered."""

    q: str = ""
    near: Point | None = None
    radius_m: float | None = None
    box: Box | None = None
    category: str = ""
    open_at: datetime | None = None
    language: str = ""
    located: bool = False
    free: bool = False
    step_free: bool = False
    # A published guide that can be heard in it; any language: "".
    guide_language: str = ""
    has_tour: bool = False
    # Sold here, and open at some time between this instant and the end of its day.
    tickets_from: datetime | None = None

    @property
    def order(self) -> Order:
        return self.order_of(near=bool(self.near), q=self.q)

    @staticmethod
    def order_of(*, near: bool, q: str) -> Order:
        """Return the order of a list: by distance, by likeness or as in the catalogue."""
        if near:
            return Order.NEAR
        return Order.RANK if q else Order.CATALOGUE


class Card(NamedTuple):
    """One place as a list shows it, in the order of the columns of the statement."""

    id: int
    tier: int
    # JSON members that every language shares; names by language; both as text.
    card: str
    names: str
    opening_hours: str
    distance_m: float | None
    away: float | None
    score: int | None
    number: int | None

    def cursor(self, order: Order, count: int) -> Cursor:
        """Return the mark after which the next page starts."""
        if order is Order.NEAR:
            return Cursor(order, count, (self.away or 0.0, self.id))
        if order is Order.RANK:
            return Cursor(order, count, (-(self.score or 0), self.tier, self.id))
        return Cursor(order, count, (self.tier, self.id))


@dataclass(frozen=True, slots=True)
class Page:
    cards: list[Card]
    count: int
    next: Cursor | None


CARD = "SELECT s.id, s.tier, s.card, s.names, s.opening_hours, "
PLACES = "FROM heritage_sites_heritagesite s"
CHOSEN_PLACES = "FROM chosen JOIN heritage_sites_heritagesite s ON s.id = chosen.id"
NOT_CLOSED = """NOT EXISTS (SELECT 1 FROM heritage_sites_closure c
WHERE c.site_id = s.id AND c.whole_site AND c.starts_at <= %(open_at)s
AND (c.ends_at IS NULL OR c.ends_at > %(open_at)s))"""
NOT_CLOSED_ALL_DAY = """NOT EXISTS (SELECT 1 FROM heritage_sites_closure c
WHERE c.site_id = s.id AND c.whole_site AND c.starts_at <= %(day_from)s
AND (c.ends_at IS NULL OR c.ends_at >= %(day_until)s))"""
ORDERS = {
    # The index walks by distance alone. Ties of the last row come along and are sorted here,
    # so that no place of two at one spot is left out between pages.
    Order.NEAR: (nearby.AWAY, f"({nearby.AWAY}, s.id) > (%(after0)s, %(after1)s)"),
    Order.RANK: (
        "-chosen.score, s.tier, s.id",
        "(-chosen.score, s.tier, s.id) > (%(after0)s, %(after1)s, %(after2)s)",
    ),
    Order.CATALOGUE: ("s.tier, s.id", "(s.tier, s.id) > (%(after0)s, %(after1)s)"),
}


def list_places(
    *, filters: Filters, speaking: str, limit: int, after: Cursor | None, at: datetime
) -> Page:
    """Return one page, the number of all places that match, and where the next page starts."""
    known = after.count if after else counts.recall(_counted(filters), at=at)
    statement = _statement(filters, limit=limit + 1, after=after, counting=known is None)
    with connection.cursor() as cursor:
        cursor.execute(statement, _parameters(filters, speaking, after, at))
        rows = cursor.fetchall()
    count = known
    if count is None:
        count = (rows[0][-1] or 0) if rows else 0
        counts.keep(_counted(filters), count, at=at)
    cards = [Card._make(row) for row in rows]
    if filters.near:
        cards.sort(key=_away)
    more = len(cards) > limit
    del cards[limit:]
    last = cards[-1].cursor(filters.order, count) if more else None
    if filters.near:
        cards.sort(key=_shown)
    return Page(cards, count if more or after else len(cards), last)


def _away(card: Card) -> tuple[float, int]:
    return card.away or 0.0, card.id


def _shown(card: Card) -> tuple[float, int]:
    # A page is cut by the sphere and shown by the ellipsoid, which differ by 0.6 % at most.
    return card.distance_m or 0.0, card.id


def _counted(filters: Filters) -> Filters:
    """Leave out what does not change the number: the point, when there is no radius."""
    if filters.near and not filters.radius_m:
        return replace(filters, near=Point(0, 0))
    return filters


def _statement(filters: Filters, *, limit: int, after: Cursor | None, counting: bool) -> str:
    order = filters.order
    by, beyond = ORDERS[order]
    where = _where(filters)
    number = f"(SELECT count(*) {PLACES} WHERE {where})" if counting else "NULL"
    distance = f"{nearby.DISTANCE_M}, {nearby.AWAY}" if filters.near else "NULL, NULL"
    ties = "WITH TIES" if order is Order.NEAR else "ONLY"
    page = f"ORDER BY {by} FETCH FIRST {limit:d} ROWS {ties}"
    if not filters.q:
        keyset = f" AND {beyond}" if after else ""
        return f"{CARD}{distance}, NULL, {number} {PLACES} WHERE {where}{keyset} {page}"
    chosen = search.CHOSEN.format(filters=where)
    keyset = f" WHERE {beyond}" if after else ""
    score = "chosen.score, chosen.number"
    return f"{chosen}{CARD}{distance}, {score} {CHOSEN_PLACES}{keyset} {page}"


def _where(filters: Filters) -> str:
    parts = ["s.published"]
    if filters.near or filters.located:
        parts.append(nearby.WITH_POINT)
    if filters.radius_m:
        parts.append(nearby.WITHIN)
    if filters.box:
        parts.append(nearby.IN_BOX)
    if filters.category:
        parts.append("s.category = %(category)s")
    if filters.open_at:
        parts += ["s.opening_hours = ANY(%(open_hours)s)", NOT_CLOSED]
    if filters.language:
        parts.append("s.languages @> ARRAY[%(language)s::varchar]")
    return " AND ".join([*parts, *_where_more(filters)])


def _where_more(filters: Filters) -> list[str]:
    """What visitors choose by beside words, point and hours; what is not known never matches."""
    chosen = {
        "s.charges_entry IS FALSE": filters.free,
        "s.step_free": filters.step_free,
        "s.shown @> %(guided)s::jsonb": filters.guide_language,
        """s.shown @> '{"virtual_tour": {}}'""": filters.has_tour,
        f"s.on_sale AND s.opening_hours = ANY(%(day_hours)s) AND {NOT_CLOSED_ALL_DAY}": (
            filters.tickets_from
        ),
    }
    return [condition for condition, wanted in chosen.items() if wanted]


def _parameters(
    filters: Filters, speaking: str, after: Cursor | None, at: datetime
) -> Mapping[str, Any]:
    values: dict[str, Any] = {}
    if filters.near:
        values |= {"here": filters.near.ewkt, "radius_m": filters.radius_m}
    if filters.box:
        values |= filters.box._asdict()
    if filters.q:
        values |= {"q": filters.q, "marked": search.as_typed(filters.q), "speaking": speaking}
    if filters.open_at:
        known = hours_in_use.find("all", _read_hours_in_use, at=at)
        values["open_hours"] = open_hours_at(known=known, at=filters.open_at)
    if filters.tickets_from:
        until = end_of_day(filters.tickets_from)
        known = hours_in_use.find("all", _read_hours_in_use, at=at)
        values |= {
            "day_hours": open_hours_between(known=known, start=filters.tickets_from, end=until),
            "day_from": filters.tickets_from,
            "day_until": until,
        }
    guided = {"guides": [{"languages": [filters.guide_language]}]}
    values |= {
        "guided": orjson.dumps(guided).decode(),
        "category": filters.category,
        "open_at": filters.open_at,
        "language": filters.language,
    }
    if after:
        values |= {f"after{place}": key for place, key in enumerate(after.keys)}
    return values


# Hops from one value to the next in the index instead of reading every place.
HOURS_IN_USE = """WITH RECURSIVE used(hours) AS (
    (SELECT min(opening_hours) FROM heritage_sites_heritagesite
     WHERE published AND opening_hours > '')
    UNION ALL
    SELECT (SELECT min(opening_hours) FROM heritage_sites_heritagesite
            WHERE published AND opening_hours > used.hours)
    FROM used WHERE used.hours IS NOT NULL
) SELECT hours FROM used WHERE hours IS NOT NULL"""


def _read_hours_in_use() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(HOURS_IN_USE)
        return [hours for (hours,) in cursor.fetchall()]
