"""Panoramas: taken in from people, and cut into tiles until all of them are there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkstemp

from django.db import connection, transaction
from django.db.models import F

from guides.domain.storing import path_of, store_file
from guides.domain.tiles import (
    BASE_WIDTH,
    CARD_WIDTH,
    Level,
    base_name,
    card_name,
    folder_of,
    levels_of,
    row_names,
    tiles_in,
)
from guides.gateways import vips
from guides.models import Asset, Panorama
from sites.models import HeritageSite, User

MOST_BYTES = 80 * 1024 * 1024
NARROWEST, WIDEST = 2048, 16384
# Cameras round: a picture of 2:1 may miss it by a pixel.
ROUNDING_PX = 2
CUTTING = 0x50_414E  # with the number of the panorama, names a lock of the database


class PictureFault(StrEnum):
    """Why a picture is not taken as a panorama."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"
    BROKEN = "broken"
    NOT_TWO_TO_ONE = "not_two_to_one"
    TOO_NARROW = "too_narrow"
    TOO_WIDE = "too_wide"


@dataclass(frozen=True, slots=True)
class PanoramaTaken:
    panorama: Panorama


@dataclass(frozen=True, slots=True)
class PanoramaRefused:
    fault: PictureFault


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who made the picture, and why we may show it."""

    rights: str
    credit: str
    licence: str
    is_sample: bool = False


def take_panorama(
    *, site: HeritageSite, path: Path, name: str, rights: Rights, by: User | None, at: datetime
) -> PanoramaTaken | PanoramaRefused:
    """Check, clean and keep a picture; one that is refused leaves nothing behind."""
    fault = fault_of_head(path)
    if fault is not None:
        return PanoramaRefused(fault)
    with TemporaryDirectory(prefix="ngomon-panorama-") as folder:
        clean = Path(folder) / "clean.jpg"
        try:
            vips.write_clean(path, to=clean)
        except vips.UnreadablePictureError:
            return PanoramaRefused(PictureFault.BROKEN)
        size = vips.size_of(clean)
        stored = store_file(path=clean, suffix="jpg")
    facts = {
        "kind": Asset.Kind.PANORAMA,
        "original_name": name[:200],
        "name": stored.name,
        "bytes": stored.bytes,
        "width": size.width,
        "height": size.height,
        "rights": rights.rights,
        "credit": rights.credit,
        "licence": rights.licence,
        "is_sample": rights.is_sample,
        "uploaded_by": by,
        "uploaded_at": at,
    }
    with transaction.atomic():
        asset, _new = Asset.objects.get_or_create(site=site, sha256=stored.sha256, defaults=facts)
        return PanoramaTaken(panorama_of(asset=asset))


def panorama_of(*, asset: Asset) -> Panorama:
    """Return the tiles of a picture, which wait to be cut when nobody has asked before."""
    levels = levels_of(width=asset.width)
    panorama, _new = Panorama.objects.get_or_create(
        asset=asset, defaults={"tiles_total": tiles_in(levels)}
    )
    return panorama


def fault_of_head(path: Path) -> PictureFault | None:
    """Judge by size and head alone, before anything of a stranger's is decoded."""
    size = path.stat().st_size
    if size == 0:
        return PictureFault.EMPTY
    if size > MOST_BYTES:
        return PictureFault.TOO_LARGE
    try:
        picture = vips.size_of(path)
    except vips.UnreadablePictureError:
        return PictureFault.NOT_A_PICTURE
    return fault_of_size(width=picture.width, height=picture.height)


def fault_of_size(*, width: int, height: int) -> PictureFault | None:
    if width > WIDEST or height > WIDEST:
        return PictureFault.TOO_WIDE
    if abs(width - 2 * height) > ROUNDING_PX:
        return PictureFault.NOT_TWO_TO_ONE
    return PictureFault.TOO_NARROW if width < NARROWEST else None


def waiting_panoramas() -> list[int]:
    """Return the panoramas that somebody still has to cut, the oldest first."""
    rows = Panorama.objects.filter(state=Panorama.State.WAITING).order_by("pk")
    return list(rows.values_list("pk", flat=True))


def cut_panorama(*, panorama_id: int) -> bool:
    """Cut what is not cut yet; false when somebody else is at it, or nothing waits.

    A worker that dies leaves whole tiles and the count behind, and the next goes on from there.
    """
    with _alone(panorama_id) as alone:
        waiting = Panorama.objects.select_related("asset").filter(
            pk=panorama_id, state=Panorama.State.WAITING
        )
        panorama = waiting.first() if alone else None
        if panorama is None:
            return False
        try:
            _cut(panorama)
        except (vips.UnreadablePictureError, OSError) as error:
            waiting.update(state=Panorama.State.FAILED, failure=str(error)[:200])
            return False
        waiting.update(state=Panorama.State.READY, tiles_done=F("tiles_total"), failure="")
        return True


def cut_again(*, panorama_id: int) -> bool:
    """Put a panorama that failed back among those that wait."""
    failed = Panorama.objects.filter(pk=panorama_id, state=Panorama.State.FAILED)
    return bool(failed.update(state=Panorama.State.WAITING, failure=""))


def forget_panorama(*, panorama: Panorama) -> None:
    """Remove the tiles with the row, unless the same picture is another place's too."""
    sha256 = panorama.asset.sha256
    panorama.delete()
    if not Panorama.objects.filter(asset__sha256=sha256).exists():
        transaction.on_commit(lambda: rmtree(path_of(folder_of(sha256)), ignore_errors=True))


def _cut(panorama: Panorama) -> None:
    asset = panorama.asset
    source = path_of(asset.name)
    smaller = ((base_name(asset.sha256), BASE_WIDTH), (card_name(asset.sha256), CARD_WIDTH))
    for small, width in smaller:
        target = path_of(small)
        if not target.exists():
            _write_small(source, target, width)
    done = 0
    for level in levels_of(width=asset.width):
        there = frozenset(
            row for row in range(level.rows) if _row_is_there(asset.sha256, level, row)
        )
        done += len(there) * level.columns
        _tell(panorama, done)
        rows = vips.rows_of_tiles(source, columns=level.columns, tile=level.tile, skip=there)
        for row, tiles in rows:
            names = row_names(asset.sha256, level, row)
            for name, tile in zip(names, tiles, strict=True):
                _write(path_of(name), tile)
            done += level.columns
            _tell(panorama, done)


def _row_is_there(sha256: str, level: Level, row: int) -> bool:
    return all(path_of(name).exists() for name in row_names(sha256, level, row))


def _tell(panorama: Panorama, done: int) -> None:
    rows = Panorama.objects.filter(pk=panorama.pk, tiles_done__lt=done)
    rows.update(tiles_done=min(done, panorama.tiles_total))


def _write_small(source: Path, target: Path, width: int) -> None:
    with TemporaryDirectory(prefix="ngomon-panorama-") as folder:
        small = Path(folder) / "small.jpg"
        vips.write_small(source, to=small, width=width)
        _write(target, small.read_bytes())


def _write(target: Path, data: bytes) -> None:
    """Write beside the place and move it there in one step: a tile is whole or absent."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    finally:
        with suppress(FileNotFoundError):
            Path(beside).unlink()


@contextmanager
def _alone(panorama_id: int) -> Iterator[bool]:
    """Hold the panorama for this connection; a worker that dies lets go by that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [CUTTING, panorama_id])
        row = cursor.fetchone()
        alone = bool(row and row[0])
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CUTTING, panorama_id])
