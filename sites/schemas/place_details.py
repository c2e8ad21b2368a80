"""One place as its own page shows it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.gis.geos import Point
from ninja import Field, Schema

from sites.domain.languages import any_language
from sites.domain.opening import TIMEZONE
from sites.domain.places import PlaceFound
from sites.models import Closure, Gate, HeritageSite, Language, Notice, Photo, SiteText
from sites.schemas.places import LocationOut, PlaceOut

WORLD_HERITAGE_NUMBER = 678


class OpeningHoursOut(Schema):
    osm: str | None = Field(description="OSM opening_hours syntax; null: no source gives hours.")
    note: str | None
    open_now: bool | None
    next_change: datetime | None


class NoticeOut(Schema):
    """Something to know before paying."""

    text: str
    language: Language | None
    shows_from: datetime
    shows_until: datetime | None


class ClosureOut(Schema):
    """`ends_at` is exclusive; null: until further notice."""

    text: str
    language: Language | None
    starts_at: datetime
    ends_at: datetime | None
    whole_site: bool = Field(description="False: a part is closed and the rest is open.")
    closed_now: bool


class GateOut(Schema):
    code: str
    name: str
    use: Gate.Use | None
    location: LocationOut | None
    location_error_m: int | None
    location_credit: str | None


class OrganisationOut(Schema):
    slug: str
    name: str
    inferred: bool = Field(description="No source says so outright.")
    address: str | None
    phone: str | None
    website: str | None


class WardOut(Schema):
    gso_code: str
    name: str
    kind: str
    certain: bool | None = Field(description="False: the point is too rough to be sure.")


class UnescoOut(Schema):
    whs_no: int
    relation: HeritageSite.WorldHeritage
    component: str | None


class BuiltOut(Schema):
    text: str | None
    start: int | None
    end: int | None


class PhotoOut(Schema):
    url: str
    width: int
    height: int
    alt: str
    credit: str
    licence: str


class SourceOut(Schema):
    key: str
    kind: str
    title: str
    licence: str | None


class GuideLinkOut(Schema):
    """A published guide of the place; `/guides/{id}` tells it."""

    id: int
    slug: str
    kind: str
    title: str
    languages: list[Language] = Field(description="In which at least one stop can be heard.")
    stops: int
    duration_s: float
    is_free: bool


class VirtualTourLinkOut(Schema):
    """A published 360° tour of the place."""

    title: str
    url: str
    scenes: int


class PlaceDetailOut(PlaceOut):
    """A place with everything that a visitor should know before going or paying."""

    description: str
    address: str | None
    opening_hours: OpeningHoursOut
    notices: list[NoticeOut]
    closures: list[ClosureOut]
    gates: list[GateOut]
    organisation: OrganisationOut | None
    ward: WardOut | None
    unesco: UnescoOut | None
    national_status: str | None
    built: BuiltOut | None
    charges_entry: bool | None = Field(description="Null: not known.")
    step_free: bool | None = Field(description="Possible without a step; null: not known.")
    virtual_tour: VirtualTourLinkOut | None
    guides: list[GuideLinkOut] = Field(description="Published guides; empty: there is none.")
    photos: list[PhotoOut]
    credits: list[str] = Field(description="To be shown on the page of the place.")
    sources: list[SourceOut]


def place_detail(found: PlaceFound, *, speaking: str, at: datetime) -> dict[str, Any]:
    """Write a place in the language asked for or its fallback."""
    site = found.site
    texts = {text.language: text for text in site.texts.all()}
    language = any_language(texts, asked=speaking)
    text = texts[language] if language else None
    photos = sorted(site.photos.all(), key=lambda photo: (photo.position, photo.pk))
    return {
        **_card(found, photos),
        **_words(site, text),
        "language": language,
        "languages": sorted(texts),
        "opening_hours": _hours(found, text),
        "notices": [_notice(notice, speaking) for notice in site.notices.all()],
        "closures": [_closure(closure, speaking, at) for closure in site.closures.all()],
        "gates": [_gate(gate) for gate in sorted(site.gates.all(), key=lambda gate: gate.pk)],
        "organisation": _organisation(site, speaking),
        "ward": _ward(site),
        "unesco": _unesco(site),
        "virtual_tour": _titled(site.shown.get("virtual_tour"), speaking),
        "guides": [_titled(guide, speaking) for guide in site.shown.get("guides", [])],
        "photos": [_photo(photo, speaking) for photo in photos],
        "credits": _credits(site, photos),
        "sources": [
            {"key": s.key, "kind": s.kind, "title": s.title, "licence": s.licence or None}
            for s in found.sources
        ],
    }


def _titled(fact: dict[str, Any] | None, speaking: str) -> dict[str, Any] | None:
    """Choose the title of what an app above left here (`domain/showing.py`)."""
    if fact is None:
        return None
    titles = fact["titles"]
    language = any_language(titles, asked=speaking)
    rest = {name: value for name, value in fact.items() if name != "titles"}
    return {**rest, "title": titles[language] if language else ""}


def _card(found: PlaceFound, photos: list[Photo]) -> dict[str, Any]:
    site, state = found.site, found.state
    return {
        "slug": site.slug,
        "category": site.category,
        **_point(site),
        "distance_m": None,
        "open_now": state.open_now,
        "opens_at": state.opens_at,
        "closes_at": state.closes_at,
        "on_sale": site.on_sale,
        "thumbnail": photos[0].image.url if photos else None,
        "address": site.address or None,
        "charges_entry": site.charges_entry,
        "step_free": site.step_free,
    }


def _words(site: HeritageSite, text: SiteText | None) -> dict[str, Any]:
    return {
        "name": text.name if text else "",
        "description": text.description if text else "",
        "national_status": (text.national_status or None) if text else None,
        "built": _built(site, text.built if text else ""),
    }


def _hours(found: PlaceFound, text: SiteText | None) -> dict[str, Any]:
    return {
        "osm": found.site.opening_hours or None,
        "note": (text.opening_hours_note or None) if text else None,
        "open_now": found.state.open_now,
        "next_change": found.state.next_change,
    }


def _point(thing: HeritageSite | Gate) -> dict[str, Any]:
    point: Point | None = thing.location
    return {
        "location": {"lat": point.y, "lon": point.x} if point else None,
        "location_error_m": thing.location_error_m,
        "location_credit": thing.location_credit or None,
    }


def _said(texts: Iterable[Any], speaking: str, field: str) -> tuple[str, str | None]:
    known = {text.language: str(getattr(text, field)) for text in texts}
    language = any_language(known, asked=speaking)
    return (known[language], language) if language else ("", None)


def _local(instant: datetime | None) -> datetime | None:
    return instant.astimezone(TIMEZONE) if instant else None


def _notice(notice: Notice, speaking: str) -> dict[str, Any]:
    text, language = _said(notice.texts.all(), speaking, "text")
    return {
        "text": text,
        "language": language,
        "shows_from": _local(notice.shows_from),
        "shows_until": _local(notice.shows_until),
    }


def _closure(closure: Closure, speaking: str, at: datetime) -> dict[str, Any]:
    text, language = _said(closure.texts.all(), speaking, "text")
    return {
        "text": text,
        "language": language,
        "starts_at": _local(closure.starts_at),
        "ends_at": _local(closure.ends_at),
        "whole_site": closure.whole_site,
        "closed_now": closure.starts_at <= at,
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return {"code": gate.code, "name": gate.name, "use": gate.use or None, **_point(gate)}


def _organisation(site: HeritageSite, speaking: str) -> dict[str, Any] | None:
    body = site.organisation
    if body is None:
        return None
    name, _language = _said(body.texts.all(), speaking, "name")
    return {
        "slug": body.slug,
        "name": name,
        "inferred": site.organisation_inferred,
        "address": body.address or None,
        "phone": body.phone or None,
        "website": body.website or None,
    }


def _ward(site: HeritageSite) -> dict[str, Any] | None:
    ward = site.ward
    if ward is None:
        return None
    return {
        "gso_code": ward.gso_code,
        "name": ward.name,
        "kind": ward.kind.lower(),
        "certain": site.ward_certain,
    }


def _unesco(site: HeritageSite) -> dict[str, Any] | None:
    if site.unesco_relation == HeritageSite.WorldHeritage.NONE:
        return None
    return {
        "whs_no": WORLD_HERITAGE_NUMBER,
        "relation": site.unesco_relation,
        "component": site.unesco_component or None,
    }


def _built(site: HeritageSite, text: str) -> dict[str, Any] | None:
    if not text and site.built_start is None and site.built_end is None:
        return None
    return {"text": text or None, "start": site.built_start, "end": site.built_end}


def _photo(photo: Photo, speaking: str) -> dict[str, Any]:
    alt, _language = _said(photo.texts.all(), speaking, "alt")
    return {
        "url": photo.image.url,
        "width": photo.width,
        "height": photo.height,
        "alt": alt,
        "credit": photo.credit,
        "licence": photo.licence,
    }


def _credits(site: HeritageSite, photos: list[Photo]) -> list[str]:
    places = [site.location_credit, *(gate.location_credit for gate in site.gates.all())]
    pictures = [f"{photo.credit}, {photo.licence}" for photo in photos]
    return [credit for credit in dict.fromkeys([*places, *pictures]) if credit]
