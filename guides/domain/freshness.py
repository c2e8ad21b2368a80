"""Which translations and recordings still say what the source says.

Every text is hashed by the database. A translation keeps the hash of the passage that it was made
from, a recording that of the transcript that it speaks: each is stale exactly while they differ.
A recording is stale with its text, too: it speaks what nobody has looked at since.
"""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Prefetch

from guides.models import EarlierText, LegText, Origin, Segment, SegmentText, Stop
from sites.models import User


@dataclass(frozen=True, slots=True)
class Marked:
    """How many rows turned stale, and how many fresh again."""

    translations: int = 0
    recordings: int = 0
    translations_freed: int = 0
    recordings_freed: int = 0


@dataclass(frozen=True, slots=True)
class Passage:
    """One segment in one language; `text` is empty where it is missing."""

    segment: int
    text: str = ""
    text_hash: str = ""
    source_hash: str = ""
    origin: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is told at a stop in one language, as the texts stand now."""

    language: str
    passages: Sequence[Passage]
    text_hash: str

    @property
    def text(self) -> str:
        return "\n\n".join(passage.text for passage in self.passages if passage.text)

    @property
    def is_complete(self) -> bool:
        return bool(self.passages) and all(passage.text for passage in self.passages)

    @property
    def is_stale(self) -> bool:
        return any(passage.stale for passage in self.passages)


# Hashes of the passages in order; a dash stands for one that is missing.
MISSING = "-"


def hash_of(text: str) -> str:
    """Return what the database writes as `text_hash`."""
    return hashlib.sha256(text.encode()).hexdigest()


def hash_of_transcript(hashes: Sequence[str]) -> str:
    """Return the hash of a transcript from those of its passages, in order."""
    return hash_of("\n".join(each or MISSING for each in hashes))


def cleaned(text: str) -> str:
    """Return the text composed and without space around it, so that equal texts hash alike."""
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\x00", "").strip()


def transcript_of(*, stop: Stop, language: str) -> Transcript:
    """Read what is told at a stop in one language now."""
    return transcripts_of(stops=[stop], language=language)[stop.pk]


def transcripts_of(*, stops: Sequence[Stop], language: str) -> dict[int, Transcript]:
    """Read the transcripts of several stops in two statements."""
    texts = SegmentText.objects.filter(language=language)
    segments = (
        Segment.objects.filter(stop__in=[stop.pk for stop in stops])
        .order_by("stop_id", "position")
        .prefetch_related(Prefetch("texts", texts, to_attr="spoken"))
    )
    passages: dict[int, list[Passage]] = {stop.pk: [] for stop in stops}
    for segment in segments:
        passages[segment.stop_id].append(_passage(segment))
    return {
        pk: Transcript(language, tuple(each), hash_of_transcript([p.text_hash for p in each]))
        for pk, each in passages.items()
    }


def _passage(segment: Segment) -> Passage:
    spoken: list[SegmentText] = getattr(segment, "spoken", [])
    if not spoken:
        return Passage(segment.pk)
    [text] = spoken
    return Passage(
        segment.pk,
        text.text,
        text.text_hash,
        text.source_hash,
        text.origin,
        text.stale_since is not None,
    )


@transaction.atomic
def write_text(
    *,
    segment: Segment,
    language: str,
    text: str,
    at: datetime,
    origin: str = Origin.HUMAN,
    by: User | None = None,
    made_from: str | None = None,
) -> Marked:
    """Write a passage in one language and mark what depends on it.

    A translation is of the source as it stands, unless `made_from` says which one the translator
    had before them. An empty text takes the passage out of the language.
    """
    stop = _locked(segment.stop_id)
    said = cleaned(text)
    if not said:
        SegmentText.objects.filter(segment=segment, language=language).delete()
        return settle_stop(stop_id=stop.pk, at=at)
    is_source = language == stop.guide.source_language
    source = "" if is_source else _source_hash(segment, stop.guide.source_language)
    SegmentText.objects.update_or_create(
        segment=segment,
        language=language,
        defaults={
            "text": said,
            "source_hash": source if is_source or made_from is None else made_from,
            "origin": origin,
            "edited_by": by,
            "edited_at": at,
        },
    )
    wording = EarlierText(segment=segment, language=language, text=said, text_hash=hash_of(said))
    wording.first_written_at, wording.by = at, by
    EarlierText.objects.bulk_create([wording], ignore_conflicts=True)
    return settle_stop(stop_id=stop.pk, at=at)


@transaction.atomic
def confirm_text(*, segment: Segment, language: str, by: User, at: datetime) -> Marked:
    """Vouch that a translation says what the source says now; a machine's counts as checked."""
    stop = _locked(segment.stop_id)
    text = SegmentText.objects.filter(segment=segment, language=language).first()
    if text is None:
        return Marked()
    if language != stop.guide.source_language:
        text.source_hash = _source_hash(segment, stop.guide.source_language)
    if text.origin == Origin.SYNTHETIC:
        text.origin = Origin.REVIEWED
    text.edited_by, text.edited_at = by, at
    text.save(update_fields=["source_hash", "origin", "edited_by", "edited_at"])
    return settle_stop(stop_id=stop.pk, at=at)


