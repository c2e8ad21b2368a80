"""A narration as the person who writes it sees it: source and own words side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from guides.domain.freshness import (
    MISSING,
    cleaned,
    hash_of,
    settle_stop,
    transcript_of,
    write_text,
)
from guides.domain.trail import Act, tell
from guides.domain.versions import Piece, pieces_of
from guides.models import (
    EarlierText,
    Leg,
    LegText,
    Narration,
    Origin,
    ReviewComment,
    Segment,
    SegmentText,
)
from sites.models import User


@dataclass(frozen=True, slots=True)
class Row:
    """One passage: what the source says, what this language says, and what changed since."""

    segment: int
    number: int
    source: str
    source_hash: str
    text: str
    text_hash: str
    origin: str
    stale: bool
    # The source's words now against those that this translation was made from.
    pieces: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed into a row, and what stood there when they began."""

    segment: int
    text: str
    seen: str
    made_from: str


@dataclass(frozen=True, slots=True)
class Saved:
    """How many passages were written, and which somebody else had changed meanwhile."""

    written: int
    translations: int
    recordings: int
    overtaken: Sequence[int]


def rows_of(*, narration: Narration) -> list[Row]:
    """Return the passages of a stop in the source and in the language of the narration."""
    stop, language = narration.stop, narration.language
    source_language = stop.guide.source_language
    source = transcript_of(stop=stop, language=source_language).passages
    own = transcript_of(stop=stop, language=language).passages
    before = _wordings([each.segment for each in own if each.stale], source_language)
    return [
        Row(
            segment=told.segment,
            number=number,
            source=said.text,
            source_hash=said.text_hash,
            text=told.text,
            text_hash=told.text_hash or MISSING,
            origin=told.origin,
            stale=told.stale,
            pieces=_changes(before.get((told.segment, told.source_hash)), said.text)
            if told.stale
            else (),
        )
        for number, (said, told) in enumerate(zip(source, own, strict=True), start=1)
    ]


def _wordings(segments: Sequence[int], language: str) -> dict[tuple[int, str], str]:
    rows = EarlierText.objects.filter(segment__in=segments, language=language)
    return {(pk, made): text for pk, made, text in rows.values_list("segment", "text_hash", "text")}


def _changes(before: str | None, now: str) -> Sequence[Piece]:
    return pieces_of(before, now) if before is not None else ()


@transaction.atomic
def save_words(
    *, narration: Narration, title: str, typed: Sequence[Typed], by: User, at: datetime
) -> Saved:
    """Write what was typed; what somebody else changed meanwhile is left for a second look."""
    narration.title = cleaned(title)
    narration.save(update_fields=["title"])
    here = {each.pk: each for each in Segment.objects.filter(stop=narration.stop_id)}
    now = _now(narration)
    written = translations = recordings = 0
    overtaken = []
    for each in typed:
        said = cleaned(each.text)
        segment = here.get(each.segment)
        current = now.get(each.segment, MISSING)
        if segment is None or (hash_of(said) if said else MISSING) == current:
            continue
        if each.seen != current:
            overtaken.append(each.segment)
            continue
        marked = write_text(
            segment=segment,
            language=narration.language,
            text=said,
            made_from=each.made_from,
            by=by,
            at=at,
        )
        written += 1
        translations += marked.translations
        recordings += marked.recordings
    if written:
        summary = f"{written}; -{translations} -{recordings}"
        _tell(Act.TEXT_WRITTEN, narration, by, at, summary)
    return Saved(written, translations, recordings, overtaken)


def _now(narration: Narration) -> dict[int, str]:
    rows = SegmentText.objects.filter(segment__stop=narration.stop_id, language=narration.language)
    return dict(rows.values_list("segment", "text_hash"))


@transaction.atomic
def save_onward(*, narration: Narration, text: str, at: datetime) -> bool:
    """Write what is told on the way to the next stop; an empty text takes it away."""
    leg = Leg.objects.filter(from_stop=narration.stop_id).first()
    said = cleaned(text)
    if leg is None:
        return False
    rows = LegText.objects.filter(leg=leg)
    if not said:
        rows.filter(language=narration.language).delete()
        settle_stop(stop_id=narration.stop_id, at=at)
        return True
    is_source = narration.language == narration.stop.guide.source_language
    source = rows.filter(language=narration.stop.guide.source_language).first()
    LegText.objects.update_or_create(
        leg=leg,
        language=narration.language,
        defaults={
            "text": said,
            "source_hash": source.text_hash if source and not is_source else "",
            "origin": Origin.HUMAN,
        },
    )
    settle_stop(stop_id=narration.stop_id, at=at)
    return True


@transaction.atomic
def comment(*, narration: Narration, text: str, by: User, at: datetime) -> ReviewComment | None:
    """Keep a remark until somebody settles it; an empty one is none."""
    said = cleaned(text)
    if not said:
        return None
    _tell(Act.COMMENTED, narration, by, at, said[:80])
    return ReviewComment.objects.create(narration=narration, text=said, by=by, at=at)


@transaction.atomic
def settle_comment(*, narration: Narration, comment_id: int, by: User, at: datetime) -> bool:
    """Note that a remark is dealt with, once."""
    rows = ReviewComment.objects.filter(narration=narration, pk=comment_id, settled_at=None)
    if not rows.update(settled_by=by, settled_at=at):
        return False
    _tell(Act.SETTLED, narration, by, at, "")
    return True


def _tell(act: Act, narration: Narration, by: User, at: datetime, summary: str) -> None:
    tell(
        act=act,
        stop=narration.stop,
        language=narration.language,
        by=by,
        at=at,
        summary=summary,
    )
