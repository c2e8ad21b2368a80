"""Nothing is spoken twice: what a voice said is kept under the hash of what it was given."""

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from guides.domain.alone import alone
from guides.domain.storing import path_of, store_file
from guides.gateways import ffmpeg
from guides.gateways.speaking import NotSpoken, Reason, SpeechEngine
from guides.models import SpokenSegment

# Another way of trimming makes other pieces; raise it then.
MAKING = "1"


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another worker is speaking this very passage."""


def key_of(*, engine: str, voice: str, language: str, say: str) -> str:
    facts = f"{MAKING}\n{engine}\n{voice}\n{language}\n{say}"
    return hashlib.sha256(facts.encode()).hexdigest()


def speak_once(
    *, engine: SpeechEngine, language: str, say: str, at: datetime
) -> SpokenSegment | NotSpoken | Elsewhere:
    """Return what was said before, or let it be said now and keep it."""
    voice = engine.voice_for(language=language)
    if voice is None:
        return NotSpoken(Reason.ABSENT)
    key = key_of(engine=engine.name, voice=voice, language=language, say=say)
    with alone(f"speech {key}") as mine:
        kept = SpokenSegment.objects.filter(key=key).first()
        if kept is not None and path_of(kept.name).exists():
            return kept
        if not mine:
            return Elsewhere()
        heard = _heard(engine, language, say, key)
        if isinstance(heard, NotSpoken):
            return heard
        facts = {"engine": engine.name, "voice": voice, "language": language, "said": say}
        return _keep(heard, key, {**facts, "made_at": at})


def _heard(engine: SpeechEngine, language: str, say: str, key: str) -> Path | NotSpoken:
    """Let it be said, or find what a worker had heard before it was killed."""
    folder = Path(settings.WORK_ROOT) / "speech"
    heard = folder / f"{key}.heard"
    if heard.exists():
        return heard
    answer = engine.speak(text=say, language=language)
    if isinstance(answer, NotSpoken):
        return answer
    folder.mkdir(parents=True, exist_ok=True)
    beside = heard.with_suffix(".part")
    beside.write_bytes(answer.sound)
    beside.replace(heard)
    return heard


def _keep(heard: Path, key: str, facts: dict[str, object]) -> SpokenSegment | NotSpoken:
    """Cut the silence off and keep the piece; what cannot be read is not kept."""
    with tempfile.TemporaryDirectory(prefix="speech-") as folder:
        piece = Path(folder) / "piece.flac"
        try:
            found = ffmpeg.trimmed(heard, piece)
        except ffmpeg.Undecodable:
            heard.unlink(missing_ok=True)
            return NotSpoken(Reason.BROKEN)
        stored = store_file(path=piece, suffix="flac")
    length = round((found.ends_s - found.begins_s) * 1000)
    files = {"name": stored.name, "sha256": stored.sha256, "duration_ms": length}
    # A row whose file was lost gets its new one.
    row, _made = SpokenSegment.objects.update_or_create(key=key, defaults={**facts, **files})
    heard.unlink(missing_ok=True)
    return row
