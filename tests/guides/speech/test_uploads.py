"""What people send: good files become recordings and pictures, bad ones leave nothing behind."""

import io
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from PIL import Image

from guides.domain.receiving import (
    LARGEST_SOUND,
    Sent,
    make_waiting,
    receive_picture,
    receive_recording,
    sweep,
)
from guides.domain.refusals import Refusal, Refused
from guides.domain.storing import path_of
from guides.gateways import ffmpeg, sound_marks
from guides.models import Asset, Origin, Recording, Upload
from sites.models import HeritageSite
from tests.factories import OPENING, make_site
from tests.factories_guides import make_narration, make_stop
from tests.guides.speech.desk import LATER, kept_files, working_files

pytestmark = pytest.mark.django_db


def sound(folder: Path, name: str, *arguments: str, seconds: float = 1.6) -> bytes:
    """A tone as a file of some kind."""
    path = folder / name
    wave = f"aevalsrc='0.4*sin(300*2*PI*t)*(0.6+0.4*sin(4*2*PI*t))':s=44100:d={seconds}"
    ffmpeg.ffmpeg(["-f", "lavfi", "-i", wave, *arguments, str(path)])
    return path.read_bytes()


def sent(data: bytes, name: str = "stop.mp3", *, announced: int | None = None) -> Sent:
    return Sent(io.BytesIO(data), name, len(data) if announced is None else announced)


class Endless:
    """A body that goes on and on; counts what was taken."""

    def __init__(self) -> None:
        self.taken = 0

    def read(self, size: int, /) -> bytes:
        self.taken += size
        return b"\xff\xfb" + bytes(size - 2)


def nothing_is_left() -> bool:
    rows = [Upload.objects.count(), Recording.objects.count(), Asset.objects.count()]
    return (rows, working_files(), kept_files()) == ([0, 0, 0], [], [])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("a.mp3", []),
        ("a.wav", []),
        ("a.flac", []),
        ("a.m4a", []),
        ("a.opus", []),
        ("a.ogg", ["-c:a", "libvorbis"]),
    ],
)
def test_a_recording_of_any_usual_kind_becomes_the_voice_of_the_narration(
    name: str, arguments: list[str], tmp_path: Path
) -> None:
    narration = make_narration(stop=make_stop())
    tags = ["-metadata", "artist=A person", "-metadata", "comment=16.4689,107.5786"]
    data = sound(tmp_path, name, *arguments, *tags)

    upload = receive_recording(
        narration=narration,
        sent=sent(data, "wha\0tever\u202e.txt"),
        at=OPENING,
        speaker="A.\0 Nhân",
    )
    assert isinstance(upload, Upload)
    assert make_waiting(at=OPENING) == 1

    [recording] = Recording.objects.all()
    assert (recording.origin, recording.voice) == (Origin.HUMAN, "A. Nhân")
    assert recording.stale_since is None
    for file in recording.files.all():
        path = path_of(file.name)
        assert abs(ffmpeg.measure(path).lufs - ffmpeg.TARGET_LUFS) <= 1
        assert sound_marks.read_marks(path)[sound_marks.SYNTHETIC] == "no"
        assert b"107.5786" not in path.read_bytes()
    assert working_files() == []
    upload.refresh_from_db()
    assert (upload.status, upload.file) == (Upload.Status.MADE, "")


