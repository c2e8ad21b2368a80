"""Answers that are written at once and may be kept for a short while."""

from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

import orjson
from django.http import HttpRequest, HttpResponse

from sites.domain.cursors import Cursor


def json_answer(written: str | bytes, *, seconds: int) -> HttpResponse:
    """Answer with JSON that anybody may keep for `seconds`."""
    headers = {"Cache-Control": f"public, max-age={seconds}"}
    return HttpResponse(written, content_type="application/json", headers=headers)


def kept_answer(
    request: HttpRequest, body: Any, *, seconds: int, content_type: str = "application/json"
) -> HttpResponse:
    """Answer with JSON that may be kept for `seconds`, or say that it has not changed since."""
    written = orjson.dumps(body)
    tag = f'"{blake2b(written, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={seconds}"}
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(written, content_type=content_type, headers=headers)


def next_page(request: HttpRequest, cursor: Cursor | None) -> str | None:
    """Return the address of the next page: this one's with another cursor."""
    if cursor is None:
        return None
    asked = [(key, value) for key, value in request.GET.items() if key != "cursor"]
    query = urlencode([*asked, ("cursor", cursor.written())])
    return f"{request.scheme}://{request.get_host()}{request.path}?{query}"