@transaction.atomic
def add_segment(*, stop: Stop, at: datetime, position: int | None = None) -> Segment:
    """Add a passage at the end, or before the one at `position`."""
    _locked(stop.pk)
    rows = Segment.objects.filter(stop=stop)
    last: int = rows.aggregate(last=Max("position"))["last"] or 0
    if position is None or position > last:
        position = last + 1
    else:
        _renumber(rows.filter(position__gte=position).values_list("pk", "position"), by=1)
    segment = Segment.objects.create(stop=stop, position=position)
    settle_stop(stop_id=stop.pk, at=at)
    return segment


def _renumber(rows: Iterable[tuple[int, int]], *, by: int) -> None:
    for pk, position in list(rows):
        Segment.objects.filter(pk=pk).update(position=position + by)


@transaction.atomic
def remove_segment(*, segment: Segment, at: datetime) -> Marked:
    """Take a passage away in every language; versions that told it keep their words."""
    stop = _locked(segment.stop_id)
    segment.delete()
    return settle_stop(stop_id=stop.pk, at=at)


@transaction.atomic
def order_segments(*, stop: Stop, segments: Sequence[int], at: datetime) -> Marked:
    """Put the passages of a stop in the order given; those not named follow as they were."""
    _locked(stop.pk)
    rows = Segment.objects.filter(stop=stop).order_by("position").values_list("pk", flat=True)
    known = list(rows)
    wanted = [pk for pk in segments if pk in known]
    for position, pk in enumerate([*wanted, *(pk for pk in known if pk not in wanted)], start=1):
        Segment.objects.filter(pk=pk).update(position=position)
    return settle_stop(stop_id=stop.pk, at=at)


SETTLE_TRANSLATIONS = """
UPDATE guides_segmenttext t
SET stale_since = CASE WHEN now_is.stale THEN %(at)s::timestamptz END
FROM (
    SELECT x.id, x.language <> g.source_language
        AND x.source_hash IS DISTINCT FROM source.text_hash AS stale
    FROM guides_segmenttext x
    JOIN guides_segment s ON s.id = x.segment_id
    JOIN guides_stop p ON p.id = s.stop_id
    JOIN guides_guide g ON g.id = p.guide_id
    LEFT JOIN guides_segmenttext source
        ON source.segment_id = x.segment_id AND source.language = g.source_language
    WHERE s.stop_id = %(stop)s
) now_is
WHERE t.id = now_is.id AND (t.stale_since IS NOT NULL) <> now_is.stale
RETURNING now_is.stale
"""
SETTLE_RECORDINGS = """
UPDATE guides_recording r
SET stale_since = CASE WHEN now_is.stale THEN %(at)s::timestamptz END
FROM (
    SELECT x.id, x.text_hash <> told.text_hash OR told.stale AS stale
    FROM guides_recording x
    JOIN (
        SELECT n.id,
            guide_text_hash(coalesce(
                string_agg(coalesce(t.text_hash, '-'), E'\\n' ORDER BY s.position)
                    FILTER (WHERE s.id IS NOT NULL), ''
            )) AS text_hash,
            coalesce(bool_or(t.stale_since IS NOT NULL), false) AS stale
        FROM guides_narration n
        LEFT JOIN guides_segment s ON s.stop_id = n.stop_id
        LEFT JOIN guides_segmenttext t ON t.segment_id = s.id AND t.language = n.language
        WHERE n.stop_id = %(stop)s GROUP BY n.id
    ) told ON told.id = x.narration_id
) now_is
WHERE r.id = now_is.id AND (r.stale_since IS NOT NULL) <> now_is.stale
RETURNING now_is.stale
"""


@transaction.atomic
def settle_stop(*, stop_id: int, at: datetime) -> Marked:
    """Make the marks of one stop true; nothing that is right already is written.

    Whoever writes texts, segments or recordings by another way calls this in the same transaction.
    """
    _locked(stop_id)
    _settle_legs(stop_id, at)
    with connection.cursor() as cursor:
        facts: dict[str, Any] = {"stop": stop_id, "at": at}
        cursor.execute(SETTLE_TRANSLATIONS, facts)
        texts = [stale for (stale,) in cursor.fetchall()]
        cursor.execute(SETTLE_RECORDINGS, facts)
        voices = [stale for (stale,) in cursor.fetchall()]
    return Marked(sum(texts), sum(voices), texts.count(False), voices.count(False))


def _settle_legs(stop_id: int, at: datetime) -> None:
    texts = list(LegText.objects.filter(leg__from_stop=stop_id))
    if not texts:
        return
    source_language = Stop.objects.select_related("guide").get(pk=stop_id).guide.source_language
    source = {t.language: t.text_hash for t in texts}.get(source_language)
    for text in texts:
        stale = text.language != source_language and text.source_hash != source
        if stale != (text.stale_since is not None):
            LegText.objects.filter(pk=text.pk).update(stale_since=at if stale else None)


def _locked(stop_id: int) -> Stop:
    """Changes of one stop take turns, so that each sees the hashes of the others."""
    rows = Stop.objects.select_for_update(of=("self",), no_key=True).select_related("guide")
    return rows.get(pk=stop_id)


def _source_hash(segment: Segment, language: str) -> str:
    source = SegmentText.objects.filter(segment=segment, language=language)
    return source.values_list("text_hash", flat=True).first() or ""
