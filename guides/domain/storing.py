"""Files of guides, named by what is in them: the same bytes are stored once and never change."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile
from tempfile import mkstemp

from django.conf import settings

FOLDER = "kept"
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """`name` is the path below the media folder and the address below /media/."""

    name: str
    sha256: str
    bytes: int


def store_bytes(*, data: bytes, suffix: str) -> Stored:
    """Keep bytes under their hash; whoever reads meanwhile sees the whole file or none."""
    sha256 = hashlib.sha256(data).hexdigest()
    name = _name(sha256, suffix)
    if not path_of(name).exists():
        _put(name, lambda path: path.write_bytes(data))
    return Stored(name, sha256, len(data))


def store_file(*, path: Path, suffix: str) -> Stored:
    """Keep a copy of a file that may be too large for memory."""
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
    name = _name(digest.hexdigest(), suffix)
    if not path_of(name).exists():
        _put(name, lambda target: copyfile(path, target))
    return Stored(name, digest.hexdigest(), size)


def path_of(name: str) -> Path:
    """Return where a stored file lies."""
    return Path(settings.MEDIA_ROOT) / name


def url_of(name: str) -> str:
    """Return the address of a stored file; what is behind it never changes."""
    return f"{settings.MEDIA_URL}{name}"


def _name(sha256: str, suffix: str) -> str:
    # Two levels of folders, so that none of them holds too many names.
    return f"{FOLDER}/{sha256[:2]}/{sha256[2:4]}/{sha256}.{suffix.lstrip('.')}"


def _put(name: str, write: Callable[[Path], object]) -> None:
    """Write beside the place and move it there in one step, readable for the file server."""
    target = path_of(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, beside = mkstemp(dir=target.parent, prefix=".part-")
    os.close(handle)
    try:
        write(Path(beside))
        Path(beside).chmod(0o644)
        Path(beside).replace(target)
    finally:
        with suppress(FileNotFoundError):
            Path(beside).unlink()
