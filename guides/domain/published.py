"""What of the guides the public meets: published versions, each in the language asked or next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from guides.models import (
    Guide,
    Narration,
    NarrationVersion,
    SitePolicy,
    SoundFile,
    Stop,
    StopAsset,
)
from sites.domain.languages import any_language
from sites.domain.showing import leave_with_place


@dataclass(frozen=True, slots=True)
class StopShown:
    """A stop with the version that is told, and all the languages it could be told in."""

    stop: Stop
    language: str
    version: NarrationVersion
    languages: Sequence[str]


@dataclass(frozen=True, slots=True)
class GuideShown:
    """A guide as it is served: `language` is the one of its title."""

    guide: Guide
    language: str
    languages: Sequence[str]
    stops: Sequence[StopShown]

    @property
    def duration_ms(self) -> int:
        return sum(
            each.version.recording.duration_ms for each in self.stops if each.version.recording
        )


def told_to_the_public(*, at: datetime) -> QuerySet[Narration]:
    """Return the narrations that anybody may hear: published, not over, not hidden by the site."""
    rows = Narration.objects.filter(live__isnull=False, stop__guide__site__published=True)
    rows = rows.filter(Q(live__expires_at__isnull=True) | Q(live__expires_at__gt=at))
    hiding = SitePolicy.objects.filter(stale=SitePolicy.Stale.HIDE).values("site")
    return rows.exclude(stop__guide__site__in=hiding, live__recording__stale_since__isnull=False)


def guides_of_site(*, slug: str, asked: str, at: datetime) -> list[GuideShown]:
    """Return the published guides of a place, in the place's own order."""
    rows = Guide.objects.filter(site__slug=slug).order_by("position", "pk")
    return _shown(rows, asked=asked, at=at)


def find_guide(*, guide_id: int, asked: str, at: datetime) -> GuideShown | None:
    """Return one published guide with everything that its screen shows."""
    found = _shown(Guide.objects.filter(pk=guide_id), asked=asked, at=at)
    return found[0] if found else None


def _shown(guides: QuerySet[Guide], *, asked: str, at: datetime) -> list[GuideShown]:
    """Read which languages there are first, and then the words and voices of one for each stop."""
    pictures = (
        StopAsset.objects.order_by("position", "pk")
        .select_related("asset")
        .prefetch_related("asset__texts")
    )
    stops = Stop.objects.order_by("number").select_related("leg")
    stops = stops.prefetch_related(Prefetch("assets", pictures))
    rows = list(guides.select_related("site").prefetch_related("texts", Prefetch("stops", stops)))
    told: dict[int, dict[str, int]] = {}
    narrations = told_to_the_public(at=at).filter(stop__guide__in=[row.pk for row in rows])
    for stop, language, version in narrations.values_list("stop", "language", "live"):
        told.setdefault(stop, {})[language] = version
    versions = _versions(told, asked)
    shown = [_guide_shown(guide, told, versions, asked) for guide in rows]
    return [each for each in shown if each]


def _versions(told: Mapping[int, Mapping[str, int]], asked: str) -> dict[int, NarrationVersion]:
    """The published version of each stop in its best language, with its recording and files."""
    best = [
        languages[language]
        for languages in told.values()
        if (language := any_language(languages, asked=asked))
    ]
    files = SoundFile.objects.order_by("format", "quality")
    rows = NarrationVersion.objects.select_related("recording")
    return rows.prefetch_related(Prefetch("recording__files", files)).in_bulk(best)


def _guide_shown(
    guide: Guide,
    told: Mapping[int, Mapping[str, int]],
    versions: Mapping[int, NarrationVersion],
    asked: str,
) -> GuideShown | None:
    there = []
    for stop in guide.stops.all():
        languages = told.get(stop.pk, {})
        language = any_language(languages, asked=asked)
        if language and languages[language] in versions:
            version = versions[languages[language]]
            there.append(StopShown(stop, language, version, sorted(languages)))
    languages_told = sorted({language for each in there for language in each.languages})
    served = any_language(languages_told, asked=asked)
    return GuideShown(guide, served, languages_told, there) if served else None


def leave_facts(*, site_id: int, at: datetime) -> None:
    """Tell the page of the place which guides it has now; called where something is published."""
    guides = _shown(Guide.objects.filter(site=site_id).order_by("position", "pk"), asked="", at=at)
    leave_with_place(site_id=site_id, kind="guides", shown=[_fact(each) for each in guides])


def leave_facts_where_stale_is_hidden(*, at: datetime) -> None:
    """Tell the pages of places whose rule hides stale content, which an edit changes unseen."""
    hiding = SitePolicy.objects.filter(stale=SitePolicy.Stale.HIDE).order_by("site")
    for site_id in hiding.values_list("site", flat=True):
        leave_facts(site_id=site_id, at=at)


def _fact(shown: GuideShown) -> dict[str, object]:
    guide = shown.guide
    return {
        "id": guide.pk,
        "slug": guide.slug,
        "kind": guide.kind,
        "titles": {text.language: text.title for text in guide.texts.all()},
        "languages": list(shown.languages),
        "stops": len(shown.stops),
        "duration_s": round(shown.duration_ms / 1000),
        "is_free": guide.is_free,
    }
