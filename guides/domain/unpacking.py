"""Archives that people send: unpacked with a count, and never outside their folder."""

import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from guides.domain.refusals import Refusal, Refused

MOST_FILES: Final = 5_000
MOST_BYTES: Final = 2_000_000_000
# Recordings and pictures hardly shrink: what unfolds a hundredfold is made to fill a disk.
UNFOLDS: Final = 100
ROOM: Final = 64_000_000
PIECE: Final = 1 << 20
LINK: Final = 0o120000
KIND: Final = 0o170000


def unpack(archive: Path, *, to: Path, most: int = MOST_BYTES) -> Refused | None:
    """Unpack an archive; what it says of its sizes is not believed but counted."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            if len(entries) > MOST_FILES:
                return Refused(Refusal.UNPACKS_TOO_LARGE)
            left = min(most, ROOM + UNFOLDS * archive.stat().st_size)
            for entry in entries:
                target = _target(entry, to)
                if target is None:
                    return Refused(Refusal.BROKEN)
                left -= _write(opened, entry, target, left)
                if left < 0:
                    return Refused(Refusal.UNPACKS_TOO_LARGE)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return Refused(Refusal.BROKEN)
    return None


def _target(entry: zipfile.ZipInfo, to: Path) -> Path | None:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    link = (entry.external_attr >> 16) & KIND == LINK
    if link or name.is_absolute() or ".." in name.parts or ":" in entry.filename:
        return None
    return to / name


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int) -> int:
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with opened.open(entry) as source, target.open("xb") as file:
        while written <= left and (piece := source.read(PIECE)):
            written += len(piece)
            file.write(piece)
    return written
