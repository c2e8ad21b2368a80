"""Published 360° tours over HTTP, and their visits."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router

from guides.domain.tour_publishing import published_tour
from guides.domain.tours_shown import TourShown, find_tour, tours_of_site
from guides.domain.visiting import Visit, VisitKept, VisitRefused, keep_visit
from guides.schemas.callers import is_ours
from guides.schemas.tours import (
    TourOut,
    ToursOut,
    VisitIn,
    VisitOut,
    tour_card,
    tour_detail,
)
from sites.domain.limits import within_limit
from sites.domain.remembered import Remembered
from sites.models import HeritageSite
from sites.schemas.answers import kept_answer
from sites.schemas.caller import address_of, language_of
from sites.schemas.problems import Problem, ProblemError

router = Router(tags=["tours"])

TOUR_LIVES_S = 10
LARGEST_ID = 2**63 - 1
SLUG_LENGTH = 80
tours: Remembered[tuple[dict[str, Any], str]] = Remembered(seconds=2, size=256)


@router.get("/sites/{slug}/tours", response={200: ToursOut, 304: None, 404: Problem, 503: Problem})
def list_tours(request: HttpRequest, slug: str) -> HttpResponse:
    """List the published 360° tours of a place."""
    readable = len(slug) <= SLUG_LENGTH and "\x00" not in slug
    site = HeritageSite.objects.filter(slug=slug, published=True).first() if readable else None
    if site is None:
        detail = _("There is no such place.")
        raise ProblemError(status=404, code="site_not_found", detail=detail)
    found = tours_of_site(site=site, asked=language_of(request), at=timezone.now())
    body = {"items": [tour_card(each) for each in found], "count": len(found), "next": None}
    return kept_answer(request, body, seconds=TOUR_LIVES_S)


@router.get("/tours/{int:tour_id}", response={200: TourOut, 304: None, 404: Problem, 503: Problem})
def one_tour(request: HttpRequest, tour_id: int) -> HttpResponse:
    """Show one published tour: scenes, hotspots, tiles, and what is heard."""
    body, language = written_tour(tour_id, language_of(request))
    answer = kept_answer(request, body, seconds=TOUR_LIVES_S)
    answer.headers["Content-Language"] = language
    return answer


@router.post(
    "/tours/{int:tour_id}/visits",
    response={200: VisitOut, 404: Problem, 409: Problem, 422: Problem, 429: Problem, 503: Problem},
)
def tell_visit(request: HttpRequest, tour_id: int, told: VisitIn) -> dict[str, Any]:
    """Count a visit, anonymously and once; told again, its time and scenes only grow."""
    limit = settings.TELLINGS_PER_MINUTE
    if not within_limit(what="visits", who=address_of(request), per_minute=limit):
        detail = _("Too many requests from here. Please wait a minute.")
        raise ProblemError(status=429, code="too_many_requests", detail=detail, Retry_After="60")
    version = published_tour(tour_id=tour_id) if tour_id <= LARGEST_ID else None
    if version is None:
        raise tour_not_found()
    visit = Visit(
        client_id=told.visit_id,
        started_at=told.started_at,
        seconds=told.seconds,
        scenes=frozenset(told.scenes) & _numbers(version.content),
        staff=is_ours(request),
    )
    match keep_visit(tour=version.tour, visit=visit, at=timezone.now()):
        case VisitKept(seconds):
            return {"visit_id": told.visit_id, "seconds": seconds}
        case VisitRefused():
            detail = _("This visit cannot be counted: its times or its number do not fit.")
            raise ProblemError(status=409, code="visit_refused", detail=detail)


def written_tour(tour_id: int, speaking: str) -> tuple[dict[str, Any], str]:
    """Return a published tour written out, and its language; kept for two seconds."""
    at = timezone.now()
    known = tours.recall((tour_id, speaking), at=at)
    if known:
        return known
    shown: TourShown | None = None
    if tour_id <= LARGEST_ID:
        shown = find_tour(tour_id=tour_id, asked=speaking, at=at)
    if shown is None:
        raise tour_not_found()
    written = tour_detail(shown), shown.language
    tours.keep((tour_id, speaking), written, at=at)
    return written


def tour_not_found() -> ProblemError:
    return ProblemError(status=404, code="tour_not_found", detail=_("There is no such tour."))


def _numbers(content: dict[str, Any]) -> frozenset[int]:
    return frozenset(scene["number"] for scene in content["scenes"])
