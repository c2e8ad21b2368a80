"""Panoramas through libvips: read with suspicion, written anew, cut row by row."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyvips

# It tells of each of its threads.
logging.getLogger("pyvips").setLevel(logging.WARNING)

# Loaders that were never hardened against strangers' files stay shut in this process.
pyvips.block_untrusted_set(True)  # noqa: FBT003 # the library's only form

TILE_QUALITY = 82
CLEAN_QUALITY = 92
SMALL_QUALITY = 78
SIGNS = {b"\xff\xd8\xff": "jpegload", b"\x89PNG\r\n\x1a\n": "pngload", b"RIFF": "webpload"}


class UnreadablePictureError(Exception):
    """Not a JPEG, PNG or WebP picture, or one that ends too early."""


@dataclass(frozen=True, slots=True)
class Size:
    width: int
    height: int


def size_of(path: Path) -> Size:
    """Read the size from the head of the file; nothing is decoded yet."""
    picture = _open(path, sequential=True)
    return Size(int(picture.width), int(picture.height))


def write_clean(path: Path, *, to: Path) -> None:
    """Decode the whole picture and write it as a JPEG that says nothing of camera and position."""
    try:
        picture = _plain(_open(path, sequential=True))
        picture.jpegsave(str(to), Q=CLEAN_QUALITY, optimize_coding=True, keep="none")
    except pyvips.Error as error:
        raise UnreadablePictureError(str(error)) from error


def write_small(path: Path, *, to: Path, width: int) -> None:
    """Write the whole picture so wide, for what is shown before the tiles come."""
    try:
        small = _open(path, sequential=True).thumbnail_image(width, height=width // 2, size="force")
        _plain(small).jpegsave(str(to), Q=SMALL_QUALITY, optimize_coding=True, keep="none")
    except pyvips.Error as error:
        raise UnreadablePictureError(str(error)) from error


def rows_of_tiles(
    path: Path, *, columns: int, tile: int, skip: frozenset[int]
) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the rows of one level from top to bottom, each with the JPEGs of its tiles."""
    # Larger pictures than fit comfortably go to a file of libvips, which ends with them.
    picture = _plain(_open(path, sequential=False))
    width = columns * tile
    level = picture.thumbnail_image(width, height=width // 2, size="force")
    for row in range(columns // 2):
        if row in skip:
            continue
        try:
            strip = level.crop(0, row * tile, width, tile).copy_memory()
        except pyvips.Error as error:
            raise UnreadablePictureError(str(error)) from error
        yield row, [_jpeg(strip.crop(column * tile, 0, tile, tile)) for column in range(columns)]


def _jpeg(tile: Any) -> bytes:
    return bytes(tile.jpegsave_buffer(Q=TILE_QUALITY, optimize_coding=True, keep="none"))


def _open(path: Path, *, sequential: bool) -> Any:
    with path.open("rb") as file:
        head = file.read(12)
    loaders = [loader for sign, loader in SIGNS.items() if head.startswith(sign)]
    if not loaders or (loaders == ["webpload"] and head[8:12] != b"WEBP"):
        raise UnreadablePictureError("neither JPEG, PNG nor WebP")
    access = "sequential" if sequential else "random"
    try:
        load = getattr(pyvips.Image, loaders[0])
        return load(str(path), access=access, fail_on="truncated")
    except pyvips.Error as error:
        raise UnreadablePictureError(str(error)) from error


def _plain(picture: Any) -> Any:
    """Bring any picture to eight bits of red, green and blue."""
    if picture.hasalpha():
        picture = picture.flatten(background=[255, 255, 255])
    return picture.colourspace("srgb").cast("uchar")
