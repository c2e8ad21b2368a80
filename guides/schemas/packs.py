"""A pack as phones read it: the list of its files, and the documents in it."""

from collections.abc import Sequence
from typing import Any, Literal

from ninja import Field, Schema

from guides.domain.offline_pack import Delta, Pack, PackFile, PackForm, pictures_of, sounds_of
from guides.domain.published import GuideShown, StopShown
from guides.domain.storing import url_of
from guides.models import SoundFile
from guides.schemas.guides import guide_card, guide_detail
from sites.models import Language


class PackFileOut(Schema):
    """What is behind `url` never changes; `stop` is 0 for the document of the guide itself."""

    url: str
    sha256: str
    bytes: int
    kind: Literal["guide", "stop", "sound", "picture"]
    stop: int


class GuidePackOut(Schema):
    """A whole pack, or with `since` what a phone with that version has to fetch and throw away."""

    guide: int
    version: str
    language: Language
    format: SoundFile.Format
    quality: SoundFile.Quality
    bytes: int = Field(description="Of the whole pack.")
    download_bytes: int = Field(description="Of the files in this list.")
    since: str | None = Field(description="Null: `files` lists the whole pack.")
    files: list[PackFileOut]
    removed: list[str] = Field(description="SHA-256 of files that the pack does not need any more.")


class PackQuestion(Schema):
    """Which pack; without a language the caller's."""

    language: Language | None = None
    format: SoundFile.Format = SoundFile.Format.MP3
    quality: SoundFile.Quality = SoundFile.Quality.HIGH
    since: str = Field("", max_length=64, pattern=r"^[^\x00]*$")


def documents_of(shown: GuideShown, form: PackForm) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Write what a player needs without network: the guide, and each stop by itself."""
    stops = guide_detail(shown)["stops"]
    written = [_stop(row, stop, form) for row, stop in zip(stops, shown.stops, strict=True)]
    return guide_card(shown), written


def _stop(row: dict[str, Any], shown: StopShown, form: PackForm) -> dict[str, Any]:
    """Name the one sound file and the pictures that are in the pack, and no others."""
    packed = {asset.sha256 for asset in pictures_of(shown, form)}
    sounds = {sound.sha256 for sound in sounds_of(shown, form)}
    files = [file for file in row["narration"]["files"] if file["sha256"] in sounds]
    sound = files[0] if files else {"url": None, "sha256": None, "bytes": None}
    heard = {"audio_url": sound["url"], "sha256": sound["sha256"], "bytes": sound["bytes"]}
    return {
        **row,
        "narration": {**row["narration"], **heard, "files": files},
        "pictures": [picture for picture in row["pictures"] if picture["sha256"] in packed],
    }


def pack_out(pack: Pack, *, language: str, delta: Delta | None) -> dict[str, Any]:
    files = pack.files if delta is None else delta.changed
    return {
        "guide": pack.guide_id,
        "version": pack.version,
        "language": language,
        "format": pack.form.format,
        "quality": pack.form.quality,
        "bytes": pack.bytes,
        "download_bytes": _bytes_of(files),
        "since": delta.since if delta else None,
        "files": [_file(file) for file in files],
        "removed": list(delta.removed) if delta else [],
    }


def _file(file: PackFile) -> dict[str, Any]:
    return {
        "url": url_of(file.name),
        "sha256": file.sha256,
        "bytes": file.bytes,
        "kind": file.kind,
        "stop": file.stop,
    }


def _bytes_of(files: Sequence[PackFile]) -> int:
    return sum(size for _sha, size in {(file.sha256, file.bytes) for file in files})
