"""The shipped catalogue, brought into the database.

The files own the facts that they state. What they do not state is left alone: closures,
notices, photos, memberships, texts in further languages, further places and gates.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.gis.geos import Point
from django.db import connection, models, transaction

from sites.domain.cards import write_cards
from sites.domain.catalogue_data import Catalogue, PlaceEntry, PointEntry
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

# Any number that no other lock of the product has.
LOADING = 20_230_501


@dataclass(slots=True)
class Loaded:
    """How many rows were made and changed, and which places were withdrawn."""

    places: int = 0
    made: int = 0
    changed: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class BitTaken:
    """The file gives `slug` the number `bit`, which tickets contradict; nothing was written."""

    slug: str
    bit: int
    known_slug: str
    known_bit: int


@transaction.atomic
def load_catalogue(*, catalogue: Catalogue) -> Loaded | BitTaken:
    """Make the database say what the files say; a second time nothing is written."""
    with connection.cursor() as cursor:
        # Two starts at once take turns, and the second finds its work done.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])
    if taken := _taken_bit(catalogue):
        return taken
    loaded = Loaded(places=len(catalogue.places))
    _keep(loaded, Source, key=["key"], rows=_sources(catalogue))
    _keep(loaded, Ward, key=["gso_code"], rows=_wards(catalogue))
    _keep(loaded, Organisation, key=["slug"], rows=_organisations(catalogue))
    _keep(
        loaded,
        OrganisationText,
        key=["organisation_id", "language"],
        rows=_organisation_texts(catalogue),
    )
    _keep(loaded, HeritageSite, key=["slug"], rows=_places(catalogue))
    sites = dict(HeritageSite.objects.filter(slug__in=catalogue.places).values_list("slug", "id"))
    _keep(loaded, SiteText, key=["site_id", "language"], rows=_texts(catalogue, sites))
    _keep(loaded, Gate, key=["site_id", "code"], rows=_gates(catalogue, sites))
    loaded.withdrawn = _withdraw(catalogue)
    write_cards(site_ids=list(sites.values()))
    return loaded


def _taken_bit(catalogue: Catalogue) -> BitTaken | None:
    """A bit stands in issued tickets: no place gets another one, and none gets another's."""
    wanted = {
        place.slug: place.ticket_bit
        for place in catalogue.places.values()
        if place.ticket_bit is not None
    }
    numbers = HeritageSite.objects.values_list("slug", "ticket_bit")
    for known_slug, known_bit in numbers.filter(ticket_bit__isnull=False):
        for slug, bit in wanted.items():
            if known_bit is not None and (slug == known_slug) != (bit == known_bit):
                return BitTaken(slug, bit, known_slug, known_bit)
    return None


def _withdraw(catalogue: Catalogue) -> int:
    """Unpublish places that an earlier catalogue brought (they name their sources)."""
    gone = HeritageSite.objects.filter(published=True).exclude(slug__in=catalogue.places)
    return gone.exclude(sources=[]).update(published=False)


def _sources(catalogue: Catalogue) -> Iterator[Row]:
    for source in catalogue.sources.values():
        yield source.model_dump(exclude={"credit"})


def _wards(catalogue: Catalogue) -> Iterator[Row]:
    for ward in catalogue.wards.values():
        yield {"gso_code": ward.code, "name": ward.name, "kind": ward.kind}


def _organisations(catalogue: Catalogue) -> Iterator[Row]:
    for organisation in catalogue.organisations.values():
        yield organisation.model_dump(exclude={"name"})


def _organisation_texts(catalogue: Catalogue) -> Iterator[Row]:
    ids = dict(Organisation.objects.values_list("slug", "id"))
    for slug, organisation in catalogue.organisations.items():
        for language, name in organisation.name.items():
            yield {"organisation_id": ids[slug], "language": language, "name": name}


def _places(catalogue: Catalogue) -> Iterator[Row]:
    organisations = dict(Organisation.objects.values_list("slug", "id"))
    wards = dict(Ward.objects.values_list("gso_code", "id"))
    for place in catalogue.places.values():
        hours = catalogue.hours[place.hours] if place.hours else None
        yield {
            **place.model_dump(
                include={
                    "slug", "category", "tier", "organisation_inferred", "ticket_bit",
                    "charges_entry", "ward_certain", "address", "unesco_component",
                    "built_start", "built_end", "sources",
                },
                exclude={"ticket_bit"} if place.ticket_bit is None else None,
            ),
            **_point(place.point, catalogue),
            "organisation_id": organisations.get(place.organisation or ""),
            "ward_id": wards.get(place.ward or ""),
            "location_quality": place.point.quality if place.point else "unknown",
            "unesco_relation": place.unesco or "none",
            "opening_hours": hours.hours if hours else "",
            "on_sale": place.ticket_bit is not None,
        }  # fmt: skip


def _point(point: PointEntry | None, catalogue: Catalogue) -> Row:
    if point is None:
        return {"location": None, "location_error_m": None, "location_credit": ""}
    credits_ = (catalogue.sources[key].credit for key in point.sources)
    return {
        "location": Point(point.lon, point.lat, srid=4326),
        "location_error_m": point.error_m,
        "location_credit": " / ".join(credit for credit in credits_ if credit),
    }


def _texts(catalogue: Catalogue, sites: Mapping[str, int]) -> Iterator[Row]:
    for place in catalogue.places.values():
        for language, text in place.texts.items():
            yield {
                "site_id": sites[place.slug],
                "language": language,
                **text.model_dump(),
                **_shared_texts(place, catalogue, language),
            }


def _shared_texts(place: PlaceEntry, catalogue: Catalogue, language: str) -> Row:
    listing = catalogue.listings[place.listing].text if place.listing else {}
    hours = catalogue.hours[place.hours].note if place.hours else None
    return {
        "national_status": listing.get(language, ""),
        "opening_hours_note": (hours or {}).get(language, ""),
    }


def _gates(catalogue: Catalogue, sites: Mapping[str, int]) -> Iterator[Row]:
    for place in catalogue.places.values():
        for gate in place.gates:
            yield {
                "site_id": sites[place.slug],
                "code": gate.code,
                "name": gate.name,
                "use": gate.use or "",
                **_point(gate.point, catalogue),
            }


def _keep(
    loaded: Loaded, model: type[models.Model], *, key: Sequence[str], rows: Iterable[Row]
) -> None:
    """Make the rows that are missing and change those that differ, each in one statement."""
    wanted = {tuple(row[name] for name in key): row for row in rows}
    table = model._default_manager  # noqa: SLF001  # Django's name for it
    stored = {
        tuple(getattr(row, name) for name in key): row
        for row in table.filter(**{f"{key[0]}__in": {names[0] for names in wanted}})
    }
    made = [model(**row) for names, row in wanted.items() if names not in stored]
    changed: list[models.Model] = []
    fields: set[str] = set()
    for names, old in stored.items():
        different = {
            name: value
            for name, value in wanted.get(names, {}).items()
            if getattr(old, name) != value
        }
        for name, value in different.items():
            setattr(old, name, value)
        if different:
            changed.append(old)
            fields |= different.keys()
    table.bulk_create(made)
    if changed:
        table.bulk_update(changed, sorted(fields))
    loaded.made += len(made)
    loaded.changed += len(changed)
