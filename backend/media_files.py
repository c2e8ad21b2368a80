"""Files of people and machines over HTTP, by the rules of RFC 9110: whole, in part, or unchanged.

A demonstration and the tests have no file server in front. In production nginx answers these
addresses and Python never hears of them (`deploy/nginx.conf`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from mimetypes import guess_type
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_http_date_safe
from django.views.decorators.http import require_safe

PIECE = 1 << 16
# Named by what is in them: they never change.
IMMUTABLE = re.compile(r"^(kept|panoramas)/")
FOREVER = "public, max-age=31536000, immutable"
AN_HOUR = "public, max-age=3600"
RANGE = re.compile(r"^bytes=(\d{0,18})-(\d{0,18})$")
TYPES = {".opus": "audio/ogg", ".mp3": "audio/mpeg", ".webp": "image/webp"}


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes from `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class NoSuchPartError(Exception):
    """The range that was asked for begins behind the end of the file."""


@require_safe
def media_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve one file below the media folder."""
    path = _inside(Path(settings.MEDIA_ROOT).resolve(), name)
    facts = path.stat()
    modified, tag = http_date(facts.st_mtime), f'"{int(facts.st_mtime):x}-{facts.st_size:x}"'
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": FOREVER if IMMUTABLE.match(name) else AN_HOUR,
        "ETag": tag,
        "Last-Modified": modified,
        "X-Content-Type-Options": "nosniff",
        # Uploads are data, never pages of ours.
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if _is_unchanged(request, tag, int(facts.st_mtime)):
        return HttpResponse(status=304, headers=headers)
    try:
        part = _part(request, size=facts.st_size, tag=tag, modified=modified)
    except NoSuchPartError:
        headers["Content-Range"] = f"bytes */{facts.st_size}"
        return HttpResponse(status=416, headers=headers)
    return _answer(request, path, part, size=facts.st_size, headers=headers)


def part_asked(header: str, *, size: int) -> Part | None:
    """Read a Range header. None: the whole file, also where it is not understood."""
    found = RANGE.match(header.strip())
    # Several ranges at once are rare; the whole file is a right answer to them.
    first, last = found.groups() if found else ("", "")
    if not first and not last:
        return None
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        raise NoSuchPartError
    return Part(start, end)


def _part(request: HttpRequest, *, size: int, tag: str, modified: str) -> Part | None:
    asked = request.headers.get("Range")
    condition = request.headers.get("If-Range")
    # Another file than the one whose part is at hand: only the whole helps.
    if asked is None or request.method != "GET" or condition not in {None, tag, modified}:
        return None
    return part_asked(asked, size=size)


def _is_unchanged(request: HttpRequest, tag: str, modified: int) -> bool:
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        known = [each.strip().removeprefix("W/") for each in tags.split(",")]
        return "*" in known or tag in known
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and modified <= since


def _inside(root: Path, name: str) -> Path:
    """Return the file, when it is one and lies below the media folder."""
    try:
        path = (root / name).resolve()
        found = path.is_relative_to(root) and path.is_file()
    except (OSError, ValueError):
        found = False
    if not found or any(each.startswith(".") for each in Path(name).parts):
        raise Http404
    return path


def _answer(
    request: HttpRequest, path: Path, part: Part | None, *, size: int, headers: dict[str, str]
) -> HttpResponseBase:
    whole = part or Part(0, size - 1)
    headers["Content-Length"] = str(whole.length)
    if part:
        headers["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    status = 206 if part else 200
    kind = TYPES.get(path.suffix) or guess_type(path.name)[0] or "application/octet-stream"
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers, content_type=kind)
    pieces = _pieces(path, whole)
    return StreamingHttpResponse(pieces, status=status, headers=headers, content_type=kind)


def _pieces(path: Path, part: Part) -> Iterator[bytes]:
    # Opened when the first piece is wanted: an answer that nobody reads leaves nothing open.
    with path.open("rb") as file:
        file.seek(part.first)
        left = part.length
        while left and (piece := file.read(min(PIECE, left))):
            left -= len(piece)
            yield piece
