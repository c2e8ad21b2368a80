"""What a sound file says about itself, so that a copy of it still says who spoke."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mutagen import MutagenError
from mutagen.id3 import COMM, ID3, TIT2, TLAN, TXXX, ID3NoHeaderError
from mutagen.mp3 import MP3
from mutagen.oggopus import OggOpus

SYNTHETIC: Final = "SYNTHETIC_SPEECH"
ENGINE: Final = "SPEECH_ENGINE"
VOICE: Final = "SPEECH_VOICE"
SENTENCE: Final = "Read by a machine, not by a person."


@dataclass(frozen=True, slots=True)
class Marks:
    title: str
    language: str
    synthetic: bool
    engine: str = ""
    voice: str = ""


def write_marks(path: Path, marks: Marks) -> None:
    """Write them into an MP3 or Opus file; the same marks give the same bytes."""
    (_write_mp3 if path.suffix == ".mp3" else _write_opus)(path, marks)


def read_marks(path: Path) -> dict[str, str]:
    """Read the marks back, by name."""
    if path.suffix == ".mp3":
        frames = ID3(path).getall("TXXX")
        return {frame.desc: str(frame.text[0]) for frame in frames}
    tags = OggOpus(path)
    return {name.upper(): tags[name][0] for name in tags}


def length_of(path: Path) -> float | None:
    """Return the seconds that an MP3 or Opus file holds; nothing when it is neither."""
    try:
        file: Any = MP3(path) if path.suffix == ".mp3" else OggOpus(path)
    except MutagenError:
        return None
    return float(file.info.length)


def _named(marks: Marks) -> dict[str, str]:
    named = {SYNTHETIC: "yes" if marks.synthetic else "no"}
    if marks.synthetic:
        named |= {ENGINE: marks.engine, VOICE: marks.voice}
    return named


def _write_mp3(path: Path, marks: Marks) -> None:
    with suppress(ID3NoHeaderError):
        ID3(path).delete()
    tags = ID3()
    tags.add(TIT2(encoding=3, text=[marks.title]))
    tags.add(TLAN(encoding=3, text=[marks.language]))
    for name, value in _named(marks).items():
        tags.add(TXXX(encoding=3, desc=name, text=[value]))
    if marks.synthetic:
        tags.add(COMM(encoding=3, lang="eng", desc="", text=[SENTENCE]))
    tags.save(path, v2_version=4)


def _write_opus(path: Path, marks: Marks) -> None:
    file = OggOpus(path)
    file.delete()
    file["TITLE"] = [marks.title]
    file["LANGUAGE"] = [marks.language]
    for name, value in _named(marks).items():
        file[name] = [value]
    if marks.synthetic:
        file["COMMENT"] = [SENTENCE]
    file.save()
