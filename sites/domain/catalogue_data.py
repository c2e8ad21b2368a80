"""The catalogue that ships with the product: what its files may say, read and checked."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from sites.domain.opening import is_readable
from sites.models import Category, Gate, HeritageSite, Language, Source, Ward

DATA = Path(__file__).resolve().parent.parent / "data"

# Around Vietnam with its islands: a point outside is a slip, most often latitude for longitude.
SOUTH, NORTH, WEST, EAST = 6.0, 23.5, 102.0, 118.0


class WrongFile(Exception):  # noqa: N818  # it says what is wrong, not that something is
    """A file cannot be loaded; the text names the file, the entry and the field."""


def _in_osm_syntax(hours: str) -> str:
    if not is_readable(hours):
        raise ValueError("is not in the OSM opening_hours syntax")
    return hours


def _between(first: float, last: float) -> AfterValidator:
    def check(degrees: float) -> float:
        if not first <= degrees <= last:
            raise ValueError(f"{degrees} lies outside Vietnam")
        return degrees

    return AfterValidator(check)


def _in_languages(texts: dict[str, Any]) -> dict[str, Any]:
    """Vietnamese and English are there always; others are ours to know."""
    for language in (Language.VI.value, Language.EN.value):
        if language not in texts:
            raise ValueError(f"misses the language {language}")
    for language in texts:
        if language not in Language.values:
            raise ValueError(f"knows no language {language}")
    return texts


Words = TypeVar("Words")
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Translated = Annotated[dict[str, Words], AfterValidator(_in_languages)]


class Entry(BaseModel):
    """One entry of a file; a field that is not there is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourceEntry(Entry):
    key: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=40)]
    kind: Literal[tuple(Source.Kind.values)]  # type: ignore[valid-type]  # the model's list
    title: Annotated[str, Field(min_length=1, max_length=200)]
    licence: Annotated[str, Field(max_length=40)] = ""
    # Shown with every point that was read there.
    credit: str = ""


class WardEntry(Entry):
    code: Annotated[str, Field(pattern=r"^\d{5}$")]
    kind: Literal[tuple(Ward.Kind.values)]  # type: ignore[valid-type]  # the model's list
    name: Annotated[str, Field(min_length=1, max_length=100)]


