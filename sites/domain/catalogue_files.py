"""The catalogue's files: what they may say, and a clear sentence when they say it wrongly."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sites.domain.opening import is_readable
from sites.models import Category, Gate, HeritageSite, Language, Source

DATA = Path(__file__).resolve().parent.parent / "data"
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Sources = list[str]


class CatalogueError(Exception):
    """A file is wrong; the text names the file, the place and the field."""


def _readable(hours: str) -> str:
    if not is_readable(hours):
        raise ValueError("not in the OSM opening_hours syntax")
    return hours


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourceEntry(Entry):
    key: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=40)]
    kind: Literal[tuple(Source.Kind.values)]  # type: ignore[valid-type]  # the model's own list
    title: Annotated[str, Field(min_length=1, max_length=200)]
    licence: str = ""
    credit: str = ""


class WardEntry(Entry):
    gso_code: Annotated[str, Field(pattern=r"^\d{5}$")]
    name: str
    kind: Literal["ward", "commune"]


class OrganisationEntry(Entry):
    slug: Slug
    texts: dict[str, str]
    address: str
    phone: str
    website: str
    sources: Sources


class HoursEntry(Entry):
    id: Slug
    hours: Annotated[str, AfterValidator(_readable)]
    notes: dict[str, str]
    sources: Sources


class PointEntry(Entry):
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    error_m: Annotated[int, Field(ge=0)]
    source: Annotated[Sources, Field(min_length=1)]


class SitePointEntry(PointEntry):
    quality: Literal[tuple(HeritageSite.PointQuality.values)]  # type: ignore[valid-type]  # as above


class UnescoEntry(Entry):
    relation: Literal[tuple(HeritageSite.WorldHeritage.values)]  # type: ignore[valid-type]  # as above
    component: str | None


class BuiltEntry(Entry):
    start: int | None
    end: int | None


class TextEntry(Entry):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    built: Annotated[str, Field(max_length=80)] = ""
    national_status: Annotated[str, Field(max_length=200)] = ""
    description: str = ""


class GateEntry(Entry):
    code: Slug
    name: str
    use: Literal[("", *Gate.Use.values)]  # type: ignore[valid-type]  # as above
    location: PointEntry | None


class PlaceEntry(Entry):
    slug: Slug
    tier: Literal[1, 2]
    category: Literal[tuple(Category.values)]  # type: ignore[valid-type]  # as above
    organisation: str | None
    organisation_inferred: bool = False
    on_sale: bool
    ticket_bit: Annotated[int, Field(ge=0, le=31)] | None
    charges_entry: bool | None
    ward: str | None
    ward_certain: bool | None
    address: Annotated[str, Field(max_length=200)]
    location: SitePointEntry | None
    unesco: UnescoEntry
    built: BuiltEntry
    opening_hours: str | None
    texts: Annotated[dict[str, TextEntry], Field(min_length=1)]
    gates: list[GateEntry] = []
    sources: Sources


class Catalogue(BaseModel):
    """Everything that the files say."""

    sources: dict[str, SourceEntry]
    wards: dict[str, WardEntry]
    organisations: dict[str, OrganisationEntry]
    hours: dict[str, HoursEntry]
    places: dict[str, PlaceEntry]


def read_catalogue(*, folder: Path = DATA) -> Catalogue:
    """Read and check all files; raise CatalogueError before anything is written."""
    files = sorted((folder / "places").glob("*.yaml"))
    places = [entry for file in files for entry in _read(file, PlaceEntry, name="slug")]
    catalogue = Catalogue(
        sources=_by(_read(folder / "sources.yaml", SourceEntry, name="key"), "key"),
        wards=_by(_read(folder / "wards.yaml", WardEntry, name="gso_code"), "gso_code"),
        organisations=_by(
            _read(folder / "organisations.yaml", OrganisationEntry, name="slug"), "slug"
        ),
        hours=_by(_read(folder / "opening_hours.yaml", HoursEntry, name="id"), "id"),
        places=_by(places, "slug"),
    )
    for place in places:
        _check_place(place, catalogue)
    _check_bits(places)
    return catalogue


def _read(file: Path, kind: type[Entry], *, name: str) -> list[Any]:
    try:
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise CatalogueError(f"{file.name}: cannot be read: {error}") from error
    if not isinstance(rows, list):
        raise CatalogueError(f"{file.name}: a list of entries is expected")
    try:
        return TypeAdapter(list[kind]).validate_python(rows)  # type: ignore[valid-type]  # a value
    except ValidationError as error:
        raise CatalogueError(_sentence(file, rows, error, name)) from error


def _sentence(file: Path, rows: list[Any], error: ValidationError, name: str) -> str:
    first = error.errors()[0]
    number, *path = first["loc"]
    row = rows[number] if isinstance(number, int) else None
    entry = row.get(name, f"number {number}") if isinstance(row, dict) else f"number {number}"
    field = ".".join(str(part) for part in path) or "the entry"
    return f"{file.name}: {entry}: {field}: {first['msg']}"


def _by(entries: Iterable[Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries:
        name = getattr(entry, key)
        if name in found:
            raise CatalogueError(f"{name}: {key}: is there twice")
        found[name] = entry
    return found


def _check_place(place: PlaceEntry, catalogue: Catalogue) -> None:
    """Hold the names that a place uses against the other files."""
    points = [place.location, *(gate.location for gate in place.gates)]
    used = [*place.sources, *(key for point in points if point for key in point.source)]
    for field, names, known in (
        ("organisation", [place.organisation], catalogue.organisations),
        ("ward", [place.ward], catalogue.wards),
        ("opening_hours", [place.opening_hours], catalogue.hours),
        ("sources", used, catalogue.sources),
        ("texts", place.texts, Language.values),
    ):
        for name in names:
            if name is not None and name not in known:
                raise CatalogueError(f"{place.slug}: {field}: {name} is not known")
    for point in points:
        if point and not any(catalogue.sources[key].credit for key in point.source):
            raise CatalogueError(f"{place.slug}: location: no source of the point has a credit")
    if place.on_sale and (place.ticket_bit is None or not place.gates):
        raise CatalogueError(f"{place.slug}: on_sale: needs a ticket_bit and a gate")


def _check_bits(places: list[PlaceEntry]) -> None:
    bits = Counter(place.ticket_bit for place in places if place.ticket_bit is not None)
    for place in places:
        if place.ticket_bit is not None and bits[place.ticket_bit] > 1:
            raise CatalogueError(f"{place.slug}: ticket_bit: {place.ticket_bit} is there twice")
