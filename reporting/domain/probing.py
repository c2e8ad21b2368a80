"""The probes of every hour and day: who is due, and what is written down of it."""

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q

from guides.models import TourKind, TourVersion
from reporting.domain.bodies import bodies
from reporting.domain.buying import Tried, try_to_buy
from reporting.domain.calendar import VIETNAM, midnight
from reporting.domain.registry import sites_in_scope
from reporting.gateways.public_door import PublicDoor
from reporting.models import BuyProbe, OfferSnapshot, PageProbe
from sites.domain.opening import Span, open_state
from sites.models import Closure, HeritageSite

# Four times a day, so that a product of one hour is not what a site sells.
SNAPSHOT_HOURS = frozenset({1, 7, 13, 19})


def probe_buying(*, door: PublicDoor, at: datetime, seconds: float) -> int:
    """Try to buy at every paid site that was not tried in this hour, for so many seconds."""
    began = time.monotonic()
    done = 0
    for site, floor in _due_for_buying(at):
        if time.monotonic() - began > seconds:
            break
        today = at.astimezone(VIETNAM).date()
        tried = try_to_buy(door=door, slug=site.slug, floor=floor, today=today)
        done += keep_try(site=site, tried=tried, at=at)
    return done


def keep_try(*, site: HeritageSite, tried: Tried, at: datetime) -> bool:
    """Write a try down once an hour; at some hours it is the snapshot of the offer too."""
    local = at.astimezone(VIETNAM)
    when = {"site": site, "day": local.date(), "hour": local.hour}
    _row, made = BuyProbe.objects.get_or_create(
        **when,
        defaults={
            "probed_at": at,
            "product_id": tried.products[0].pk if tried.products else None,
            "succeeded": not tried.failure,
            "methods": list(tried.methods),
            "failure": tried.failure,
            "duration_ms": tried.duration_ms,
        },
    )
    if made and local.hour in SNAPSHOT_HOURS:
        OfferSnapshot.objects.get_or_create(**when, defaults=_snapshot(site, tried, at))
    return made


def _snapshot(site: HeritageSite, tried: Tried, at: datetime) -> dict[str, object]:
    return {
        "taken_at": at,
        "open_day": opens_on(site=site, day=at.astimezone(VIETNAM).date()),
        "on_offer": not tried.failure,
        "products": [
            {"id": one.pk, "slug": one.slug, "amount": one.amount} for one in tried.products
        ],
        "methods": list(tried.methods),
        "failure": tried.failure,
        "answer_hash": tried.answer_hash,
    }


def opens_on(*, site: HeritageSite, day: date) -> bool:
    """Whether a place opens at all on a day; one whose hours nobody knows opens unless closed."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    closures = Closure.objects.filter(site=site, whole_site=True, starts_at__lt=end)
    rows = closures.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=start))
    spans = [Span(row.starts_at, row.ends_at) for row in rows]
    state = open_state(hours=site.opening_hours, closures=spans, at=start)
    if state.open_now is None and not spans:
        return True
    opens = state.opens_at
    return state.open_now is not False or (opens is not None and opens < end)


def probe_pages(*, door: PublicDoor, at: datetime, seconds: float) -> int:
    """Ask once a day for the page of every published tour, as a stranger does."""
    began = time.monotonic()
    day = at.astimezone(VIETNAM).date()
    published = TourVersion.objects.filter(state=TourVersion.State.PUBLISHED).select_related("tour")
    asked = PageProbe.objects.filter(day=day)
    done = 0
    for version in published.exclude(tour__in=asked.values("subject_id")).order_by("tour"):
        if time.monotonic() - began > seconds:
            break
        done += _probe_tour(door, version, day, at)
    return done


def _probe_tour(door: PublicDoor, version: TourVersion, day: date, at: datetime) -> bool:
    """Both the page and what it shows: a page without scenes is none."""
    path = f"/tours/{version.tour_id}"
    page, shown = door.get(path), door.get(f"/api/v1{path}")
    works = page.ok and shown.ok and bool(shown.json().get("scenes"))
    status = page.status if not page.ok else shown.status
    _row, made = PageProbe.objects.get_or_create(
        subject=_subject(version),
        subject_id=version.tour_id,
        day=day,
        defaults={
            "site_id": version.tour.site_id,
            "probed_at": at,
            "url": f"{door.address}{path}",
            "ok": works,
            "status_code": status,
            "failure": "" if works else _failure(status),
        },
    )
    return made


def _subject(version: TourVersion) -> PageProbe.Subject:
    rebuilt = version.content.get("kind") == TourKind.RECONSTRUCTION
    return PageProbe.Subject.MODEL if rebuilt else PageProbe.Subject.TOUR


def _failure(status: int) -> str:
    if status == 0:
        return "no answer"
    return "nothing to look at" if status < 300 else f"HTTP {status}"  # noqa: PLR2004 - a success


def _due_for_buying(at: datetime) -> Iterator[tuple[HeritageSite, int]]:
    local = at.astimezone(VIETNAM)
    tried = BuyProbe.objects.filter(day=local.date(), hour=local.hour)
    known = set(tried.values_list("site_id", flat=True))
    for body in bodies():
        found = sites_in_scope(organisation=body.organisation, day=local.date(), known_at=at)
        ids = [site.site_id for site in found if site.paid and site.site_id not in known]
        known.update(ids)
        for site in HeritageSite.objects.filter(pk__in=ids).order_by("pk"):
            yield site, body.price_floor
