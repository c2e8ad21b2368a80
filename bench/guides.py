"""Guides as phones read them: one guide with its stops, and the list of its pack."""

import hashlib
from collections.abc import Iterator

from django.utils import timezone

from bench.figures import Figure, Target
from bench.load import Request
from bench.run import USUAL, Run
from guides.domain.freshness import add_segment, transcript_of, write_text
from guides.models import (
    Guide,
    GuideText,
    Narration,
    NarrationVersion,
    Origin,
    Recording,
    SoundFile,
    Status,
    Stop,
)
from sites.models import HeritageSite, Language, User

SITE = "dai-noi"
SLUG = "bench"
STOPS = 30
SENTENCES = 3
TARGET = Target(p99_ms=30)


def guide(run: Run) -> Iterator[Figure]:
    """Ask for a guide of thirty stops, in another language each time."""
    number = make_guide().pk
    requests = [Request(f"/api/v1/guides/{number}?lang={each}") for each in Language.values]
    yield _figure(run, name="guide", requests=requests)


def guide_pack(run: Run) -> Iterator[Figure]:
    """Ask for the list of its pack, in another language and quality each time."""
    number = make_guide().pk
    requests = [
        Request(f"/api/v1/guides/{number}/pack?language={each}&quality={quality}")
        for each in Language.values
        for quality in SoundFile.Quality.values
    ]
    yield _figure(run, name="guide_pack", requests=requests)


def _figure(run: Run, *, name: str, requests: list[Request]) -> Figure:
    return Figure(
        name=name,
        connections=USUAL,
        measured=run.ask(requests, name=name, connections=USUAL),
        limit=run.limit_without_database(connections=USUAL),
        target=TARGET,
    )


def make_guide() -> Guide:
    """Publish a guide of thirty stops in all languages, once; its sounds are named, not spoken."""
    site = HeritageSite.objects.get(slug=SITE)
    made = Guide.objects.filter(site=site, slug=SLUG).first()
    if made:
        return made
    made = Guide.objects.create(site=site, slug=SLUG)
    for language in Language.values:
        GuideText.objects.create(guide=made, language=language, title=f"Bench ({language})")
    people = [User.objects.get_or_create(username=name)[0] for name in ("bench-1", "bench-2")]
    for number in range(1, STOPS + 1):
        _make_stop(made, number, people)
    return made


def _make_stop(made: Guide, number: int, people: list[User]) -> None:
    at = timezone.now()
    stop = Stop.objects.create(guide=made, number=number, slug=f"stop-{number}")
    for position in range(SENTENCES):
        segment = add_segment(stop=stop, at=at)
        for language in sorted(Language.values, key=lambda each: each != made.source_language):
            words = f"Passage {position} of stop {number} in {language}, " * 10
            write_text(segment=segment, language=language, text=words, at=at)
    for language in Language.values:
        _publish(stop, language, people)


def _publish(stop: Stop, language: str, people: list[User]) -> None:
    at = timezone.now()
    narration = Narration.objects.create(stop=stop, language=language, title=stop.slug)
    told = transcript_of(stop=stop, language=language)
    recording = _record(narration, told.text_hash)
    version = NarrationVersion.objects.create(
        narration=narration,
        number=1,
        status=Status.PUBLISHED,
        title=f"Stop {stop.number}",
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
        recording=recording,
        submitted_by=people[0],
        submitted_at=at,
        approved_by=people[1],
        approved_at=at,
        published_at=at,
    )
    Narration.objects.filter(pk=narration.pk).update(status=Status.PUBLISHED, live=version)


def _record(narration: Narration, text_hash: str) -> Recording:
    """Name a recording and its four files."""
    recording = Recording.objects.create(
        narration=narration,
        origin=Origin.SYNTHETIC,
        text_hash=text_hash,
        duration_ms=60_000,
        made_at=timezone.now(),
    )
    for form in SoundFile.Format.values:
        for quality in SoundFile.Quality.values:
            sha256 = hashlib.sha256(f"{recording.pk} {form} {quality}".encode()).hexdigest()
            name = f"kept/{sha256[:2]}/{sha256[2:4]}/{sha256}.{form}"
            SoundFile.objects.create(
                recording=recording,
                format=form,
                quality=quality,
                sha256=sha256,
                bytes=480_000,
                name=name,
            )
    return recording
