"""Bring the catalogue's files into the database.

What a file says, the file owns: facts that staff changed are set back. What no file says is
left alone: closures, notices, photos, memberships, texts in other languages, other places.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.gis.geos import Point
from django.db import models, transaction

from sites.domain.cards import write_cards
from sites.domain.catalogue_files import Catalogue, PlaceEntry, PointEntry
from sites.models import (
    Gate,
    HeritageSite,
    Organisation,
    OrganisationText,
    SiteText,
    Source,
    Ward,
)

Row = Mapping[str, Any]


@dataclass(slots=True)
class Changes:
    """How many rows of one kind were made, changed and left as they were."""

    made: int = 0
    changed: int = 0
    same: int = 0


@dataclass(slots=True)
class Loaded:
    """What a load did, by kind of row."""

    rows: dict[str, Changes] = field(default_factory=dict)
    cards: int = 0


@transaction.atomic
def load_catalogue(*, catalogue: Catalogue) -> Loaded:
    """Make the database say what the files say; a second time nothing is written."""
    loaded = Loaded()
    rows = loaded.rows
    rows["sources"] = _keep(Source, ("key",), map(_source, catalogue.sources.values()))
    rows["wards"] = _keep(Ward, ("gso_code",), map(_ward, catalogue.wards.values()))
    rows["organisations"] = _keep(
        Organisation,
        ("slug",),
        (
            {"slug": slug, "address": o.address, "phone": o.phone, "website": o.website}
            for slug, o in catalogue.organisations.items()
        ),
    )
    organisations = dict(Organisation.objects.values_list("slug", "id"))
    rows["organisation texts"] = _keep(
        OrganisationText,
        ("organisation_id", "language"),
        (
            {"organisation_id": organisations[slug], "language": language, "name": name}
            for slug, organisation in catalogue.organisations.items()
            for language, name in organisation.texts.items()
        ),
    )
    sites = _load_places(catalogue, organisations, rows)
    loaded.cards = write_cards(site_ids=list(sites.values()))
    return loaded


def _load_places(
    catalogue: Catalogue, organisations: dict[str, int], rows: dict[str, Changes]
) -> dict[str, int]:
    wards = dict(Ward.objects.values_list("gso_code", "id"))
    places = catalogue.places.values()
    rows["places"] = _keep(
        HeritageSite,
        ("slug",),
        (
            _place(place, catalogue)
            | {
                "organisation_id": organisations.get(place.organisation or ""),
                "ward_id": wards.get(place.ward or ""),
            }
            for place in places
        ),
    )
    sites = dict(HeritageSite.objects.filter(slug__in=catalogue.places).values_list("slug", "id"))
    rows["texts"] = _keep(
        SiteText,
        ("site_id", "language"),
        (text for place in places for text in _texts(place, sites[place.slug], catalogue)),
    )
    rows["gates"] = _keep(
        Gate,
        ("site_id", "code"),
        (gate for place in places for gate in _gates(place, sites[place.slug], catalogue)),
    )
    return sites


def _source(source: Any) -> Row:
    return source.model_dump(exclude={"credit"})  # type: ignore[no-any-return]  # a dict


def _ward(ward: Any) -> Row:
    return {"gso_code": ward.gso_code, "name": ward.name, "kind": ward.kind.upper()}


def _point(entry: PointEntry | None, catalogue: Catalogue) -> dict[str, Any]:
    if entry is None:
        return {"location": None, "location_error_m": None, "location_credit": ""}
    credits = (catalogue.sources[key].credit for key in entry.source)
    return {
        "location": Point(entry.lon, entry.lat, srid=4326),
        "location_error_m": entry.error_m,
        "location_credit": " · ".join(credit for credit in credits if credit),
    }


def _place(place: PlaceEntry, catalogue: Catalogue) -> dict[str, Any]:
    hours = catalogue.hours[place.opening_hours] if place.opening_hours else None
    return {
        **place.model_dump(
            include={
                "slug", "tier", "category", "organisation_inferred", "on_sale", "ticket_bit",
                "charges_entry", "ward_certain", "address",
            }
        ),
        **_point(place.location, catalogue),
        "location_quality": place.location.quality if place.location else "unknown",
        "unesco_relation": place.unesco.relation,
        "unesco_component": place.unesco.component or "",
        "built_start": place.built.start,
        "built_end": place.built.end,
        "opening_hours": hours.hours if hours else "",
        "sources": list(dict.fromkeys([*place.sources, *(hours.sources if hours else ())])),
    }  # fmt: skip


def _texts(place: PlaceEntry, site_id: int, catalogue: Catalogue) -> Iterable[Row]:
    notes = catalogue.hours[place.opening_hours].notes if place.opening_hours else {}
    for language, text in place.texts.items():
        yield {
            "site_id": site_id,
            "language": language,
            **text.model_dump(),
            "opening_hours_note": notes.get(language, ""),
        }


def _gates(place: PlaceEntry, site_id: int, catalogue: Catalogue) -> Iterable[Row]:
    for gate in place.gates:
        yield {
            "site_id": site_id,
            "code": gate.code,
            "name": gate.name,
            "use": gate.use,
            **_point(gate.location, catalogue),
        }


def _keep(model: type[models.Model], key: tuple[str, ...], rows: Iterable[Row]) -> Changes:
    """Make missing rows and change different ones, in two statements at most."""
    wanted = {tuple(row[name] for name in key): row for row in rows}
    first = {f"{key[0]}__in": {values[0] for values in wanted}}
    stored = {
        tuple(getattr(old, name) for name in key): old
        for old in model._default_manager.filter(**first)
    }
    new = [model(**row) for values, row in wanted.items() if values not in stored]
    different = [
        stored[values]
        for values, row in wanted.items()
        if values in stored and any(getattr(stored[values], name) != row[name] for name in row)
    ]
    for old in different:
        for name, value in wanted[tuple(getattr(old, name) for name in key)].items():
            setattr(old, name, value)
    model._default_manager.bulk_create(new)
    if different:
        fields = wanted[tuple(getattr(different[0], name) for name in key)].keys() - set(key)
        model._default_manager.bulk_update(different, sorted(fields))
    same = len(wanted) - len(new) - len(different)
    return Changes(made=len(new), changed=len(different), same=same)
