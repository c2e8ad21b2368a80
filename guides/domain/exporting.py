"""Everything that a site tells, in one archive: a sheet of facts, and files by their hashes."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from guides.domain import carried
from guides.domain.carrying_tours import tours_of
from guides.domain.storing import path_of
from guides.models import (
    Asset,
    Guide,
    Leg,
    LegText,
    NameSaid,
    Narration,
    Origin,
    Recording,
    SegmentText,
    SoundFile,
    Stop,
    VoiceOrder,
)
from sites.models import HeritageSite, Language

CONTENT: Final = "content.json"
# The same content gives the same archive, whenever it is made.
NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def content_of(*, site: HeritageSite) -> carried.Carried:
    """Read all content of a site in an order that depends on nothing but itself."""
    guides = Guide.objects.filter(site=site).order_by("slug")
    assets = Asset.objects.filter(site=site).order_by("sha256").prefetch_related("texts")
    names = NameSaid.objects.filter(site=site).order_by("language", "name")
    orders = VoiceOrder.objects.filter(site=site).order_by("language")
    return carried.Carried(
        guides=[_guide(guide) for guide in guides],
        assets=[_asset(asset) for asset in assets],
        names=[
            carried.CarriedName(language=Language(each.language), name=each.name, say=each.say)
            for each in names
        ],
        voices={Language(order.language): order.engines for order in orders},
        tours=tours_of(site=site),
    )


def bytes_of(content: carried.Carried) -> bytes:
    """Write content so that equal content is equal bytes."""
    facts = content.model_dump(mode="json")
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1).encode()


def hash_of_content(*, site: HeritageSite) -> str:
    return hashlib.sha256(bytes_of(content_of(site=site))).hexdigest()


@dataclass(frozen=True, slots=True)
class FileLost:
    """A file that rows name is not on this server; an archive without it would not be whole."""

    name: str


def export_site(*, site: HeritageSite, to: Path) -> str | FileLost:
    """Write the archive; return the hash of the content that it holds."""
    files = sorted(set(_files(site)))
    lost = next((name for name in files if not path_of(name).is_file()), None)
    if lost is not None:
        return FileLost(lost)
    content = bytes_of(content_of(site=site))
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(CONTENT, NO_TIME), content, zipfile.ZIP_DEFLATED)
        for name in files:
            entry = zipfile.ZipInfo(f"files/{Path(name).name}", NO_TIME)
            with path_of(name).open("rb") as source, archive.open(entry, "w") as file:
                while piece := source.read(1 << 20):
                    file.write(piece)
    return hashlib.sha256(content).hexdigest()


def _files(site: HeritageSite) -> Iterable[str]:
    yield from Asset.objects.filter(site=site).values_list("name", flat=True)
    sounds = SoundFile.objects.filter(recording__narration__stop__guide__site=site)
    yield from sounds.values_list("name", flat=True)


def _guide(guide: Guide) -> carried.CarriedGuide:
    stops = Stop.objects.filter(guide=guide).order_by("number", "slug")
    return carried.CarriedGuide(
        slug=guide.slug,
        kind=Guide.Kind(guide.kind),
        order=Guide.Order(guide.order),
        is_free=guide.is_free,
        source_language=Language(guide.source_language),
        position=guide.position,
        minutes_from=guide.minutes_from,
        minutes_to=guide.minutes_to,
        texts={
            Language(text.language): carried.CarriedTitle(title=text.title, summary=text.summary)
            for text in guide.texts.order_by("language")
        },
        stops=[_stop(stop) for stop in stops],
    )


def _text(text: SegmentText | LegText) -> carried.CarriedText:
    return carried.CarriedText(
        text=text.text, source_hash=text.source_hash, origin=Origin(text.origin)
    )


def _stop(stop: Stop) -> carried.CarriedStop:
    leg = Leg.objects.filter(from_stop=stop).select_related("to_stop").first()
    narrations = Narration.objects.filter(stop=stop).order_by("language")
    segments = stop.segments.order_by("position").prefetch_related("texts")
    return carried.CarriedStop(
        number=stop.number,
        slug=stop.slug,
        qr_code=stop.qr_code,
        location=(stop.location.x, stop.location.y) if stop.location else None,
        location_error_m=stop.location_error_m,
        location_credit=stop.location_credit,
        zone_radius_m=stop.zone_radius_m,
        zone_area=stop.zone_area.wkt if stop.zone_area else None,
        bearing=stop.bearing,
        cooldown_s=stop.cooldown_s,
        indoor=stop.indoor,
        required=stop.required,
        segments=[
            {Language(text.language): _text(text) for text in each.texts.all()} for each in segments
        ],
        narrations={Language(each.language): _narration(each) for each in narrations},
        assets=list(
            stop.assets.order_by("position", "asset__sha256").values_list(
                "asset__sha256", flat=True
            )
        ),
        next_stop=leg.to_stop.slug if leg else None,
        on_the_way={Language(text.language): _text(text) for text in leg.texts.all()}
        if leg
        else {},
    )


def _narration(narration: Narration) -> carried.CarriedNarration:
    rows = Recording.objects.filter(narration=narration).order_by("made_at", "text_hash", "pk")
    return carried.CarriedNarration(
        title=narration.title, recordings=[_recording(each) for each in rows]
    )


def _recording(recording: Recording) -> carried.CarriedRecording:
    lufs = recording.loudness_lufs
    return carried.CarriedRecording(
        origin=Origin(recording.origin),
        voice=recording.voice,
        engine=recording.engine,
        text_hash=recording.text_hash,
        duration_ms=recording.duration_ms,
        loudness_lufs=None if lufs is None else f"{lufs:.2f}",
        made_at=recording.made_at,
        reviewed_at=recording.reviewed_at,
        files=[
            carried.CarriedFile(
                format=SoundFile.Format(file.format),
                quality=SoundFile.Quality(file.quality),
                sha256=file.sha256,
                bytes=file.bytes,
            )
            for file in recording.files.order_by("format", "quality")
        ],
    )


def _asset(asset: Asset) -> carried.CarriedAsset:
    return carried.CarriedAsset(
        sha256=asset.sha256,
        suffix=Path(asset.name).suffix.lstrip("."),
        bytes=asset.bytes,
        kind=Asset.Kind(asset.kind),
        original_name=asset.original_name,
        width=asset.width,
        height=asset.height,
        rights=Asset.Rights(asset.rights),
        credit=asset.credit,
        licence=asset.licence,
        is_sample=asset.is_sample,
        texts={
            Language(text.language): carried.CarriedAlt(alt=text.alt, caption=text.caption)
            for text in asset.texts.all()
        },
    )
