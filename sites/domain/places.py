"""One place with everything that a visitor should know before going or paying."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from sites.domain.opening import OpenState, Span, open_state
from sites.models import Closure, HeritageSite, Notice, Source


@dataclass(frozen=True, slots=True)
class PlaceFound:
    site: HeritageSite
    state: OpenState
    sources: Sequence[Source]


def find_place(*, slug: str, at: datetime) -> PlaceFound | None:
    """Return a published place with its texts, its closures from now on and today's notices."""
    site = _with_everything(at).filter(slug=slug, published=True).first()
    if site is None:
        return None
    whole = [Span(c.starts_at, c.ends_at) for c in site.closures.all() if c.whole_site]
    state = open_state(hours=site.opening_hours, closures=whole, at=at)
    sources = Source.objects.filter(key__in=site.sources).order_by("key")
    return PlaceFound(site, state, list(sources))


def is_published(*, slug: str) -> bool:
    """Say whether the public may know of the place."""
    return HeritageSite.objects.filter(slug=slug, published=True).exists()


def _with_everything(at: datetime) -> QuerySet[HeritageSite]:
    closures = Closure.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
    notices = Notice.objects.filter(
        Q(shows_until__isnull=True) | Q(shows_until__gt=at), shows_from__lte=at
    )
    return HeritageSite.objects.select_related("organisation", "ward").prefetch_related(
        "texts",
        "gates",
        "organisation__texts",
        "photos__texts",
        Prefetch("closures", closures.order_by("starts_at", "id").prefetch_related("texts")),
        Prefetch("notices", notices.order_by("shows_from", "id").prefetch_related("texts")),
    )
