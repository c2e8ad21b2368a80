"""On which days a product can be used: its places may be closed, or not open on that weekday."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import FilteredRelation, Q

from sites.domain.opening import Span, open_state
from ticketing.domain.visit_days import day_of, start_of
from ticketing.models import Entitlement


class WhyClosed(StrEnum):
    """Why nobody can visit on a day. Outside programs rely on these names."""

    PAST = "past"
    CLOSURE = "closure"
    OPENING_HOURS = "opening_hours"


@dataclass(frozen=True, slots=True)
class Closing:
    """A time in which a whole site is closed."""

    closure_id: int
    span: Span


@dataclass(slots=True)
class Place:
    """A site that a product opens, as far as a visit depends on it."""

    site_id: int
    slug: str
    opening_hours: str
    ticket_bit: int | None
    closings: list[Closing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a product. `closures` are those that close a place on it, all day or in part."""

    day: date
    closed: WhyClosed | None
    closures: tuple[int, ...] = ()
    closed_sites: tuple[str, ...] = ()


def places_of(product_ids: Collection[int], *, since: datetime) -> dict[int, list[Place]]:
    """The places of each product with every closure that lasts beyond `since`, in one query."""
    lasting = Q(site__closures__whole_site=True) & (
        Q(site__closures__ends_at__isnull=True) | Q(site__closures__ends_at__gt=since)
    )
    rows = (
        Entitlement.objects.filter(product_id__in=product_ids)
        .annotate(closing=FilteredRelation("site__closures", condition=lasting))
        .order_by("product_id", "pk", "closing__starts_at")
        .values_list(
            "product_id",
            "site_id",
            "site__slug",
            "site__opening_hours",
            "site__ticket_bit",
            "closing__id",
            "closing__starts_at",
            "closing__ends_at",
        )
    )
    found: dict[int, dict[int, Place]] = {}
    for product_id, site_id, slug, hours, bit, closure_id, starts_at, ends_at in rows:
        places = found.setdefault(product_id, {})
        place = places.setdefault(site_id, Place(site_id, slug, hours, bit))
        if closure_id:
            place.closings.append(Closing(closure_id, Span(starts_at, ends_at)))
    return {product_id: list(places.values()) for product_id, places in found.items()}


def closings_of(places: Iterable[Place]) -> dict[int, Sequence[Span]]:
    """When each of these sites is closed as a whole."""
    return {place.site_id: [closing.span for closing in place.closings] for place in places}


def day_of_product(places: Sequence[Place], *, day: date, at: datetime) -> Day:
    """Closed when every place is; one open place is enough to come for."""
    if day < day_of(at):
        return Day(day, WhyClosed.PAST)
    since, until = max(at, start_of(day)), start_of(day + timedelta(days=1))
    shut = {place.slug: _why_shut(place, since=since, until=until) for place in places}
    reasons = [reason for reason in shut.values() if reason]
    by_closure = WhyClosed.CLOSURE in reasons
    all_shut = len(reasons) == len(places)
    return Day(
        day,
        (WhyClosed.CLOSURE if by_closure else WhyClosed.OPENING_HOURS) if all_shut else None,
        closures=_closures_between(places, since, until),
        closed_sites=tuple(slug for slug, reason in shut.items() if reason),
    )


def _why_shut(place: Place, *, since: datetime, until: datetime) -> WhyClosed | None:
    """Why a place does not open between two instants of one day; unknown hours count as open."""
    spans = [closing.span for closing in place.closings]
    if _never_opens(place.opening_hours, (), since, until):
        return WhyClosed.OPENING_HOURS
    if _never_opens(place.opening_hours, spans, since, until):
        return WhyClosed.CLOSURE
    return None


def _never_opens(hours: str, spans: Sequence[Span], since: datetime, until: datetime) -> bool:
    if any(span.start <= since and (span.end is None or span.end >= until) for span in spans):
        return True
    state = open_state(hours=hours, closures=spans, at=since)
    if state.open_now is not False or not hours:
        return False
    return state.opens_at is None or state.opens_at >= until


def _closures_between(places: Sequence[Place], since: datetime, until: datetime) -> tuple[int, ...]:
    return tuple(
        closing.closure_id
        for place in places
        for closing in place.closings
        if closing.span.start < until and (closing.span.end is None or closing.span.end > since)
    )
