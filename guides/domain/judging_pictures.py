"""Whether a file that somebody sent is a picture; what the camera wrote into it is left behind."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyvips
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from guides.domain.refusals import Refusal, Refused

# In a picture, and in a panorama of 16,384 by 8,192.
MOST_PIXELS: Final = 60_000_000
MOST_PIXELS_OF_PANORAMA: Final = 140_000_000
LEAST_WIDTH_OF_PANORAMA: Final = 2_048
FORMATS: Final = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}
HEAD: Final = 1_024
DRAWING: Final = re.compile(rb"<\s*(svg|!doctype\s+svg|\?xml)", re.IGNORECASE)
BEGINNINGS: Final = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", re.DOTALL)
QUALITY: Final = 92
ORIENTATION: Final = 0x0112
A_QUARTER_TURNED: Final = frozenset({5, 6, 7, 8})


@dataclass(frozen=True, slots=True)
class Picture:
    """The pixels and the colours' profile, upright, and nothing else of what was sent."""

    data: bytes
    suffix: str
    width: int
    height: int


def judge_picture(path: Path, *, panorama: bool = False) -> Picture | Refused:
    """Read the size from the header before anything is unfolded, then unfold it whole."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if DRAWING.search(head):
        return Refused(Refusal.DRAWING)
    if not BEGINNINGS.match(head):
        return Refused(Refusal.WRONG_TYPE)
    most = MOST_PIXELS_OF_PANORAMA if panorama else MOST_PIXELS
    try:
        with Image.open(path, formats=list(FORMATS)) as picture:
            refused = _judge_size(picture, most, panorama=panorama)
            if refused is None and not _is_whole(path):
                refused = Refused(Refusal.BROKEN)
            return refused or _plain(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Refused(Refusal.TOO_MANY_PIXELS, most=most)
    except (OSError, UnidentifiedImageError, SyntaxError, ValueError):
        return Refused(Refusal.BROKEN)


def _judge_size(picture: ImageFile.ImageFile, most: int, *, panorama: bool) -> Refused | None:
    if picture.width * picture.height > most:
        return Refused(Refusal.TOO_MANY_PIXELS, most=most)
    if panorama and not _is_panorama(picture):
        return Refused(Refusal.NOT_A_PANORAMA)
    return None


def _is_whole(path: Path) -> bool:
    """Whether every row is there. Pillow forgets to ask in a process that also sets papers."""
    try:
        pyvips.Image.new_from_file(str(path), access="sequential", fail_on="truncated").avg()
    except pyvips.Error:
        return False
    return True


def _is_panorama(picture: ImageFile.ImageFile) -> bool:
    """Judge it as it will be kept: turned as the camera was held."""
    turned = picture.getexif().get(ORIENTATION) in A_QUARTER_TURNED
    height, width = picture.size if turned else reversed(picture.size)
    return width == 2 * height and width >= LEAST_WIDTH_OF_PANORAMA


def _plain(picture: ImageFile.ImageFile) -> Picture:
    """Write it anew: turned as the camera was held, without place, time, name or thumbnail."""
    form = picture.format or "JPEG"
    profile = picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    upright.load()
    if upright.mode == "P":
        upright, profile = upright.convert("RGBA"), None
    bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
    if form == "JPEG" and bare.mode not in {"RGB", "L"}:
        bare, profile = bare.convert("RGB"), None
    written = io.BytesIO()
    options = {"quality": QUALITY} if form != "PNG" else {"optimize": False}
    bare.save(written, form, icc_profile=profile, **options)
    return Picture(written.getvalue(), FORMATS[form], bare.width, bare.height)