class OrganisationEntry(Entry):
    slug: Slug
    name: Translated[Annotated[str, Field(min_length=1, max_length=200)]]
    address: Annotated[str, Field(max_length=200)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    website: Annotated[str, Field(max_length=200)] = ""


class HoursEntry(Entry):
    key: Slug
    # Without them a note may still say what is known.
    hours: Annotated[str, Field(max_length=400), AfterValidator(_in_osm_syntax)] = ""
    note: Translated[Annotated[str, Field(max_length=300)]] | None = None


class ListingEntry(Entry):
    key: Slug
    text: Translated[Annotated[str, Field(min_length=1, max_length=200)]]


class PointEntry(Entry):
    lat: Annotated[float, _between(SOUTH, NORTH)]
    lon: Annotated[float, _between(WEST, EAST)]
    error_m: Annotated[int, Field(ge=0)]
    sources: Annotated[list[str], Field(min_length=1)]


class PlacePointEntry(PointEntry):
    quality: Literal[tuple(HeritageSite.PointQuality.values)]  # type: ignore[valid-type]  # as above


class TextEntry(Entry):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    built: Annotated[str, Field(max_length=80)] = ""
    description: str = ""


class GateEntry(Entry):
    code: Slug
    name: Name
    use: Literal[tuple(Gate.Use.values)] | None = None  # type: ignore[valid-type]  # as above
    point: PointEntry | None = None


class PlaceEntry(Entry):
    slug: Slug
    category: Literal[tuple(Category.values)]  # type: ignore[valid-type]  # the model's list
    tier: Literal[1, 2]
    organisation: str | None = None
    organisation_inferred: bool = False
    # The place's number in every ticket ever issued: never changed, never given to another.
    ticket_bit: Annotated[int, Field(ge=0, le=31)] | None = None
    charges_entry: bool | None = None
    ward: str | None = None
    ward_certain: bool | None = None
    address: Annotated[str, Field(max_length=200)] = ""
    point: PlacePointEntry | None = None
    unesco: Literal["component", "inside_component"] | None = None
    unesco_component: Annotated[str, Field(max_length=10)] = ""
    built_start: int | None = None
    built_end: int | None = None
    listing: str | None = None
    hours: str | None = None
    texts: Translated[TextEntry]
    gates: list[GateEntry] = []
    sources: Annotated[list[str], Field(min_length=1)]

    @property
    def points(self) -> list[PointEntry]:
        """The points of the place and of its gates, as far as they are known."""
        return [each for each in (self.point, *(gate.point for gate in self.gates)) if each]


Kind = TypeVar("Kind", bound=Entry)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that the files say, by its key."""

    sources: Mapping[str, SourceEntry]
    wards: Mapping[str, WardEntry]
    organisations: Mapping[str, OrganisationEntry]
    hours: Mapping[str, HoursEntry]
    listings: Mapping[str, ListingEntry]
    places: Mapping[str, PlaceEntry]


def read_catalogue(*, folder: Path = DATA) -> Catalogue:
    """Read all files; `WrongFile` names the first fault, before anything is written."""
    files = sorted((folder / "places").glob("*.yaml"))
    found = [(file, place) for file in files for place in _entries(file, PlaceEntry, key="slug")]
    if not found:
        raise WrongFile(f"{folder}: there is no file of places.")
    catalogue = Catalogue(
        sources=_by_key(folder / "sources.yaml", SourceEntry, key="key"),
        wards=_by_key(folder / "wards.yaml", WardEntry, key="code"),
        organisations=_by_key(folder / "organisations.yaml", OrganisationEntry, key="slug"),
        hours=_by_key(folder / "hours.yaml", HoursEntry, key="key"),
        listings=_by_key(folder / "listings.yaml", ListingEntry, key="key"),
        places={place.slug: place for _file, place in found},
    )
    slugs: set[str] = set()
    bits: dict[int, str] = {}
    for file, place in found:
        for field, fault in _faults(place, catalogue, slugs, bits):
            raise WrongFile(f"{file.name}, {place.slug}, {field}: {fault}.")
    return catalogue


def _by_key(file: Path, kind: type[Kind], *, key: str) -> dict[str, Kind]:
    found: dict[str, Kind] = {}
    for entry in _entries(file, kind, key=key):
        name = getattr(entry, key)
        if name in found:
            raise WrongFile(f"{file.name}, {name}, {key}: is there twice.")
        found[name] = entry
    return found


def _entries(file: Path, kind: type[Kind], *, key: str) -> list[Kind]:
    try:
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
        return TypeAdapter(list[kind]).validate_python(rows)  # type: ignore[valid-type]  # a value
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise WrongFile(f"{file.name}: cannot be read: {reason}.") from error
    except ValidationError as error:
        raise WrongFile(_sentence(file, rows, error, key=key)) from error


def _sentence(file: Path, rows: Any, error: ValidationError, *, key: str) -> str:
    """Name the file, the entry and the field of the first fault."""
    fault = error.errors()[0]
    reason = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return f"{file.name}: {reason}."
    number, *path = fault["loc"]
    row = rows[number] if isinstance(number, int) else None
    name = row.get(key) if isinstance(row, dict) else None
    field = ".".join(str(step) for step in path) or "entry"
    return f"{file.name}, {name or f'entry {number}'}, {field}: {reason}."


def _faults(
    place: PlaceEntry, catalogue: Catalogue, slugs: set[str], bits: dict[int, str]
) -> Iterator[tuple[str, str]]:
    """Find what one entry cannot see alone; `slugs` and `bits` remember the entries before."""
    if place.slug in slugs:
        yield "slug", "is there twice"
    slugs.add(place.slug)
    yield from _unknown_names(place, catalogue)
    for point in place.points:
        if not any(catalogue.sources[key].credit for key in point.sources):
            yield "point", "none of its sources has a credit"
    codes = [gate.code for gate in place.gates]
    if len(set(codes)) < len(codes):
        yield "gates", "two have the same code"
    if place.ticket_bit is None:
        return
    owner = bits.setdefault(place.ticket_bit, place.slug)
    if owner != place.slug:
        yield "ticket_bit", f"{place.ticket_bit} belongs to {owner} already"
    if not codes:
        yield "gates", "a place with tickets needs one"


def _unknown_names(place: PlaceEntry, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Find the names that no other file explains."""
    read_in = [*place.sources, *(key for point in place.points for key in point.sources)]
    used: list[tuple[str, Iterable[str | None], Mapping[str, Entry]]] = [
        ("organisation", [place.organisation], catalogue.organisations),
        ("ward", [place.ward], catalogue.wards),
        ("hours", [place.hours], catalogue.hours),
        ("listing", [place.listing], catalogue.listings),
        ("sources", read_in, catalogue.sources),
    ]
    for field, names, known in used:
        for name in names:
            if name is not None and name not in known:
                yield field, f"{name} is not explained in its file"
