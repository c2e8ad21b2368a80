"""What the shipped guide files say, checked before anything is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from guides.models import Guide
from sites.models import Language

DATA = Path(__file__).resolve().parent.parent / "data" / "visits"
SOURCE = Language.VI
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Texts = dict[Language, Annotated[str, Field(min_length=1)]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PointFact(_Strict):
    """Where a stop is, how far off that may be, and who measured it."""

    lat: float = Field(ge=-90, le=90)
    lng: float = Field(ge=-180, le=180)
    error_m: int = Field(gt=0)
    source: str


class SegmentFact(_Strict):
    """One passage in its languages; `doubt` is for the people who review it."""

    texts: Texts
    doubt: str = ""

    @model_validator(mode="before")
    @classmethod
    def languages_beside_the_doubt(cls, said: object) -> object:
        if not isinstance(said, dict) or "texts" in said:
            return said
        texts = {key: value for key, value in said.items() if key != "doubt"}
        return {"texts": texts, "doubt": said.get("doubt", "")}

    @model_validator(mode="after")
    def source_is_there(self) -> Self:
        if SOURCE not in self.texts:
            raise ValueError("a passage needs its Vietnamese text")
        return self


class StopFact(_Strict):
    slug: Slug
    number: int = Field(gt=0)
    name: Texts
    point: PointFact | None = None
    segments: Sequence[SegmentFact] = ()

    @property
    def languages(self) -> list[Language]:
        """The languages in which every passage is told, the source first."""
        if not self.segments:
            return []
        told = set.intersection(*({*each.texts} for each in self.segments))
        return sorted(told, key=lambda each: (each != SOURCE, each))


class GuideFact(_Strict):
    """One file: the tour of one site."""

    site: Slug
    slug: Slug
    kind: Guide.Kind
    order: Guide.Order
    minutes: tuple[int, int] | None
    title: Texts
    summary: Texts
    stops: Sequence[StopFact]

    @model_validator(mode="after")
    def numbers_and_slugs_are_different(self) -> Self:
        for name in ("slug", "number"):
            values = [getattr(stop, name) for stop in self.stops]
            if len({*values}) < len(values):
                raise ValueError(f"two stops have the same {name}")
        return self


class WrongGuideFile(Exception):  # noqa: N818 # says what the file is
    """A file cannot be read; the message names it, the place and the fault."""


def read_guides(*, folder: Path = DATA) -> list[GuideFact]:
    """Read every guide of a folder; nothing is returned when one file is wrong."""
    return [_read(path) for path in sorted(folder.glob("*.yaml"))]


def _read(path: Path) -> GuideFact:
    try:
        return GuideFact.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as fault:
        raise WrongGuideFile(f"{path.name}: {fault}") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise WrongGuideFile(f"{path.name}, {place}: {first['msg']}") from fault
