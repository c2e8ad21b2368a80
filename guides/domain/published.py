"""What of the guides the public meets: published versions, each in the language asked or next."""

from collections.abc import Sequence
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
    told = (
        told_to_the_public(at=at)
        .select_related("live__recording")
        .prefetch_related(
            Prefetch("live__recording__files", SoundFile.objects.order_by("format", "quality"))
        )
    )
    stops = (
        Stop.objects.order_by("number")
        .select_related("leg")
        .prefetch_related(
            Prefetch("narrations", told, to_attr="told"),
            Prefetch(
                "assets",
                StopAsset.objects.order_by("position", "pk")
                .select_related("asset")
                .prefetch_related("asset__texts"),
            ),
        )
    )
    rows = guides.select_related("site").prefetch_related("texts", Prefetch("stops", stops))
    shown = [_guide_shown(guide, asked) for guide in rows]
    return [each for each in shown if each]


def _guide_shown(guide: Guide, asked: str) -> GuideShown | None:
    stops = [_stop_shown(stop, asked) for stop in guide.stops.all()]
    there = [each for each in stops if each]
    languages = sorted({language for each in there for language in each.languages})
    served = any_language(languages, asked=asked)
    return GuideShown(guide, served, languages, there) if served else None


def _stop_shown(stop: Stop, asked: str) -> StopShown | None:
    told: dict[str, Narration] = {each.language: each for each in getattr(stop, "told", [])}
    language = any_language(told, asked=asked)
    version = told[language].live if language else None
    if not language or version is None:
        return None
    return StopShown(stop, language, version, sorted(told))


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
