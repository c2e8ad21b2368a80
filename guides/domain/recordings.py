"""A voice becomes a recording of a narration; a person's always wins over a machine's."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db import transaction
from django.db.models import Case, IntegerField, Value, When

from guides.domain.freshness import settle_stop, transcript_of
from guides.domain.storing import Stored, store_file
from guides.gateways import ffmpeg
from guides.gateways.sound_marks import Marks, write_marks
from guides.models import GuideEvent, Narration, Origin, Recording, SoundFile
from sites.models import User


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a recording; `text_hash` is the transcript that was read."""

    origin: Origin
    text_hash: str
    engine: str = ""
    voice: str = ""
    by: User | None = None
    # A machine may speak where a person speaks an older text.
    over_stale: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """The files of a recording, stored under their hashes; no row speaks of them yet."""

    files: dict[tuple[str, str], Stored]
    duration_ms: int
    lufs: float


@dataclass(frozen=True, slots=True)
class PersonSpeaks:
    """A person's recording is there: a machine's is not taken."""


@dataclass(frozen=True, slots=True)
class TextChanged:
    """The text is not the one that was spoken any more."""


def voice_of(*, narration: Narration) -> Recording | None:
    """Return the recording to be heard: a person's before a machine's, then the newest."""
    person_first = Case(
        When(origin=Origin.HUMAN, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    rows = Recording.objects.filter(narration=narration)
    return rows.order_by(person_first, "-made_at", "-pk").first()


def is_spoken_by_a_person(*, narration_id: int, over_stale: bool = False) -> bool:
    """Say whether a machine has to be silent here; `over_stale`: only where the words are right."""
    rows = Recording.objects.filter(narration=narration_id, origin=Origin.HUMAN)
    return (rows.filter(stale_since__isnull=True) if over_stale else rows).exists()


def make_files(*, pieces: Sequence[Path], narration: Narration, speaker: Speaker) -> Made:
    """Join, level, encode and mark; the files are whole in the store before anybody knows them."""
    synthetic = speaker.origin != Origin.HUMAN
    marks = Marks(narration.title, narration.language, synthetic, speaker.engine, speaker.voice)
    with tempfile.TemporaryDirectory(prefix="speech-") as folder:
        made = ffmpeg.rendered(list(pieces), Path(folder))
        for path in made.files.values():
            write_marks(path, marks)
        files = {
            form: store_file(path=path, suffix=ffmpeg.SUFFIX[form[0]])
            for form, path in made.files.items()
        }
    return Made(files, made.duration_ms, made.lufs)


@transaction.atomic
def keep_recording(
    *, narration: Narration, made: Made, speaker: Speaker, at: datetime
) -> Recording | PersonSpeaks | TextChanged:
    """Give a narration its voice, if it may have this one.

    The text of a machine must still be the one it read; what a person read is kept, and shows as
    stale by its hash.
    """
    # Whoever records the same narration meanwhile waits here.
    Narration.objects.select_for_update(no_key=True).get(pk=narration.pk)
    if speaker.origin != Origin.HUMAN:
        if is_spoken_by_a_person(narration_id=narration.pk, over_stale=speaker.over_stale):
            return PersonSpeaks()
        told = transcript_of(stop=narration.stop, language=narration.language)
        if told.text_hash != speaker.text_hash:
            return TextChanged()
    recording = Recording.objects.create(
        narration=narration,
        origin=speaker.origin,
        voice=speaker.voice,
        engine=speaker.engine,
        text_hash=speaker.text_hash,
        duration_ms=made.duration_ms,
        loudness_lufs=Decimal(str(made.lufs)),
        made_by=speaker.by,
        made_at=at,
    )
    _keep_files(recording, made)
    settle_stop(stop_id=narration.stop_id, at=at)
    GuideEvent.objects.create(
        site=narration.stop.guide.site,
        stop=narration.stop,
        language=narration.language,
        what="RECORDED" if speaker.origin == Origin.HUMAN else "SPOKEN",
        by=speaker.by,
        at=at,
        summary=f"{speaker.engine} {speaker.voice}".strip(),
    )
    return recording


def _keep_files(recording: Recording, made: Made) -> None:
    SoundFile.objects.bulk_create(
        SoundFile(
            recording=recording,
            format=form,
            quality=quality,
            sha256=stored.sha256,
            bytes=stored.bytes,
            name=stored.name,
        )
        for (form, quality), stored in made.files.items()
    )
