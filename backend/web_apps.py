"""The two web apps: one page each, which then finds its own way."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@cache
def _page(app: str) -> bytes:
    page: Path = settings.WEB_DIST / app / "index.html"
    return page.read_bytes()


def _answer(app: str) -> HttpResponse:
    try:
        page = _page(app)
    except FileNotFoundError:
        return HttpResponse("The web app is not built yet.", status=503, content_type="text/plain")
    return HttpResponse(page, headers={"Cache-Control": "no-cache"})


@require_safe
def visitor_app(request: HttpRequest, **_route: str) -> HttpResponse:
    """Serve the visitor app; it reads the path itself."""
    return _answer("visitor")


@require_safe
def gate_app(request: HttpRequest, **_route: str) -> HttpResponse:
    """Serve the gate app; it reads the path itself."""
    return _answer("gate")