def bad_sounds(folder: Path) -> Iterable[tuple[str, bytes, Refusal]]:
    mp3, wav = sound(folder, "b.mp3"), sound(folder, "b.wav")
    flac, ogg, m4a = (sound(folder, f"b.{kind}") for kind in ("flac", "opus", "m4a"))
    video = folder / "b.mp4"
    ffmpeg.ffmpeg(["-f", "lavfi", "-i", "color=s=16x16:d=1:r=5", "-pix_fmt", "yuv420p", str(video)])
    quiet = sound(folder, "quiet.wav", "-af", "volume=0")
    bomb = folder / "bomb.flac"
    ffmpeg.ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=2760", str(bomb)])
    return [
        ("nothing", b"", Refusal.EMPTY),
        ("a program", b"\x7fELF" + bytes(4_000), Refusal.WRONG_TYPE),
        ("a picture", b"\x89PNG\r\n\x1a\n" + bytes(400), Refusal.WRONG_TYPE),
        ("a page", b"<html><script>alert(1)</script></html>", Refusal.WRONG_TYPE),
        ("a drawing", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Refusal.DRAWING),
        ("a playlist", b"#EXTM3U\nfile:///etc/passwd\n", Refusal.WRONG_TYPE),
        ("a film without sound", video.read_bytes(), Refusal.BROKEN),
        ("the name of a kind and then noise", b"ID3" + bytes(range(256)) * 30, Refusal.BROKEN),
        ("mp3 cut in half", mp3[: len(mp3) // 2], Refusal.BROKEN),
        ("wav cut in half", wav[: len(wav) // 2], Refusal.BROKEN),
        ("flac cut in half", flac[: len(flac) // 2], Refusal.BROKEN),
        ("opus cut in half", ogg[: len(ogg) // 2], Refusal.BROKEN),
        ("m4a cut in half", m4a[: len(m4a) // 2], Refusal.BROKEN),
        ("silence", quiet, Refusal.SILENT),
        ("a moment", sound(folder, "short.wav", seconds=0.4), Refusal.TOO_SHORT),
        ("hours in a small file", bomb.read_bytes(), Refusal.TOO_LONG),
    ]


def test_a_bad_recording_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    narration = make_narration(stop=make_stop())

    for what, data, why in bad_sounds(tmp_path):
        answer = receive_recording(narration=narration, sent=sent(data), at=OPENING)

        assert isinstance(answer, Refused), what
        assert (what, answer.why) == (what, why)
        assert str(answer).endswith(".")
        assert nothing_is_left(), what


def test_two_gigabytes_are_refused_before_a_byte_is_read() -> None:
    body = Endless()
    narration = make_narration(stop=make_stop())

    answer = receive_recording(
        narration=narration, sent=Sent(body, "a.mp3", 2_000_000_000), at=OPENING
    )

    assert str(answer) == "The file is too large. At most 500 MB are taken."
    assert body.taken == 0
    assert nothing_is_left()


@pytest.mark.slow
def test_a_body_that_says_nothing_of_its_length_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("guides.domain.receiving.LARGEST_SOUND", 3_000_000)
    body = Endless()
    narration = make_narration(stop=make_stop())

    answer = receive_recording(narration=narration, sent=Sent(body, "a.mp3", None), at=OPENING)

    assert answer == Refused(Refusal.TOO_LARGE, most=3_000_000)
    assert body.taken < 4_000_000 < LARGEST_SOUND
    assert nothing_is_left()


def test_a_line_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    data = sound(tmp_path, "a.wav")
    narration = make_narration(stop=make_stop())

    answer = receive_recording(
        narration=narration, sent=sent(data[:-9], announced=len(data)), at=OPENING
    )

    assert answer == Refused(Refusal.CUT_OFF)
    assert nothing_is_left()


def test_a_sender_who_raises_leaves_nothing() -> None:
    class Broken:
        def read(self, size: int, /) -> bytes:
            raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        receive_recording(
            narration=make_narration(stop=make_stop()), sent=Sent(Broken(), "a", None), at=OPENING
        )
    assert nothing_is_left()


# --- Pictures -----------------------------------------------------------------------------


def photo(*, form: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture that knows where and by whom it was taken, and was held upright."""
    picture = Image.new("RGB", size, (200, 30, 30))
    exif = picture.getexif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x013B] = "A person"
    position = exif.get_ifd(0x8825)
    position[1], position[2] = "N", (16.0, 28.0, 8.0)
    written = io.BytesIO()
    picture.save(written, form, exif=exif)
    return written.getvalue()


def png_that_unfolds(width: int, height: int) -> bytes:
    """A small PNG whose header promises many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(bytes(1_000)))
        + chunk(b"IEND", b"")
    )


def receive(
    site: HeritageSite, data: bytes, *, kind: Asset.Kind = Asset.Kind.PICTURE
) -> Asset | Refused:
    return receive_picture(site=site, sent=sent(data, "photo.jpg"), at=OPENING, kind=kind)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_upright_and_without_place_and_name(form: str) -> None:
    asset = receive(make_site(), photo(form=form))

    assert isinstance(asset, Asset)
    kept = path_of(asset.name)
    with Image.open(kept) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.size == (asset.width, asset.height) == (40, 60)
    assert b"A person" not in kept.read_bytes()
    assert b"Exif" not in kept.read_bytes()


def test_the_same_picture_is_kept_once() -> None:
    site = make_site()

    assert receive(site, photo()) == receive(site, photo())
    assert Asset.objects.count() == 1


def test_a_bad_picture_is_named_and_leaves_nothing() -> None:
    site = make_site()
    whole = photo(size=(300, 300))
    script = (
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>"
    )
    bad = [
        ("nothing", b"", Refusal.EMPTY),
        ("a drawing with a script", script, Refusal.DRAWING),
        ("a drawing behind spaces", b"\n\n " + script[21:], Refusal.DRAWING),
        ("a film", b"\x00\x00\x00\x18ftypmp42", Refusal.WRONG_TYPE),
        ("an animation", b"GIF89a" + bytes(30), Refusal.WRONG_TYPE),
        ("cut in half", whole[: len(whole) // 2], Refusal.BROKEN),
        ("the head alone", whole[:40], Refusal.BROKEN),
        ("a bomb", png_that_unfolds(60_000, 60_000), Refusal.TOO_MANY_PIXELS),
    ]

    for what, data, why in bad:
        answer = receive(site, data)

        assert isinstance(answer, Refused), what
        assert (what, answer.why) == (what, why)
        assert nothing_is_left(), what


def test_a_panorama_is_twice_as_wide_as_high() -> None:
    site = make_site()

    good = receive(site, png_of(2_048, 1_024), kind=Asset.Kind.PANORAMA)
    bad = receive(site, png_of(2_048, 1_000), kind=Asset.Kind.PANORAMA)

    assert isinstance(good, Asset)
    assert bad == Refused(Refusal.NOT_A_PANORAMA)


def png_of(width: int, height: int) -> bytes:
    written = io.BytesIO()
    Image.new("L", (width, height)).save(written, "PNG")
    return written.getvalue()


def test_what_killed_workers_left_is_swept_and_what_waits_is_not(tmp_path: Path) -> None:
    narration = make_narration(stop=make_stop())
    data = sound(tmp_path, "a.mp3")
    receive_recording(narration=narration, sent=sent(data), at=OPENING)
    [waiting] = working_files()
    left = tmp_path / "work" / "uploads" / "left.part"
    left.write_bytes(b"half")

    assert sweep(at=OPENING) in {0, 1}
    swept = sweep(at=LATER.replace(year=2099))

    assert swept <= 1
    assert working_files() == [waiting]
