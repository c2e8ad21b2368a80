"""How a panorama is divided into tiles, and where they lie. Pure.

A level is twice as wide as the one before; a tile has the same size in all of them, so that a
phone first loads a few and then only those it looks at.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

FOLDER = "panoramas"
LARGEST_TILE = 512
FEWEST_COLUMNS = 4
BASE_WIDTH = 2048
CARD_WIDTH = 1200


@dataclass(frozen=True, slots=True)
class Level:
    number: int
    columns: int
    tile: int

    @property
    def rows(self) -> int:
        return self.columns // 2

    @property
    def width(self) -> int:
        return self.columns * self.tile

    @property
    def tiles(self) -> int:
        return self.columns * self.rows


def levels_of(*, width: int) -> tuple[Level, ...]:
    """Return the levels of a panorama so wide, the coarsest first."""
    columns = FEWEST_COLUMNS
    while width > columns * LARGEST_TILE:
        columns *= 2
    tile = width // columns
    counts = []
    while columns >= FEWEST_COLUMNS:
        counts.append(columns)
        columns //= 2
    return tuple(Level(number, count, tile) for number, count in enumerate(reversed(counts)))


def tiles_in(levels: tuple[Level, ...]) -> int:
    return sum(level.tiles for level in levels)


def folder_of(sha256: str) -> str:
    """Return the folder of a panorama below the media folder: what is in it never changes."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}"


def base_name(sha256: str) -> str:
    return f"{folder_of(sha256)}/base.jpg"


def card_name(sha256: str) -> str:
    return f"{folder_of(sha256)}/card.jpg"


def tile_name(sha256: str, *, level: int, column: int, row: int) -> str:
    return f"{folder_of(sha256)}/{level}/{column}_{row}.jpg"


def row_names(sha256: str, level: Level, row: int) -> Iterator[str]:
    for column in range(level.columns):
        yield tile_name(sha256, level=level.number, column=column, row=row)


def address_of(name: str) -> str:
    return f"{settings.MEDIA_URL}{name}"
