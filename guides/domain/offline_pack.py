"""What a phone takes along of a guide: files named by what is in them, in one language and quality.

A pack is a list of files; its version is the hash of that list. Lists that were given out are
kept, so that a phone with an older one fetches only what is new to it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from guides.domain.published import GuideShown, StopShown
from guides.domain.storing import store_bytes
from guides.models import Asset, PackVersion, SoundFile

VERSION_LENGTH = 16
# Pictures above this stay out of a pack in low quality.
LARGEST_PICTURE_LOW = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PackForm:
    """Which of the packs of a guide."""

    language: str
    format: str
    quality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PackFile:
    """One file; `stop` is the number of the stop that it belongs to, 0 for the guide itself."""

    name: str
    sha256: str
    bytes: int
    kind: str
    stop: int = 0


@dataclass(frozen=True, slots=True)
class Pack:
    guide_id: int
    form: PackForm
    version: str
    files: Sequence[PackFile]

    @property
    def bytes(self) -> int:
        return sum(size for _sha, size in {(file.sha256, file.bytes) for file in self.files})


@dataclass(frozen=True, slots=True)
class Delta:
    """What a phone with an older version has to fetch, and what it may throw away."""

    since: str
    changed: Sequence[PackFile]
    removed: Sequence[str]


def sounds_of(shown: StopShown, form: PackForm) -> list[SoundFile]:
    """Return the recording of a stop in the form asked for, or in any that there is."""
    recording = shown.version.recording
    files = list(recording.files.all()) if recording else []
    exact = [f for f in files if (f.format, f.quality) == (form.format, form.quality)]
    same_format = [file for file in files if file.format == form.format]
    return (exact or same_format or files)[:1]


def pictures_of(shown: StopShown, form: PackForm) -> list[Asset]:
    """Return the pictures that travel along; panoramas are for the network."""
    assets = [each.asset for each in shown.stop.assets.all()]
    largest = LARGEST_PICTURE_LOW if form.quality == SoundFile.Quality.LOW else None
    return [
        asset
        for asset in assets
        if asset.kind == Asset.Kind.PICTURE and (largest is None or asset.bytes <= largest)
    ]


def put_together(
    *,
    shown: GuideShown,
    form: PackForm,
    of_guide: dict[str, Any],
    of_stops: Iterable[dict[str, Any]],
    at: datetime,
) -> Pack:
    """Write the documents of a guide and its stops, and list them with sounds and pictures."""
    files = [_document(of_guide, "guide")]
    for stop, document in zip(shown.stops, of_stops, strict=True):
        number = stop.stop.number
        files.append(_document(document, "stop", number))
        files += [
            PackFile(name=f.name, sha256=f.sha256, bytes=f.bytes, kind="sound", stop=number)
            for f in sounds_of(stop, form)
        ]
        files += [
            PackFile(name=a.name, sha256=a.sha256, bytes=a.bytes, kind="picture", stop=number)
            for a in pictures_of(stop, form)
        ]
    pack = Pack(shown.guide.pk, form, version_of(files), tuple(files))
    _remember(pack, at)
    return pack


def version_of(files: Sequence[PackFile]) -> str:
    """Return the version: equal lists have equal ones, in every process and after every restart."""
    lines = [f"{file.kind} {file.stop} {file.sha256}" for file in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:VERSION_LENGTH]


def delta_since(*, pack: Pack, since: str) -> Delta | None:
    """Compare with a version that was given out earlier. None: nobody knows it any more."""
    earlier = PackVersion.objects.filter(
        guide=pack.guide_id,
        language=pack.form.language,
        format=pack.form.format,
        quality=pack.form.quality,
        version=since,
    ).first()
    if earlier is None:
        return None
    held = {file["sha256"] for file in earlier.files}
    listed = {file.sha256 for file in pack.files}
    changed = tuple(file for file in pack.files if file.sha256 not in held)
    return Delta(since, changed, tuple(sorted(held - listed)))


def _document(content: dict[str, Any], kind: str, stop: int = 0) -> PackFile:
    data = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    stored = store_bytes(data=data, suffix="json")
    return PackFile(
        name=stored.name, sha256=stored.sha256, bytes=stored.bytes, kind=kind, stop=stop
    )


def _remember(pack: Pack, at: datetime) -> None:
    """Keep the list of a version; of many processes that make it, one row stays."""
    kept = {
        "guide_id": pack.guide_id,
        "language": pack.form.language,
        "format": pack.form.format,
        "quality": pack.form.quality,
        "version": pack.version,
    }
    if PackVersion.objects.filter(**kept).exists():
        return
    files = [{"sha256": file.sha256, "bytes": file.bytes, "kind": file.kind} for file in pack.files]
    row = PackVersion(**kept, files=files, bytes=pack.bytes, made_at=at)
    PackVersion.objects.bulk_create([row], ignore_conflicts=True)
