"""The shipped guides become drafts; people review, voice and publish them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.gis.geos import Point
from django.db import transaction

from guides.domain.freshness import add_segment, write_text
from guides.domain.guide_data import SOURCE, GuideFact, SegmentFact, StopFact
from guides.models import Guide, GuideText, Narration, Origin, Stop
from sites.models import HeritageSite, Language

# A phone speaks by itself only where the point is better known than the circle is wide.
CIRCLE_M, KNOWN_WITHIN_M = 25, 30
# Who is named under the plan; the other points we worked out from what is published.
CREDITS = {"osm": "© OpenStreetMap"}
OURS = "Ngọ Môn"
# Written by people from the facts; what stands in other languages was translated by a machine.
BY_PEOPLE = frozenset({SOURCE, Language.EN})


@dataclass(frozen=True, slots=True)
class GuidesLoaded:
    """`known` were there already and were left alone: they belong to the people of the site."""

    made: int
    known: int
    stops: int
    without_site: tuple[str, ...]


def load_guides(*, guides: Iterable[GuideFact], at: datetime) -> GuidesLoaded:
    """Write the guides that are not there yet, each in one transaction."""
    made = known = stops = 0
    without_site = []
    for fact in guides:
        site = HeritageSite.objects.filter(slug=fact.site).first()
        if site is None:
            without_site.append(fact.site)
        elif Guide.objects.filter(site=site, slug=fact.slug).exists():
            known += 1
        else:
            _write(fact, site=site, at=at)
            made, stops = made + 1, stops + len(fact.stops)
    return GuidesLoaded(made, known, stops, tuple(without_site))


@transaction.atomic
def _write(fact: GuideFact, *, site: HeritageSite, at: datetime) -> None:
    first, last = fact.minutes or (None, None)
    guide = Guide.objects.create(
        site=site,
        slug=fact.slug,
        kind=fact.kind,
        order=fact.order,
        source_language=SOURCE,
        minutes_from=first,
        minutes_to=last,
    )
    for language, title in fact.title.items():
        summary = fact.summary.get(language, "")
        GuideText.objects.create(guide=guide, language=language, title=title, summary=summary)
    for stop in fact.stops:
        _write_stop(stop, guide=guide, at=at)


def _write_stop(fact: StopFact, *, guide: Guide, at: datetime) -> None:
    point = fact.point
    known = point is not None and point.error_m <= KNOWN_WITHIN_M
    stop = Stop.objects.create(
        guide=guide,
        number=fact.number,
        slug=fact.slug,
        location=Point(point.lng, point.lat, srid=4326) if point else None,
        location_error_m=point.error_m if point else None,
        location_credit=CREDITS.get(point.source, OURS) if point else "",
        zone_radius_m=CIRCLE_M if known else None,
        # Where nothing is known, nothing is told, and nothing is asked of the report.
        required=bool(fact.segments),
    )
    for segment in fact.segments:
        _write_segment(segment, stop=stop, at=at)
    for language in fact.languages:
        title = fact.name.get(language, fact.name[Language.EN])
        Narration.objects.create(stop=stop, language=language, title=title)


def _write_segment(fact: SegmentFact, *, stop: Stop, at: datetime) -> None:
    segment = add_segment(stop=stop, at=at)
    for language in sorted(fact.texts, key=lambda each: each != SOURCE):
        origin = Origin.HUMAN if language in BY_PEOPLE else Origin.SYNTHETIC
        write_text(
            segment=segment, language=language, text=fact.texts[language], origin=origin, at=at
        )
