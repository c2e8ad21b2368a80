"""The two web apps: one page each, which then finds its own way, and the files beside it."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseMiddleware

# What the build writes about itself: which source became which file.
MANIFEST = ".vite/manifest.json"
# The build puts a hash of the content into these names.
HASHED = re.compile(r"^/(gate/|tours/)?assets/")


class BuiltFiles(WhiteNoiseMiddleware):
    """Serves static files, and the built files of both web apps where their pages look for them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for app, prefix in (("visitor", "/"), ("gate", "/gate/"), ("tours", "/tours/")):
            folder: Path = settings.WEB_DIST / app
            if folder.is_dir():
                self.add_files(str(folder), prefix=prefix)

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        # Pages go through the views below, which give them their security headers.
        if not url.endswith(("/index.html", f"/{MANIFEST}")):
            super().add_file_to_dictionary(url, path, stat_cache=stat_cache)

    def immutable_file_test(self, path: str, url: str) -> bool:
        return bool(HASHED.match(url)) or super().immutable_file_test(path, url)


@cache
def _page(app: str) -> bytes:
    page: Path = settings.WEB_DIST / app / "index.html"
    return page.read_bytes()


def built_page(app: str) -> bytes | None:
    """The page of an app as the build left it; nothing before the first build."""
    try:
        return _page(app)
    except FileNotFoundError:
        return None


@cache
def _manifest(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        listed: dict[str, dict[str, Any]] = orjson.loads((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        return {}
    return listed


def words_of(language: str) -> list[str]:
    """The files with what the visitor app says in a language, which it would find out late."""
    listed = _manifest(settings.WEB_DIST / "visitor")
    ours = [facts["file"] for name, facts in listed.items() if name.endswith(f"/{language}.json")]
    return [f"/{file}" for file in sorted(ours) if file.endswith(".js")]


def _answer(app: str) -> HttpResponse:
    page = built_page(app)
    if page is None:
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
