"""The addresses of the visitor app."""

import re
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from backend.public_pages.page import PublicPage, filled, folded, nowhere
from backend.public_pages.places import home_page, place_page
from backend.public_pages.sitemap import sitemap_index, sitemap_part
from backend.web_apps import built_page, visitor_app
from sites.domain.remembered import Remembered
from sites.schemas.caller import language_of

log = structlog.get_logger("backend.public_pages")
SLUG = re.compile(r"[a-z0-9_-]{1,80}")
LIVES_S = 10
SITEMAP_LIVES_S = 3600
NOT_FOUND = 404
TICKETS = "/tickets"
# Written pages by path and language; the empty text means that there is no such page.
pages: Remembered[str] = Remembered(seconds=LIVES_S, size=512)


@gzip_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The list of places, which the app then takes over."""
    language = language_of(request)
    at = timezone.now()
    named = _names_language(request)
    return _answer(request, lambda: home_page(language=language, named=named, at=at))


@gzip_page
@require_safe
def place(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of a place, which the app then takes over."""
    language = language_of(request)
    at = timezone.now()
    if not SLUG.fullmatch(slug):
        return _nowhere(request)
    named = _names_language(request)
    return _answer(request, lambda: place_page(slug=slug, language=language, named=named, at=at))


def _names_language(request: HttpRequest) -> bool:
    return request.GET.get("lang") == language_of(request)


@require_safe
def tickets(request: HttpRequest, **_route: str) -> HttpResponse:
    """The app for everything about somebody's own tickets.

    The page is the same for every order and says nothing about any: what it shows lies on the
    phone. Search engines are told that all these addresses are one, so that no code is listed.
    """
    built = built_page("visitor")
    if built is None:
        return visitor_app(request)
    return HttpResponse(folded(built.decode(), TICKETS), headers={"Cache-Control": "no-cache"})


def _answer(request: HttpRequest, make: Callable[[], PublicPage | None]) -> HttpResponse:
    built = built_page("visitor")
    if built is None:
        return visitor_app(request)
    language = language_of(request)
    try:
        written = pages.find(
            (str(settings.WEB_DIST), request.path, language, _names_language(request)),
            lambda: _written(built.decode(), make()),
            at=timezone.now(),
        )
    except DatabaseError as error:
        # The app says what is wrong better than a page of the server could.
        log.warning("page_without_text", path=request.path, error=str(error))
        return visitor_app(request)
    if not written:
        return _nowhere(request)
    return HttpResponse(written, headers=_heads(request))


def _nowhere(request: HttpRequest) -> HttpResponse:
    """The app, which says so in words; before it the server does."""
    built = built_page("visitor")
    if built is None:
        return visitor_app(request)
    written = nowhere(built.decode(), language=language_of(request))
    return HttpResponse(written, status=NOT_FOUND, headers=_heads(request))


def _heads(request: HttpRequest) -> dict[str, str]:
    """A page without a language in its address is another one for the next reader."""
    language = {"Content-Language": language_of(request)}
    varies = {} if _names_language(request) else {"Vary": "Accept-Language"}
    return {"Cache-Control": "no-cache", **language, **varies}


def _written(built: str, page: PublicPage | None) -> str:
    return filled(built, page) if page else ""


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The app without any text: what a phone keeps to open every address without network."""
    answer = visitor_app(request)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def map_settings(request: HttpRequest) -> HttpResponse:
    """Which map the operator wants under the places; without one the app draws its own."""
    told = {"style_url": settings.MAP_STYLE_URL or None, "credit": settings.MAP_CREDIT}
    return JsonResponse(told, headers={"Cache-Control": "public, max-age=300"})


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read, and where the list of pages is."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/api/", "/admin/", "/pay/")),
        f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The parts of the list of all public pages."""
    return _xml(sitemap_index())


@require_safe
def sitemap_of_part(request: HttpRequest, part: str) -> HttpResponse:
    """Public pages in every language."""
    return _xml(sitemap_part(int(part)))


def _xml(text: str | None) -> HttpResponse:
    if text is None:
        return HttpResponse(status=NOT_FOUND)
    headers = {"Cache-Control": f"public, max-age={SITEMAP_LIVES_S}"}
    return HttpResponse(text, content_type="application/xml; charset=utf-8", headers=headers)
