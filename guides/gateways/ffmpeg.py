"""ffmpeg and ffprobe, called as programs: measure, cut, level, encode.

Every call has a limit of time, reads files alone (a playlist cannot lead it to the network or to
another file), and is told the format instead of guessing it when the file is a stranger's.
"""

import array
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# What the broadcasters' engineers recommend for speech (AES TD1008).
TARGET_LUFS: Final = -18.0
# Below the true peak that lossy coders may add to.
LIMIT: Final = 0.794
# Quieter than this is silence; so much of it is left at both ends.
SILENCE: Final = "-50dB"
MARGIN_S: Final = 0.08
PAUSE_S: Final = 0.45
# Shorter than this the standard measures nothing; it is measured as if it were repeated.
SHORTEST_TO_MEASURE_S: Final = 0.8
ROUNDS: Final = 4
CLOSE_ENOUGH_LU: Final = 0.2
# Of each decibel of gain that the limiter already works on, about so much is heard.
LEFT_BY_LIMITER: Final = 0.6
STEADY_HZ: Final = 8_000
METER: Final = "ebur128=framelog=verbose"
PLAIN: Final = ("-c:a", "pcm_s16le", "-ac", "1", "-ar", "48000")

ENCODINGS: Final[dict[tuple[str, str], list[str]]] = {
    ("mp3", "low"): ["-c:a", "libmp3lame", "-b:a", "48k", "-ar", "44100"],
    ("mp3", "high"): ["-c:a", "libmp3lame", "-b:a", "96k", "-ar", "44100"],
    ("opus", "low"): ["-c:a", "libopus", "-b:a", "24k", "-application", "voip"],
    ("opus", "high"): ["-c:a", "libopus", "-b:a", "48k", "-application", "audio"],
}
SUFFIX: Final = {"mp3": "mp3", "opus": "opus"}
INTEGRATED = re.compile(r"I:\s+(-?[\d.]+|-?inf|nan) LUFS")
SILENCE_FROM = re.compile(r"silence_start: (-?[\d.]+)")
SILENCE_TO = re.compile(r"silence_end: (-?[\d.]+)")


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder for what is made on the way; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="speech-") as folder:
        yield Path(folder)


class Undecodable(Exception):  # noqa: N818 - what the file is
    """The bytes are no sound, not whole, or took too long."""


