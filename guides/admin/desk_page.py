"""What the desk shows of one narration."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from guides.admin.sentences import blocker_sentences
from guides.domain.checks import best_recording, blockers_of
from guides.domain.desk import rows_of
from guides.domain.freshness import transcript_of
from guides.domain.narrating import progress_of
from guides.domain.storing import url_of
from guides.models import (
    Leg,
    LegText,
    Narration,
    NarrationVersion,
    Origin,
    Recording,
    ReviewComment,
    SoundFile,
    SpeechJob,
    Status,
    StopAsset,
)
from sites.models import Language, User

NEWEST_RECORDINGS = 5


def desk_context(
    *, narration: Narration, user: User, may_act: bool, typed: Mapping[int, str]
) -> dict[str, Any]:
    """Return everything that the page needs; `typed` stands in place of what is stored."""
    stop = narration.stop
    comments = ReviewComment.objects.filter(narration=narration, settled_at=None)
    return {
        "title": f"{stop.number} · {stop.slug} · {Language(narration.language).label}",
        "narration": narration,
        "stop": stop,
        "is_source": narration.language == stop.guide.source_language,
        "source_language": Language(stop.guide.source_language).label,
        "rows": [
            {
                "row": row,
                "typed": typed.get(row.segment, row.text),
                "overtaken": _differs(row, typed),
            }
            for row in rows_of(narration=narration)
        ],
        "others": _others(narration),
        "recordings": _recordings(narration),
        "speaking": _speaking(narration),
        "pictures": _pictures(narration),
        "blockers": blocker_sentences(_blockers(narration)),
        **_versions(narration, user, may_act=may_act),
        "may_act": may_act,
        "comments": comments.select_related("by").order_by("at"),
        **_onward(narration),
        "coverage": reverse("admin:guides_guide_coverage", args=[stop.guide.site_id]),
        "synthetic": Origin.SYNTHETIC,
    }


def _versions(narration: Narration, user: User, *, may_act: bool) -> dict[str, Any]:
    rows = NarrationVersion.objects.filter(narration=narration)
    versions = list(rows.select_related("submitted_by", "approved_by").order_by("-number"))
    waiting = next((each for each in versions if each.status == Status.IN_REVIEW), None)
    own = bool(waiting and waiting.submitted_by_id == user.pk)
    return {
        "versions": versions,
        "waiting": waiting,
        "may_publish": bool(waiting and may_act and not own),
    }


def _differs(row: Any, typed: Mapping[int, str]) -> bool:
    return row.segment in typed and typed[row.segment].strip() != row.text


def _others(narration: Narration) -> list[tuple[str, str, bool]]:
    """The same stop in the other languages, those that are not begun too."""
    begun = dict(Narration.objects.filter(stop=narration.stop_id).values_list("language", "pk"))
    add = reverse("admin:guides_narration_add")
    return [
        (
            label,
            reverse("admin:guides_narration_change", args=[begun[code]])
            if code in begun
            else f"{add}?stop={narration.stop_id}&language={code}",
            code in begun,
        )
        for code, label in Language.choices
        if code != narration.language
    ]


def _recordings(narration: Narration) -> list[dict[str, Any]]:
    rows = Recording.objects.filter(narration=narration).order_by("-made_at", "-pk")
    shown = []
    for recording in rows.prefetch_related("files")[:NEWEST_RECORDINGS]:
        files = [f for f in recording.files.all() if f.format == SoundFile.Format.MP3]
        address = url_of(files[-1].name) if files else None
        shown.append(
            {"recording": recording, "address": address, "seconds": recording.duration_ms // 1000}
        )
    return shown


def _speaking(narration: Narration) -> str:
    """How far a machine is with reading this text; empty: none is."""
    jobs = SpeechJob.objects.filter(items__narration=narration, finished_at=None)
    job = jobs.order_by("-pk").first()
    return f"{progress_of(job=job).percent} %" if job else ""


def _pictures(narration: Narration) -> list[dict[str, Any]]:
    rows = StopAsset.objects.filter(stop=narration.stop_id).select_related("asset")
    return [
        {
            "asset": each.asset,
            "address": url_of(each.asset.name),
            "page": reverse("admin:guides_asset_change", args=[each.asset_id]),
        }
        for each in rows.order_by("position", "pk")
    ]


def _blockers(narration: Narration) -> list[Any]:
    told = transcript_of(stop=narration.stop, language=narration.language)
    recording = best_recording(narration=narration, told=told)
    return blockers_of(narration=narration, title=narration.title, told=told, recording=recording)


def _onward(narration: Narration) -> dict[str, Any]:
    leg = Leg.objects.filter(from_stop=narration.stop_id).select_related("to_stop").first()
    texts = {text.language: text for text in LegText.objects.filter(leg=leg)} if leg else {}
    own = texts.get(narration.language)
    source = texts.get(narration.stop.guide.source_language)
    return {
        "leg": leg,
        "onward": own.text if own else "",
        "onward_source": source.text if source else "",
        "onward_stale": bool(own and own.stale_since),
    }
