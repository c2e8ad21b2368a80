"""Whether what an export brings is what its sheet says: every file is looked at, none believed.

An archive can be made by hand. What could not come in as an upload does not come in this way.
"""

import hashlib
from pathlib import Path
from typing import Final

import pyvips
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from guides.domain.carried import Carried, CarriedAsset, CarriedFile, CarriedNarration
from guides.domain.judging_pictures import BEGINNINGS, FORMATS, MOST_PIXELS_OF_PANORAMA
from guides.domain.panoramas import fault_of_size
from guides.gateways.ffmpeg import SUFFIX
from guides.gateways.sound_marks import length_of
from guides.models import Asset

# What cameras and programs write beside the pixels; an upload is kept without it.
LEFT_BEHIND: Final = frozenset({"exif", "xmp", "XML:com.adobe.xmp", "comment", "photoshop"})
UNREADABLE: Final = (OSError, ValueError, SyntaxError, UnidentifiedImageError, pyvips.Error)
OTHER_LENGTH: Final = 0.05
LEAST_S: Final = 0.5


def narrations_of(content: Carried) -> list[CarriedNarration]:
    return [
        voices
        for guide in content.guides
        for stop in guide.stops
        for voices in stop.narrations.values()
    ]


def picture_name(one: CarriedAsset) -> str:
    return f"{one.sha256}.{one.suffix}"


def sound_name(file: CarriedFile) -> str:
    return f"{file.sha256}.{SUFFIX[file.format]}"


def named_files(content: Carried) -> dict[str, str]:
    """Return the files that the sheet speaks of: name in the archive to hash."""
    sounds = {sound_name(file): file.sha256 for file, _length in _sounds(content)}
    return sounds | {picture_name(one): one.sha256 for one in content.assets}


def first_fault(content: Carried, folder: Path) -> str:
    """Say the first thing that is wrong with the files, or nothing."""
    return (
        _fault_of_names(content)
        or _fault_of_hashes(content, folder / "files")
        or _fault_of_pictures(content, folder / "files")
        or _fault_of_sounds(content, folder / "files")
    )


def _fault_of_names(content: Carried) -> str:
    known = {one.sha256 for one in content.assets}
    shown = {sha for guide in content.guides for stop in guide.stops for sha in stop.assets}
    panoramas = {
        one.sha256
        for one in content.assets
        if one.kind == Asset.Kind.PANORAMA
        and fault_of_size(width=one.width, height=one.height) is None
    }
    scenes = {scene.panorama for tour in content.tours for scene in tour.scenes}
    unknown = sorted((shown - known) | (scenes - panoramas))
    if unknown:
        return _("the picture %(name)s is shown, but not described") % {"name": unknown[0]}
    return ""


def _fault_of_hashes(content: Carried, files: Path) -> str:
    for name, sha256 in named_files(content).items():
        path = files / name
        if not path.is_file():
            return _("files/%(name)s is missing") % {"name": name}
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                return _("files/%(name)s is not what its name says") % {"name": name}
    return ""


def _fault_of_pictures(content: Carried, files: Path) -> str:
    for one in content.assets:
        if not _is_bare_picture(files / picture_name(one), one):
            return _("files/%(name)s is no picture as this console keeps it") % {
                "name": picture_name(one)
            }
    return ""


def _is_bare_picture(path: Path, one: CarriedAsset) -> bool:
    """Whether it is whole, of the stated size, and nothing but pixels and their colours."""
    with path.open("rb") as file:
        begins_well = BEGINNINGS.match(file.read(16))
    if not begins_well or one.width * one.height > MOST_PIXELS_OF_PANORAMA:
        return False
    try:
        with Image.open(path, formats=list(FORMATS)) as picture:
            as_stated = picture.size == (one.width, one.height)
            if not as_stated or FORMATS[picture.format or ""] != one.suffix or _speaks(picture):
                return False
        pyvips.Image.new_from_file(str(path), access="sequential", fail_on="truncated").avg()
    except (*UNREADABLE, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    return True


def _speaks(picture: Image.Image) -> bool:
    """Whether more than pixels is in it; a PNG is read to its end, for what stands there."""
    texts = getattr(picture, "text", None)
    return bool(texts or picture.getexif() or LEFT_BEHIND & set(picture.info))


def _sounds(content: Carried) -> list[tuple[CarriedFile, int]]:
    return [
        (file, recording.duration_ms)
        for voices in narrations_of(content)
        for recording in voices.recordings
        for file in recording.files
    ]


def _fault_of_sounds(content: Carried, files: Path) -> str:
    for file, duration_ms in _sounds(content):
        said = duration_ms / 1000
        length = length_of(files / sound_name(file))
        if length is None or abs(length - said) > max(LEAST_S, said * OTHER_LENGTH):
            return _("files/%(name)s is no recording of the stated length") % {
                "name": sound_name(file)
            }
    return ""
