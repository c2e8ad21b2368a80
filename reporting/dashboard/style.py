"""The department's pages wear the tokens of the web apps: one file for all faces."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

HERE = Path(__file__).resolve().parent
SHEETS = (HERE / "department.css", HERE / "tables.css")
TOKENS = Path("web") / "src" / "shared" / "tokens.css"


@cache
def _sheet() -> bytes:
    tokens: Path = settings.BASE_DIR / TOKENS
    return b"\n".join(sheet.read_bytes() for sheet in (tokens, *SHEETS))


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        _sheet(), content_type="text/css", headers={"Cache-Control": "public, max-age=300"}
    )
