"""The catalogue over HTTP."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from sites.domain.catalogue import list_places
from sites.schemas.answers import kept_answer, next_page
from sites.schemas.caller import language_of
from sites.schemas.places import FeatureCollection, PlacesOut, feature, place_item
from sites.schemas.problems import Problem
from sites.schemas.questions import MapQuestion, PlacesQuestion

router = Router(tags=["sites"])

LIST_LIVES_S = 10
MAP_LIVES_S = 60
GEOJSON = "application/geo+json"
FEATURES = {"$ref": "#/components/schemas/FeatureCollection"}


@router.get("/sites", response={200: PlacesOut, 304: None, 422: Problem, 503: Problem})
def list_sites(request: HttpRequest, question: Query[PlacesQuestion]) -> HttpResponse:
    """List published places: by distance with `near`, by likeness with `q`, else as catalogued."""
    at, speaking = timezone.now(), language_of(request)
    page = list_places(
        filters=question.filters(at=at),
        speaking=speaking,
        limit=question.limit,
        after=question.after(),
        at=at,
    )
    items = [place_item(card, speaking=speaking, at=at) for card in page.cards]
    body = {"items": items, "count": page.count, "next": next_page(request, page.next)}
    return kept_answer(request, body, seconds=LIST_LIVES_S)


@router.get(
    "/sites.geojson",
    response={200: FeatureCollection, 304: None, 422: Problem, 503: Problem},
    openapi_extra={"responses": {200: {"content": {GEOJSON: {"schema": FEATURES}}}}},
)
def map_of_sites(request: HttpRequest, question: Query[MapQuestion]) -> HttpResponse:
    """List the places whose point is known as GeoJSON, with the same filters."""
    at, speaking = timezone.now(), language_of(request)
    page = list_places(
        filters=question.filters(at=at, located=True),
        speaking=speaking,
        limit=question.limit,
        after=question.after(),
        at=at,
    )
    items = [place_item(card, speaking=speaking, at=at) for card in page.cards]
    body = {
        "type": "FeatureCollection",
        "features": [feature(item) for item in items],
        "credits": sorted({item["location_credit"] for item in items}),
        "count": page.count,
        "next": next_page(request, page.next),
    }
    return kept_answer(request, body, seconds=MAP_LIVES_S, content_type=GEOJSON)
