"""What may be asked of the catalogue, and how strictly."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sites.domain.catalogue import Filters
from sites.domain.cursors import Cursor, read_cursor
from sites.domain.nearby import Box, Point
from sites.domain.opening import TIMEZONE
from sites.models import Category, Language

_LAT = r"-?(90(\.0{1,15})?|[0-8]?\d(\.\d{1,15})?)"
_LON = r"-?(180(\.0{1,15})?|(1[0-7]\d|\d{1,2})(\.\d{1,15})?)"
FARTHEST_M = 200_000
# Hours are decided for days that people plan for.
YEARS = range(2000, 2101)


def _printable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("A text holds no NUL.")
    return text.strip()


def _with_plus(text: Any) -> Any:
    """Read `+07:00` that arrived unescaped, with a space where the plus was."""
    if not isinstance(text, str):
        return text
    if text.isdecimal():
        raise ValueError("An instant is written as in RFC 3339.")
    day, space, rest = text.rpartition(" ")
    return f"{day}+{rest}" if space and "T" in day else text


def _local(instant: datetime) -> datetime:
    if instant.year not in YEARS:
        raise ValueError(f"Years {YEARS.start} to {YEARS.stop - 1} can be asked for.")
    return instant if instant.tzinfo else instant.replace(tzinfo=TIMEZONE)


class PlacesQuestion(BaseModel):
    """Filters, order and page of a list of places."""

    model_config = ConfigDict(frozen=True)

    q: Annotated[str, AfterValidator(_printable)] = Field(
        "", max_length=100, description="Words of the name, with or without marks."
    )
    near: str | None = Field(
        None,
        pattern=f"^{_LAT},{_LON}$",
        description="`lat,lon` in degrees: places with a known point, nearest first.",
        examples=["16.4677,107.5792"],
    )
    radius_m: float | None = Field(
        None, ge=1, le=FARTHEST_M, allow_inf_nan=False, description="With `near`: not farther."
    )
    bbox: str | None = Field(
        None,
        pattern=f"^{_LON},{_LAT},{_LON},{_LAT}$",
        description="`west,south,east,north` in degrees, edges included.",
        examples=["107.5,16.4,107.7,16.6"],
    )
    category: Category | None = None
    open_at: Annotated[
        datetime | None, BeforeValidator(_with_plus), AfterValidator(lambda v: v and _local(v))
    ] = Field(None, description="Open at this instant; without an offset, in Huế's time.")
    open_now: bool = Field(default=False, description="Open now; not together with `open_at`.")
    language: Language | None = Field(None, description="Places that have texts in it.")
    free: bool = Field(default=False, description="Entry costs nothing, as far as is known.")
    step_free: bool = Field(default=False, description="Possible without a step, by what is known.")
    guide_language: Language | None = Field(
        None, description="Places with a published guide that can be heard in it."
    )
    has_tour: bool = Field(default=False, description="Places with a published 360° tour.")
    tickets_today: bool = Field(
        default=False, description="Tickets are sold here, and it is open now or later today."
    )
    limit: int = Field(20, ge=1, le=100)
    cursor: str | None = Field(
        None, max_length=200, description="From `next`; goes with the same filters."
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.radius_m and not self.near:
            raise ValueError("radius_m goes with near.")
        if self.open_at and self.open_now:
            raise ValueError("Ask for open_at or for open_now, not for both.")
        box = self._box()
        if box and (box.west > box.east or box.south > box.north):
            raise ValueError("bbox is west,south,east,north: west and south come first.")
        if self.cursor is not None and self.after() is None:
            raise ValueError("The cursor is not one of this list.")
        return self

    def _box(self) -> Box | None:
        return Box(*map(float, self.bbox.split(","))) if self.bbox else None

    def filters(self, *, at: datetime, located: bool = False) -> Filters:
        """Say the question in the words of the catalogue."""
        # To the minute, so that everybody who asks within it shares one answer.
        minute = at.replace(second=0, microsecond=0)
        open_at = minute if self.open_now else self.open_at
        return Filters(
            q=self.q,
            near=Point(*map(float, self.near.split(","))) if self.near else None,
            radius_m=self.radius_m,
            box=self._box(),
            category=self.category or "",
            open_at=open_at,
            language=self.language or "",
            located=located,
            free=self.free,
            step_free=self.step_free,
            guide_language=self.guide_language or "",
            has_tour=self.has_tour,
            tickets_from=minute if self.tickets_today else None,
        )

    def after(self) -> Cursor | None:
        """Return where the page before this one ended."""
        if self.cursor is None:
            return None
        order = Filters.order_of(near=bool(self.near), q=self.q)
        return read_cursor(self.cursor, order=order)


class MapQuestion(PlacesQuestion):
    """The same for a map, which shows many at once."""

    limit: int = Field(500, ge=1, le=1000)
