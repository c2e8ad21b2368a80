"""The public page of a 360° tour: whole without script, a viewer with it."""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guides.api.tours import written_tour
from sites.models import Language
from sites.schemas.caller import language_of
from sites.schemas.problems import ProblemError

PAGE_LIVES_S = 60
FOLDER = "tours"
ENTRY = "main.ts"


@require_safe
def tour_page(request: HttpRequest, tour_id: int) -> HttpResponse:
    """Show a published tour to everybody."""
    speaking = language_of(request)
    try:
        tour, _served = written_tour(tour_id, speaking)
    except ProblemError as problem:
        raise Http404(problem.detail) from problem
    address = f"{settings.PUBLIC_URL}{tour['page']}"
    context = {
        "tour": tour,
        "shown": {**tour, "words": _words(), "visits": f"/api/v1/tours/{tour_id}/visits"},
        "language": speaking,
        "shown_in": "" if tour["language"] == speaking else _shown_in(tour["language"]),
        "languages": Language.choices,
        "address": address,
        "picture": f"{settings.PUBLIC_URL}{tour['picture']}",
        "built": _built(settings.WEB_DIST / FOLDER),
    }
    answer = render(request, "guides/tour.html", context)
    # Each language has its own address; without one the caller's browser decides.
    answer["Cache-Control"] = f"private, max-age={PAGE_LIVES_S}"
    answer["Vary"] = "Accept-Language"
    return answer


@cache
def _built(folder: Path) -> dict[str, Any]:
    """Find the names that the build gave to script and styles; without a build there are none."""
    manifest = folder / ".vite" / "manifest.json"
    if not manifest.exists():
        return {}
    entry = orjson.loads(manifest.read_bytes())[ENTRY]
    return {
        "script": f"/{FOLDER}/{entry['file']}",
        "styles": [f"/{FOLDER}/{name}" for name in entry.get("css", [])],
    }


def _shown_in(language: str) -> str:
    """Say that a tour speaks another language; it is one of these two, mostly."""
    sentences = {
        Language.EN.value: _("Shown in English"),
        Language.VI.value: _("Shown in Vietnamese"),
    }
    return sentences.get(language) or Language(language).label


def _words() -> dict[str, str]:
    """Return what the viewer says beyond the page."""
    return {
        "zoom": _("Zoom"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "move": _("Look around"),
        "left": _("Look to the left"),
        "right": _("Look to the right"),
        "up": _("Look up"),
        "down": _("Look down"),
        "fullscreen": _("Whole screen"),
        "gyroscope": _("Look around by turning the phone"),
        "no_motion": _("This phone does not tell how it is turned."),
        "menu": _("More"),
        "close": _("Close"),
        "loading": _("The picture is loading."),
        "failed": _("The picture cannot be loaded. Everything that is said stands below."),
        "no_viewer": _(
            "This device cannot show the view around. Everything that is said stands below."
        ),
        "look": _("Look there"),
        "go": _("Go there"),
        "transcript": _("Read what is told"),
        "machine_voice": _("Read by a machine"),
    }
