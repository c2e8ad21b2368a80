"""Whether a file that somebody sent is a recording, whatever its name says."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from guides.domain.refusals import Refusal, Refused
from guides.gateways import ffmpeg

LONGEST_S: Final = 45 * 60
SHORTEST_S: Final = 1.0
# A decoder that needs longer is being played with: an hour of sound takes a quarter of this.
PROBE_S: Final = 15
DECODE_S: Final = 60
HEAD: Final = 64
SILENT_LUFS: Final = -60
# How much shorter the sound may be than its container says.
MISSING: Final = 0.03
# The demuxer that reads each kind, by the bytes that it begins with.
BEGINNINGS: Final[tuple[tuple[re.Pattern[bytes], str], ...]] = (
    (re.compile(rb"ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xfb]", re.DOTALL), "mp3"),
    (re.compile(rb"RIFF.{4}WAVE", re.DOTALL), "wav"),
    (re.compile(rb"fLaC"), "flac"),
    (re.compile(rb"OggS"), "ogg"),
    (re.compile(rb".{4}ftyp(M4A |M4B |mp4|isom|iso2|dash)", re.DOTALL), "mov"),
)
CODECS: Final = frozenset(
    {"mp3", "flac", "opus", "vorbis", "aac", "alac", "pcm_s16le", "pcm_s24le", "pcm_s32le"}
    | {"pcm_f32le", "pcm_u8"}
)
LAST_PAGE: Final = 65_536
OGG_ENDS: Final = 4
# What a recorder that streams writes in the place of a length that it does not know yet.
UNKNOWN_LENGTH: Final = 0x7FFF_0000


@dataclass(frozen=True, slots=True)
class Sound:
    """A file that may be decoded: with this demuxer, and so long."""

    form: str
    duration_s: float
    lufs: float


def judge_sound(path: Path) -> Sound | Refused:
    """Look at the first bytes, ask ffprobe, then decode it whole within a limit."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    form = next((name for begins, name in BEGINNINGS if begins.match(head)), None)
    if form is None:
        drawing = b"<svg" in head.lower() or b"<?xml" in head.lower()
        return Refused(Refusal.DRAWING if drawing else Refusal.WRONG_TYPE)
    try:
        probed = ffmpeg.probe(path, form=form, timeout_s=PROBE_S)
    except ffmpeg.Undecodable:
        return Refused(Refusal.BROKEN)
    if probed.codec not in CODECS or probed.sounds != 1:
        return Refused(Refusal.WRONG_TYPE)
    if probed.duration_s > LONGEST_S:
        return Refused(Refusal.TOO_LONG, most=LONGEST_S)
    return _decoded(path, form, probed)


def _decoded(path: Path, form: str, probed: ffmpeg.Probed) -> Sound | Refused:
    """Decode it, but never more than the longest recording: what it says of itself may be wrong."""
    try:
        found = ffmpeg.measure(path, form=form, timeout_s=DECODE_S, at_most_s=LONGEST_S + 1)
    except ffmpeg.Undecodable:
        return Refused(Refusal.BROKEN)
    if found.duration_s > LONGEST_S:
        return Refused(Refusal.TOO_LONG, most=LONGEST_S)
    told = probed.duration_s or found.duration_s
    if found.duration_s < told * (1 - MISSING) - 0.1 or not _has_its_end(path, form):
        return Refused(Refusal.BROKEN)
    if found.duration_s < SHORTEST_S:
        return Refused(Refusal.TOO_SHORT)
    if found.lufs < SILENT_LUFS:
        return Refused(Refusal.SILENT)
    return Sound(form, found.duration_s, found.lufs)


def _has_its_end(path: Path, form: str) -> bool:
    """Look for the end where a decoder would not miss it."""
    size = path.stat().st_size
    if form == "wav":
        return _wav_is_whole(path, size)
    if form != "ogg":
        return True
    with path.open("rb") as file:
        file.seek(max(size - LAST_PAGE, 0))
        tail = file.read()
    last = tail.rfind(b"OggS")
    return last >= 0 and len(tail) > last + 5 and bool(tail[last + 5] & OGG_ENDS)


def _wav_is_whole(path: Path, size: int) -> bool:
    """Compare the length in the header; recorders that stream write none that could be true."""
    with path.open("rb") as file:
        announced = int.from_bytes(file.read(8)[4:], "little")
    return announced == 0 or announced >= UNKNOWN_LENGTH or announced + 8 <= size + 1
