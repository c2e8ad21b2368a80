"""A place as lists and maps show it.

The items are made as plain dicts and written at once: the schema documents them and a test
holds every answer against it.
"""

from datetime import datetime
from typing import Any, Literal

import orjson
from django.conf import settings
from ninja import Field, Schema

from sites.domain.catalogue import Card
from sites.domain.languages import any_language
from sites.domain.opening import open_state
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


def place_item(card: Card, *, speaking: str, at: datetime) -> dict[str, Any]:
    """Write one card as an item, in the language asked for or its fallback."""
    names: dict[str, str] = orjson.loads(card.names)
    language = any_language(names, asked=speaking)
    state = open_state(hours=card.opening_hours, closures=card.whole_closures(), at=at)
    return {
        "slug": card.slug,
        "name": names[language] if language else card.slug,
        "language": language,
        "category": card.category,
        "location": None if card.lat is None else {"lat": card.lat, "lon": card.lon},
        "location_error_m": card.location_error_m,
        "location_credit": card.location_credit or None,
        "distance_m": None if card.distance_m is None else round(card.distance_m, 1),
        "open_now": state.open_now,
        "opens_at": state.opens_at,
        "closes_at": state.closes_at,
        "on_sale": card.on_sale,
        "languages": sorted(names),
        "thumbnail": photo_address(card.thumbnail),
    }


def photo_address(path: str) -> str | None:
    """Return where a stored picture is served; none has no address."""
    return f"{settings.MEDIA_URL}{path}" if path else None


def feature(item: dict[str, Any]) -> dict[str, Any]:
    """Write an item whose point is known as a feature of a map."""
    point = item["location"]
    return {
        "type": "Feature",
        "id": item["slug"],
        "geometry": {"type": "Point", "coordinates": [point["lon"], point["lat"]]},
        "properties": item,
    }
