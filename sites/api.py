"""The catalogue over HTTP."""

import re
from datetime import datetime

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from sites.domain.catalogue import Page, list_places
from sites.domain.closures import whole_closures_ahead
from sites.domain.places import find_place
from sites.domain.remembered import Remembered
from sites.schemas.answers import json_answer, kept_answer, next_page
from sites.schemas.caller import language_of
from sites.schemas.place_details import PlaceDetailOut, place_detail
from sites.schemas.places import FeatureCollection, PlacesOut, feature, place_text
from sites.schemas.problems import Problem, ProblemError
from sites.schemas.questions import MapQuestion, PlacesQuestion

router = Router(tags=["sites"])

LIST_LIVES_S = 10
PLACE_LIVES_S = 10
MAP_LIVES_S = 60
SLUG = re.compile(r"[a-z0-9_-]{1,80}")
# Lists without a point, written out, by host, language and question.
lists: Remembered[str] = Remembered(seconds=2, size=256)
GEOJSON = "application/geo+json"
FEATURES = {"$ref": "#/components/schemas/FeatureCollection"}


@router.get("/sites", response={200: PlacesOut, 422: Problem, 503: Problem})
def list_sites(request: HttpRequest, question: Query[PlacesQuestion]) -> HttpResponse:
    """List published places: by distance with `near`, by likeness with `q`, else as catalogued."""
    at = timezone.now()
    if question.near:
        return json_answer(_written_list(request, question, at), seconds=LIST_LIVES_S)
    # Nobody stands at the same spot, but everybody asks for the first page.
    key = (request.get_host(), language_of(request), request.META["QUERY_STRING"])
    written = lists.find(key, lambda: _written_list(request, question, at), at=at)
    return json_answer(written, seconds=LIST_LIVES_S)


@router.get(
    "/sites.geojson",
    response={200: FeatureCollection, 304: None, 422: Problem, 503: Problem},
    openapi_extra={"responses": {200: {"content": {GEOJSON: {"schema": FEATURES}}}}},
)
def map_of_sites(request: HttpRequest, question: Query[MapQuestion]) -> HttpResponse:
    """List the places whose point is known as GeoJSON, with the same filters."""
    page, items = _page(request, question, at=timezone.now(), located=True)
    features = [feature(item) for item in items]
    body = {
        "type": "FeatureCollection",
        "features": features,
        "credits": sorted({each["properties"]["location_credit"] for each in features}),
        "count": page.count,
        "next": next_page(request, page.next),
    }
    return kept_answer(request, body, seconds=MAP_LIVES_S, content_type=GEOJSON)


@router.get("/sites/{slug}", response={200: PlaceDetailOut, 304: None, 404: Problem, 503: Problem})
def one_site(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one place: hours, closures, notices, gates, and where every fact is from."""
    at, speaking = timezone.now(), language_of(request)
    found = find_place(slug=slug, at=at) if SLUG.fullmatch(slug) else None
    if found is None:
        detail = _("There is no such place.")
        raise ProblemError(status=404, code="site_not_found", detail=detail)
    body = place_detail(found, speaking=speaking, at=at)
    answer = kept_answer(request, body, seconds=PLACE_LIVES_S)
    answer.headers["Content-Language"] = body["language"] or speaking
    return answer


def _written_list(request: HttpRequest, question: PlacesQuestion, at: datetime) -> str:
    page, items = _page(request, question, at=at)
    address = orjson.dumps(next_page(request, page.next)).decode()
    return f'{{"items":[{",".join(items)}],"count":{page.count},"next":{address}}}'


def _page(
    request: HttpRequest, question: PlacesQuestion, *, at: datetime, located: bool = False
) -> tuple[Page, list[str]]:
    """Ask the catalogue, and write each place in the caller's language."""
    speaking = language_of(request)
    page = list_places(
        filters=question.filters(at=at, located=located),
        speaking=speaking,
        limit=question.limit,
        after=question.after(),
        at=at,
    )
    ahead = whole_closures_ahead(at=at)
    return page, [
        place_text(card, speaking=speaking, closures=ahead.get(card.id, ()), at=at)
        for card in page.cards
    ]
