"""A place as lists and maps show it.

Items are put together as text from members that the database keeps ready: the schema documents
them, and tests hold real answers against it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import orjson
from ninja import Field, Schema

from sites.domain.catalogue import Card
from sites.domain.languages import any_language
from sites.domain.opening import OpenState, Span, open_state
from sites.models import Category, Language


class LocationOut(Schema):
    """WGS 84, in degrees."""

    lat: float
    lon: float


class PlaceOut(Schema):
    """One place in a list."""

    slug: str
    name: str
    language: Language | None = Field(
        description="Language that this item is served in: asked, else English, else Vietnamese."
    )
    category: Category
    location: LocationOut | None
    location_error_m: int | None = Field(description="How far off the point may be.")
    location_credit: str | None = Field(description="To be shown wherever the point is.")
    distance_m: float | None = Field(description="From `near`, on the ellipsoid.")
    open_now: bool | None = Field(description="Null: no hours are known.")
    opens_at: datetime | None
    closes_at: datetime | None
    on_sale: bool
    languages: list[Language]
    thumbnail: str | None


class PlacesOut(Schema):
    """One page of places."""

    items: list[PlaceOut]
    count: int = Field(description="All places that match, as counted within the last seconds.")
    next: str | None


class GeoPoint(Schema):
    type: Literal["Point"]
    coordinates: tuple[float, float] = Field(description="Longitude, latitude.")


class Feature(Schema):
    type: Literal["Feature"]
    id: str
    geometry: GeoPoint
    properties: PlaceOut


class FeatureCollection(Schema):
    """GeoJSON (RFC 7946) of the places whose point is known."""

    type: Literal["FeatureCollection"]
    features: list[Feature]
    credits: list[str] = Field(description="To be shown with the map.")
    count: int
    next: str | None


def place_text(card: Card, *, speaking: str, closures: Sequence[Span], at: datetime) -> str:
    """Write one card as an item, in the language asked for or its fallback."""
    names: dict[str, str] = orjson.loads(card.names)
    language = any_language(names, asked=speaking)
    # A place without any text is shown by its slug.
    own = f'"name":{_json(names[language])},"language":"{language}"' if language else NAMELESS
    away = "null" if card.distance_m is None else f"{card.distance_m:.1f}"
    state = open_state(hours=card.opening_hours, closures=closures, at=at)
    return f'{{{card.card},{own},"distance_m":{away},{_open_members(state)}}}'


NAMELESS = '"name":"","language":null'


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


@lru_cache(maxsize=4096)
def _open_members(state: OpenState) -> str:
    members = {
        "open_now": state.open_now,
        "opens_at": state.opens_at,
        "closes_at": state.closes_at,
    }
    return _json(members)[1:-1]


def feature(written: str) -> dict[str, Any]:
    """Turn the item of a place whose point is known into a feature of a map."""
    item = orjson.loads(written)
    point = item["location"]
    return {
        "type": "Feature",
        "id": item["slug"],
        "geometry": {"type": "Point", "coordinates": [point["lon"], point["lat"]]},
        "properties": item,
    }
