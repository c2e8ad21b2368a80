"""A published tour as a visitor meets it: every text in the best language, with what is heard."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from guides.domain.published import told_to_the_public
from guides.domain.tour_publishing import published_tour, published_tours
from guides.models import Narration, SoundFile, TourVersion
from sites.domain.languages import any_language
from sites.models import HeritageSite


@dataclass(frozen=True, slots=True)
class TourShown:
    """`content` as it was published; `told` is the best narration of each stop that it names."""

    version: TourVersion
    asked: str
    language: str
    told: Mapping[int, Narration]

    @property
    def languages(self) -> list[str]:
        return sorted(self.version.content["texts"])


def text_in(texts: Mapping[str, dict[str, str]], *, asked: str) -> tuple[dict[str, str], str]:
    """Return the text in the language asked for or the next best, and which that is."""
    language = any_language(texts, asked=asked)
    return (texts[language], language) if language else ({}, "")


def find_tour(*, tour_id: int, asked: str, at: datetime) -> TourShown | None:
    """Return one published tour with the narrations of its stops, in three statements."""
    version = published_tour(tour_id=tour_id)
    return _shown(version, asked, at) if version else None


def tours_of_site(*, site: HeritageSite, asked: str, at: datetime) -> list[TourShown]:
    """Return the published tours of a place, in its own order."""
    versions = published_tours(site=site)
    stops = {stop for version in versions for stop in _stops_of(version.content)}
    told = _told(stops, asked, at)
    return [TourShown(version, asked, _language(version, asked), told) for version in versions]


def _shown(version: TourVersion, asked: str, at: datetime) -> TourShown:
    told = _told(_stops_of(version.content), asked, at)
    return TourShown(version, asked, _language(version, asked), told)


def _language(version: TourVersion, asked: str) -> str:
    return any_language(version.content["texts"], asked=asked) or asked


def _stops_of(content: dict[str, Any]) -> set[int]:
    scenes = content["scenes"]
    named = [*scenes, *(hotspot for scene in scenes for hotspot in scene["hotspots"])]
    return {each["stop"] for each in named if each["stop"]}


def _told(stops: Iterable[int], asked: str, at: datetime) -> dict[int, Narration]:
    files = Prefetch("live__recording__files", SoundFile.objects.order_by("format", "quality"))
    rows = (
        told_to_the_public(at=at)
        .filter(stop__in=list(stops))
        .select_related("live__recording", "stop__guide")
        .prefetch_related(files)
    )
    by_stop: dict[int, dict[str, Narration]] = {}
    for narration in rows:
        by_stop.setdefault(narration.stop_id, {})[narration.language] = narration
    return {
        stop: known[language]
        for stop, known in by_stop.items()
        if (language := any_language(known, asked=asked))
    }
