"""The shipped catalogue, brought into the database.

A fact is written when the files say something new of it. What staff changed since stays, and so
does all that the files do not speak of: closures, notices, photos, memberships, texts in further
languages, further places and gates.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.gis.geos import Point
from django.db import connection, models, transaction

from sites.domain.cards import write_cards
from sites.domain.catalogue_data import Catalogue, PlaceEntry, PointEntry
from sites.domain.shipped_rows import Row, keep_rows, table_of
from sites.models import (
    Gate,
    HeritageSite,
    Organisation,
    OrganisationText,
    Shipped,
    SiteText,
    Source,
    Ward,
)

# Any number that no other lock of the product has.
LOADING = 20_230_501
TOKEN_BITS = 32


@dataclass(slots=True)
class Loaded:
    """How many rows were made and changed, and which places were withdrawn."""

    places: int = 0
    made: int = 0
    changed: int = 0
    withdrawn: int = 0

    def keep(self, model: type[models.Model], key: Sequence[str], rows: Iterable[Row]) -> None:
        kept = keep_rows(model=model, key=key, rows=rows)
        self.made += kept.made
        self.changed += kept.changed


@dataclass(frozen=True, slots=True)
class BitTaken:
    """The file gives `slug` the number `bit`, which tickets contradict; nothing was written."""

    slug: str
    bit: int
    known_slug: str
    known_bit: int


@transaction.atomic
def load_catalogue(*, catalogue: Catalogue) -> Loaded | BitTaken:
    """Write what the files say anew, or nothing; a second time there is nothing to write."""
    with connection.cursor() as cursor:
        # Two starts at once take turns, and the second finds its work done.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOADING])
    if taken := _taken_bit(catalogue):
        return taken
    loaded = Loaded(places=len(catalogue.places))
    loaded.keep(Source, ["key"], _sources(catalogue))
    loaded.keep(Ward, ["gso_code"], _wards(catalogue))
    loaded.keep(Organisation, ["slug"], _organisations(catalogue))
    loaded.keep(OrganisationText, ["organisation_id", "language"], _organisation_texts(catalogue))
    loaded.keep(HeritageSite, ["slug"], _places(catalogue))
    sites = dict(HeritageSite.objects.filter(slug__in=catalogue.places).values_list("slug", "id"))
    loaded.keep(SiteText, ["site_id", "language"], _texts(catalogue, sites))
    loaded.keep(Gate, ["site_id", "code"], _gates(catalogue, sites))
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
    """Unpublish places that the files no longer know; tickets and orders still do."""
    gone = Shipped.objects.filter(table=table_of(HeritageSite)).exclude(key__in=catalogue.places)
    slugs = list(gone.values_list("key", flat=True))
    gone.delete()
    return HeritageSite.objects.filter(slug__in=slugs, published=True).update(published=False)


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
        for language, name in organisation.name.items() if slug in ids else ():
            yield {"organisation_id": ids[slug], "language": language, "name": name}


def _places(catalogue: Catalogue) -> Iterator[Row]:
    organisations = dict(Organisation.objects.values_list("slug", "id"))
    wards = dict(Ward.objects.values_list("gso_code", "id"))
    for place in sorted(catalogue.places.values(), key=_place_in_lists):
        hours = catalogue.hours[place.hours] if place.hours else None
        yield {
            **place.model_dump(
                include={
                    "slug", "category", "tier", "organisation_inferred", "ticket_bit",
                    "charges_entry", "ward_certain", "address", "unesco_component",
                    "built_start", "built_end", "sources",
                },
                # Staff may have given it a number; without one in the file that stays.
                exclude={"ticket_bit"} if place.ticket_bit is None else None,
            ),
            **_point(place.point, catalogue),
            "organisation_id": organisations.get(place.organisation or ""),
            "ward_id": wards.get(place.ward or ""),
            "location_quality": place.point.quality if place.point else "unknown",
            "unesco_relation": place.unesco or "none",
            "opening_hours": hours.hours if hours else "",
            "on_sale": place.ticket_bit is not None,
            "published": True,
        }  # fmt: skip


def _place_in_lists(place: PlaceEntry) -> int:
    """Lists keep the order in which places came: what sells tickets first."""
    return TOKEN_BITS if place.ticket_bit is None else place.ticket_bit


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
        for language, text in place.texts.items() if place.slug in sites else ():
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
        for gate in place.gates if place.slug in sites else ():
            yield {
                "site_id": sites[place.slug],
                "code": gate.code,
                "name": gate.name,
                "use": gate.use or "",
                **_point(gate.point, catalogue),
            }
