"""Guides to test with, written through the real domain."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count

from guides.domain.freshness import add_segment, settle_stop, transcript_of, write_text
from guides.models import (
    Asset,
    AssetText,
    Guide,
    GuideText,
    Narration,
    NarrationVersion,
    Origin,
    Recording,
    Segment,
    SoundFile,
    Status,
    Stop,
    StopAsset,
)
from sites.models import HeritageSite, Language, User
from tests.factories import OPENING, make_site

TWELVE = tuple(Language.values)
_numbers = count(1)


def make_writer(name: str = "") -> User:
    """A member of staff without any membership; one for each name."""
    name = name or f"writer-{next(_numbers)}"
    user, _made = User.objects.get_or_create(username=name, defaults={"is_staff": True})
    return user


def make_guide(*, site: HeritageSite | None = None, slug: str = "", is_free: bool = True) -> Guide:
    slug = slug or f"guide-{next(_numbers)}"
    guide = Guide.objects.create(site=site or make_site(ticketed=False), slug=slug, is_free=is_free)
    for language in ("vi", "en"):
        GuideText.objects.create(guide=guide, language=language, title=f"{slug} ({language})")
    return guide


def make_stop(
    *,
    guide: Guide | None = None,
    sentences: int = 2,
    languages: Sequence[str] = ("vi",),
    at: datetime = OPENING,
) -> Stop:
    """A stop that tells `sentences` passages in each of the languages, the source first."""
    guide = guide or make_guide()
    number = guide.stops.count() + 1
    stop = Stop.objects.create(guide=guide, number=number, slug=f"stop-{number}")
    for position in range(1, sentences + 1):
        segment = add_segment(stop=stop, at=at)
        for language in sorted(languages, key=lambda each: each != guide.source_language):
            text = f"Passage {position} of stop {stop.pk} ({language})."
            write_text(segment=segment, language=language, text=text, at=at)
    for language in languages:
        make_narration(stop=stop, language=language)
    return stop


def make_narration(*, stop: Stop, language: str = "vi") -> Narration:
    """One narration for each stop and language, however often it is asked for."""
    narration, _made = Narration.objects.get_or_create(
        stop=stop, language=language, defaults={"title": f"Stop {stop.number} ({language})"}
    )
    return narration


def make_recording(
    *,
    narration: Narration,
    origin: Origin = Origin.HUMAN,
    duration_ms: int = 9_000,
    at: datetime = OPENING,
) -> Recording:
    """A voice of the text as it stands; its files are named but not on the disk."""
    told = transcript_of(stop=narration.stop, language=narration.language)
    reviewed = origin == Origin.REVIEWED
    recording = Recording.objects.create(
        narration=narration,
        origin=origin,
        voice="a voice",
        engine="" if origin == Origin.HUMAN else "an engine",
        text_hash=told.text_hash,
        duration_ms=duration_ms,
        loudness_lufs="-16.0",
        made_at=at,
        reviewed_by=make_writer("listener") if reviewed else None,
        reviewed_at=at if reviewed else None,
    )
    for form in SoundFile.Format:
        for quality in SoundFile.Quality:
            content = sha256(f"{recording.pk} {form} {quality}".encode()).hexdigest()
            SoundFile.objects.create(
                recording=recording,
                format=form,
                quality=quality,
                sha256=content,
                bytes=1_000,
                name=f"kept/{content[:2]}/{content[2:4]}/{content}.{form.value}",
            )
    settle_stop(stop_id=narration.stop_id, at=at)
    return recording


def make_picture(
    *, stop: Stop, languages: Sequence[str] = ("vi",), credit: str = "A. Nhân"
) -> Asset:
    """A picture with its rights, shown at the stop, described in the languages."""
    content = sha256(f"picture {next(_numbers)}".encode()).hexdigest()
    asset = Asset.objects.create(
        site=stop.guide.site,
        name=f"kept/{content[:2]}/{content[2:4]}/{content}.webp",
        sha256=content,
        bytes=2_000,
        width=800,
        height=600,
        rights=Asset.Rights.OWN if credit else Asset.Rights.UNKNOWN,
        credit=credit,
        licence="CC BY 4.0" if credit else "",
        uploaded_at=OPENING,
    )
    for language in languages:
        AssetText.objects.create(asset=asset, language=language, alt=f"A gate ({language})")
    StopAsset.objects.create(stop=stop, asset=asset)
    return asset


def make_published(
    *, stop: Stop, languages: Sequence[str] = ("vi",), origin: Origin = Origin.HUMAN
) -> list[Narration]:
    """Narrations that the public hears, recorded and published by two people."""
    return [publish_as_is(make_narration(stop=stop, language=each), origin) for each in languages]


def publish_as_is(narration: Narration, origin: Origin = Origin.HUMAN) -> Narration:
    told = transcript_of(stop=narration.stop, language=narration.language)
    version = NarrationVersion.objects.create(
        narration=narration,
        number=narration.versions.count() + 1,
        status=Status.PUBLISHED,
        title=narration.title,
        segments=[
            {
                "segment": each.segment,
                "text": each.text,
                "text_hash": each.text_hash,
                "source_hash": each.source_hash,
                "origin": each.origin,
            }
            for each in told.passages
        ],
        text_hash=told.text_hash,
        recording=make_recording(narration=narration, origin=origin),
        submitted_by=make_writer("author"),
        submitted_at=OPENING,
        approved_by=make_writer("editor"),
        approved_at=OPENING + timedelta(minutes=1),
        published_at=OPENING + timedelta(minutes=1),
    )
    Narration.objects.filter(pk=narration.pk).update(status=Status.PUBLISHED, live=version)
    narration.refresh_from_db()
    return narration


def segments_of(stop: Stop) -> list[Segment]:
    return list(stop.segments.order_by("position"))