@dataclass(frozen=True, slots=True)
class Measured:
    lufs: float
    duration_s: float
    # Where the sound begins and ends between the silences.
    begins_s: float
    ends_s: float


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of one recording in a folder, by format and quality."""

    files: dict[tuple[str, str], Path]
    duration_ms: int
    lufs: float


@dataclass(frozen=True, slots=True)
class Probed:
    """What ffprobe says of a file without decoding it whole."""

    codec: str
    duration_s: float
    channels: int
    sample_rate: int
    sounds: int


def run(
    program: str, arguments: list[str], *, timeout_s: float
) -> "subprocess.CompletedProcess[bytes]":
    """Run it to its end; what fails or takes too long is undecodable."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed programs, no shell
            [program, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise Undecodable(f"{program} took more than {timeout_s:.0f} s") from late
    if done.returncode:
        raise Undecodable(done.stderr.decode(errors="replace")[-400:])
    return done


def ffmpeg(arguments: list[str], *, timeout_s: float = 120) -> str:
    """Run ffmpeg quietly and return what it said."""
    quiet = ["-hide_banner", "-nostdin", "-nostats", "-y", "-threads", "1"]
    limit = ["-timelimit", str(int(timeout_s))]
    done = run("ffmpeg", [*quiet, *limit, *arguments], timeout_s=timeout_s)
    return done.stderr.decode(errors="replace")


def source(path: Path, *, form: str | None = None) -> list[str]:
    """Name an input that may be of one format only, and may open nothing else."""
    told = ["-f", form] if form else []
    return ["-protocol_whitelist", "file", *told, "-i", f"file:{path}"]


def probe(path: Path, *, form: str, timeout_s: float = 15) -> Probed:
    arguments = ["-v", "error", "-protocol_whitelist", "file", "-f", form]
    shown = ["-show_format", "-show_streams", "-of", "json", f"file:{path}"]
    answer = json.loads(run("ffprobe", [*arguments, *shown], timeout_s=timeout_s).stdout)
    sounds = [one for one in answer.get("streams", []) if one.get("codec_type") == "audio"]
    if not sounds:
        raise Undecodable("no sound in it")
    duration = answer.get("format", {}).get("duration") or sounds[0].get("duration") or 0
    return Probed(
        codec=sounds[0].get("codec_name", ""),
        duration_s=float(duration),
        channels=int(sounds[0].get("channels", 0)),
        sample_rate=int(sounds[0].get("sample_rate", 0)),
        sounds=len(sounds),
    )


def measure(
    path: Path, *, form: str | None = None, timeout_s: float = 120, at_most_s: float | None = None
) -> Measured:
    """Measure by EBU R 128, and find the silences at both ends, in one pass.

    `at_most_s` is where it stops to decode, whatever the file says of its length.
    """
    limit = ["-t", str(at_most_s)] if at_most_s else []
    chain = f"silencedetect=noise={SILENCE}:d=0.1,{METER}"
    said = ffmpeg(
        [*source(path, form=form), *limit, "-af", chain, "-vn", "-f", "null", "-"],
        timeout_s=timeout_s,
    )
    duration = _duration(said)
    begins, ends = _between_silences(said, duration)
    lufs = _integrated(said)
    if duration < SHORTEST_TO_MEASURE_S:
        lufs = _repeated(path, form=form, timeout_s=timeout_s)
    return Measured(lufs, duration, begins, ends)


def _repeated(path: Path, *, form: str | None, timeout_s: float) -> float:
    """Measure something short as if it were said again and again."""
    chain = f"aloop=loop=-1:size=192000,atrim=duration=6,{METER}"
    wanted = ["-af", chain, "-vn", "-f", "null", "-"]
    return _integrated(ffmpeg([*source(path, form=form), *wanted], timeout_s=timeout_s))


def _integrated(said: str) -> float:
    found = INTEGRATED.findall(said)
    if not found or found[-1] in {"nan", "-inf", "inf"}:
        return -70.0
    return float(found[-1])


def _duration(said: str) -> float:
    times = re.findall(r"time=(\d+):(\d+):([\d.]+)", said)
    if not times:
        raise Undecodable("no duration")
    hours, minutes, seconds = times[-1]
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def _between_silences(said: str, duration: float) -> tuple[float, float]:
    starts = [float(at) for at in SILENCE_FROM.findall(said)]
    stops = [float(at) for at in SILENCE_TO.findall(said)]
    begins, ends = 0.0, duration
    if starts and starts[0] <= MARGIN_S and stops:
        begins = stops[0]
    if starts and (len(stops) < len(starts) or stops[-1] >= duration - MARGIN_S):
        ends = starts[-1]
    return (begins, ends) if begins < ends else (duration, duration)


def trimmed(path: Path, to: Path, *, form: str | None = None, timeout_s: float = 120) -> Measured:
    """Write the sound between its silences as FLAC, mono; nothing but silence is undecodable."""
    found = measure(path, form=form, timeout_s=timeout_s)
    if found.ends_s <= found.begins_s:
        raise Undecodable("nothing but silence")
    start, end = max(found.begins_s - MARGIN_S, 0), found.ends_s + MARGIN_S
    cut = f"atrim=start={start:.3f}:end={end:.3f},asetpts=N/SR/TB,aresample=48000"
    plain = ["-map_metadata", "-1", "-vn", "-ac", "1", "-c:a", "flac", "-sample_fmt", "s16"]
    ffmpeg(
        [*source(path, form=form), "-af", cut, *plain, "-fflags", "+bitexact", str(to)],
        timeout_s=timeout_s,
    )
    return found


def joined(pieces: list[Path], to: Path) -> float:
    """Put pieces one after the other, with the pause of a paragraph between them; how loud it is.

    All in one run: that a program starts costs more than the work on a short narration.
    """
    inputs = [part for piece in pieces for part in source(piece)]
    *others, last = range(len(pieces))
    graph = [f"[{one}:a]apad=pad_dur={PAUSE_S}[p{one}]" for one in others]
    names = "".join(f"[p{one}]" for one in others) + f"[{last}:a]"
    graph.append(f"{names}concat=n={len(pieces)}:v=0:a=1,{METER}")
    said = ffmpeg([*inputs, "-filter_complex", ";".join(graph), *PLAIN, str(to)])
    return _loudness(to, said)


def levelled(path: Path, to: Path, *, lufs: float) -> float:
    """Bring it from a loudness to the target; how loud it is then.

    Gain and a limiter for the peaks, again until it is right. Where the limiter took some of the
    gain, it will take its part of what is added too.
    """
    gain = TARGET_LUFS - lufs
    for _round in range(ROUNDS):
        limiter = f"alimiter=limit={LIMIT}:level=false:attack=2:release=60"
        chain = f"volume={gain:.2f}dB,{limiter},{METER}"
        said = ffmpeg([*source(path), "-af", chain, *PLAIN, str(to)])
        lufs = _loudness(to, said)
        if abs(TARGET_LUFS - lufs) <= CLOSE_ENOUGH_LU:
            break
        gain += (TARGET_LUFS - lufs) / LEFT_BY_LIMITER
    return lufs


def _loudness(path: Path, said: str) -> float:
    """Read what the meter said while the file was written."""
    short = _duration(said) < SHORTEST_TO_MEASURE_S
    return _repeated(path, form="wav", timeout_s=120) if short else _integrated(said)


def rendered(pieces: list[Path], folder: Path) -> Rendered:
    """Join, level and encode in every format and quality. The same pieces give the same bytes."""
    whole, level = folder / "whole.wav", folder / "level.wav"
    lufs = levelled(whole, level, lufs=joined(pieces, whole))
    files = {
        form: folder / f"{form[1]}.{SUFFIX[form[0]]}"  # low.mp3
        for form in ENCODINGS
    }
    outputs: list[str] = []
    for form, path in files.items():
        outputs += ["-map_metadata", "-1", *ENCODINGS[form], "-ac", "1"]
        outputs += ["-fflags", "+bitexact", "-flags:a", "+bitexact", str(path)]
    ffmpeg([*source(level), *outputs], timeout_s=280)
    frames = (level.stat().st_size - 44) // 2
    return Rendered(files, round(frames / 48), round(lufs, 2))


def peaks(path: Path, *, number: int = 160) -> list[int]:
    """Draw a sound as so many heights from 0 to 100, the loudest being 100."""
    with tempfile.TemporaryDirectory(prefix="speech-") as folder:
        raw = Path(folder) / "peaks.raw"
        plain = ["-vn", "-ac", "1", "-ar", str(STEADY_HZ), "-f", "s16le", str(raw)]
        ffmpeg([*source(path), *plain])
        samples = array.array("h")
        samples.frombytes(raw.read_bytes())
    if not samples:
        return []
    step = max(len(samples) // number, 1)
    parts = [samples[at : at + step] for at in range(0, len(samples), step)][:number]
    heights = [max(*part, -min(part)) if len(part) > 1 else abs(part[0]) for part in parts]
    loudest = max(*heights, 1)
    return [height * 100 // loudest for height in heights]


def tone_mp3(*, seconds: float) -> bytes:
    """Make a tone that swells and falls: what the simulator of an engine says."""
    wave = f"aevalsrc='0.3*sin(440*2*PI*t)*(0.6+0.4*sin(5*2*PI*t))':s=24000:d={seconds}"
    with tempfile.TemporaryDirectory(prefix="speech-") as folder:
        made = Path(folder) / "tone.mp3"
        ffmpeg(["-f", "lavfi", "-i", wave, "-b:a", "32k", "-fflags", "+bitexact", str(made)])
        return made.read_bytes()
