"""Files below /media/: whole, in part, unchanged; and nothing outside the folder."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.test import Client

from backend.media_files import NoSuchPartError, Part, part_asked

CONTENT = bytes(range(256)) * 1000
URL = "/media/kept/ab/cd/abcd.mp3"


@pytest.fixture(autouse=True)
def stored(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    file: Path = settings.MEDIA_ROOT / "kept/ab/cd/abcd.mp3"
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    (settings.MEDIA_ROOT / "photos").mkdir()
    (settings.MEDIA_ROOT / "photos/a.webp").write_bytes(b"picture")
    (file.parent / ".part-1").write_bytes(b"half")
    (tmp_path / "secret.txt").write_text("secret")
    return file


def body(answer: HttpResponseBase) -> bytes:
    assert isinstance(answer, StreamingHttpResponse)
    return answer.getvalue()


def get(url: str = URL, **headers: str) -> HttpResponseBase:
    return Client().get(url, headers={name.replace("_", "-"): v for name, v in headers.items()})


def test_a_file_comes_whole_and_may_be_kept_for_ever() -> None:
    answer = get()

    assert (answer.status_code, body(answer)) == (200, CONTENT)
    assert answer.headers["Content-Type"] == "audio/mpeg"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(len(CONTENT))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    # Photos keep their names when they change.
    photo = get("/media/photos/a.webp")
    assert photo.headers["Cache-Control"] == "public, max-age=3600"
    assert body(photo) == b"picture"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=1000-1999", 1000, 1999),
        ("bytes=255000-", 255000, 255999),
        ("bytes=255990-999999", 255990, 255999),
        ("bytes=-500", 255500, 255999),
        ("bytes=-9999999", 0, 255999),
    ],
)
def test_a_part_is_exactly_what_was_asked_for(asked: str, first: int, last: int) -> None:
    answer = get(Range=asked)

    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/256000"
    assert body(answer) == CONTENT[first : last + 1]
    assert answer.headers["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=900000-900001", "bytes=-0"])
def test_a_part_behind_the_end_is_not_there(asked: str) -> None:
    answer = get(Range=asked)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == "bytes */256000"


@pytest.mark.parametrize(
    "asked",
    ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=-", "bytes=0-1,4-5", "bytes=" + "9" * 40],
)
def test_a_range_that_is_none_gives_the_whole_file(asked: str) -> None:
    answer = get(Range=asked)

    assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_a_broken_download_goes_on_only_with_the_same_file(stored: Path) -> None:
    first = get(Range="bytes=0-99")
    begun = body(first)
    tag = first.headers["ETag"]

    rest = get(Range="bytes=100-", If_Range=tag)
    assert (rest.status_code, begun + body(rest)) == (206, CONTENT)
    assert get(Range="bytes=100-", If_Range=first.headers["Last-Modified"]).status_code == 206
    stored.write_bytes(b"another file")
    whole = get(Range="bytes=100-", If_Range=tag)
    assert (whole.status_code, body(whole)) == (200, b"another file")


def test_what_has_not_changed_is_not_sent_again() -> None:
    tag, modified = (get().headers[name] for name in ("ETag", "Last-Modified"))

    assert get(If_None_Match=tag).status_code == 304
    assert get(If_None_Match=f'"other", W/{tag}').status_code == 304
    assert get(If_Modified_Since=modified).status_code == 304
    assert get(If_None_Match='"other"', If_Modified_Since=modified).status_code == 200


def test_the_head_says_the_size_and_sends_nothing() -> None:
    answer = Client().head(URL)

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == "256000"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "kept/../../secret.txt",
        "kept",
        "nothing.mp3",
        "%2e%2e/secret.txt",
        "kept/ab/cd/.part-1",
        "a%00b",
        "/etc/passwd",
    ],
)
def test_nothing_else_is_served(name: str) -> None:
    assert get(f"/media/{name}").status_code == 404


def test_an_empty_file_has_no_parts() -> None:
    assert part_asked("bytes=0-5", size=10) == Part(0, 5)
    with pytest.raises(NoSuchPartError):
        part_asked("bytes=0-5", size=0)
