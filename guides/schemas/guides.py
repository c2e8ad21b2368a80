"""A guide as visitors' phones read it."""

import json
from typing import Any

from ninja import Field, Schema

from guides.domain.published import GuideShown, StopShown
from guides.domain.storing import url_of
from guides.models import Guide, Origin, Recording, SoundFile, StopAsset
from sites.domain.languages import any_language
from sites.models import Language
from sites.schemas.places import LocationOut

# What a phone plays when it asks for nothing special.
USUAL = (SoundFile.Format.MP3.value, SoundFile.Quality.HIGH.value)


class GuideCardOut(Schema):
    """One guide in the list of a place."""

    id: int
    slug: str
    site: str
    title: str
    summary: str
    kind: Guide.Kind
    order: Guide.Order
    is_free: bool
    language: Language = Field(description="Served: asked, else English, else Vietnamese.")
    languages: list[Language] = Field(description="In which at least one stop is published.")
    stop_count: int
    duration_s: float = Field(description="Of all recordings in the served language together.")
    minutes_from: int | None = Field(description="How long people walk; null: nobody has said.")
    minutes_to: int | None


class GuidesOut(Schema):
    items: list[GuideCardOut]
    count: int
    next: str | None


class AudioFileOut(Schema):
    format: SoundFile.Format
    quality: SoundFile.Quality
    url: str
    sha256: str
    bytes: int


class SegmentOut(Schema):
    text: str
    origin: Origin


class NarrationOut(Schema):
    """One stop in one language, as it was published."""

    id: int
    language: Language
    version: int
    title: str
    transcript: str
    segments: list[SegmentOut]
    text_origin: Origin = Field(description="The least trusted of the passages' origins.")
    origin: Origin = Field(description="Whose voice: a person's, a machine's, a checked one.")
    voice: str | None
    engine: str | None
    duration_s: float
    loudness_lufs: float | None
    audio_url: str | None
    sha256: str | None
    bytes: int | None
    files: list[AudioFileOut]
    onward: str | None = Field(description="Told on the way to the next stop.")


class ZoneOut(Schema):
    """Where the phone starts by itself. A circle around the stop's location, or an outline."""

    radius_m: int | None
    area: list[list[float]] | None = Field(description="Longitude, latitude; first equals last.")


class AssetOut(Schema):
    kind: str
    url: str
    sha256: str
    bytes: int
    width: int
    height: int
    alt: str
    caption: str | None
    credit: str
    licence: str
    is_sample: bool


class StopOut(Schema):
    id: int
    number: int
    slug: str
    qr_code: str
    title: str
    location: LocationOut | None
    location_error_m: int | None
    location_credit: str | None
    zone: ZoneOut | None
    bearing: int | None
    cooldown_s: int | None
    indoor: bool
    required: bool
    next_stop: int | None = Field(description="Where the way told in `onward` leads.")
    languages: list[Language]
    narration: NarrationOut
    pictures: list[AssetOut]


class GuideOut(GuideCardOut):
    stops: list[StopOut]


def guide_card(shown: GuideShown) -> dict[str, Any]:
    """Write one guide for the list of its place."""
    guide = shown.guide
    texts = {text.language: text for text in guide.texts.all()}
    language = any_language(texts, asked=shown.language)
    text = texts[language] if language else None
    return {
        "id": guide.pk,
        "slug": guide.slug,
        "site": guide.site.slug,
        "title": text.title if text else guide.slug,
        "summary": text.summary if text else "",
        "kind": guide.kind,
        "order": guide.order,
        "is_free": guide.is_free,
        "language": shown.language,
        "languages": list(shown.languages),
        "stop_count": len(shown.stops),
        "duration_s": round(shown.duration_ms / 1000, 1),
        "minutes_from": guide.minutes_from,
        "minutes_to": guide.minutes_to,
    }


def guide_detail(shown: GuideShown) -> dict[str, Any]:
    """Write one guide with its stops in order."""
    return {**guide_card(shown), "stops": [_stop(each) for each in shown.stops]}


# What leads to a recording of a guide that is not free.
OF_THE_VOICE: dict[str, Any] = {"audio_url": None, "sha256": None, "bytes": None, "files": []}


def without_voices(body: dict[str, Any]) -> dict[str, Any]:
    """Write the same guide with nothing that leads to a recording."""
    stops = [{**stop, "narration": {**stop["narration"], **OF_THE_VOICE}} for stop in body["stops"]]
    return {**body, "stops": stops}


def _stop(shown: StopShown) -> dict[str, Any]:
    stop = shown.stop
    point = stop.location
    return {
        "id": stop.pk,
        "number": stop.number,
        "slug": stop.slug,
        "qr_code": stop.qr_code,
        "title": shown.version.title,
        "location": {"lat": point.y, "lon": point.x} if point else None,
        "location_error_m": stop.location_error_m,
        "location_credit": stop.location_credit or None,
        "zone": _zone(shown),
        "bearing": stop.bearing,
        "cooldown_s": stop.cooldown_s,
        "indoor": stop.indoor,
        "required": stop.required,
        "next_stop": stop.leg.to_stop_id if hasattr(stop, "leg") else None,
        "languages": list(shown.languages),
        "narration": _narration(shown),
        "pictures": [_asset(each, shown.language) for each in stop.assets.all()],
    }


def _zone(shown: StopShown) -> dict[str, Any] | None:
    stop = shown.stop
    if stop.zone_area:
        [ring] = json.loads(stop.zone_area.json)["coordinates"]
        return {"radius_m": None, "area": ring}
    return {"radius_m": stop.zone_radius_m, "area": None} if stop.zone_radius_m else None


def _narration(shown: StopShown) -> dict[str, Any]:
    version = shown.version
    return {
        "id": version.narration_id,
        "language": shown.language,
        "version": version.number,
        "title": version.title,
        "transcript": "\n\n".join(each["text"] for each in version.segments),
        "segments": [{"text": each["text"], "origin": each["origin"]} for each in version.segments],
        "text_origin": least_trusted([each["origin"] for each in version.segments]),
        **_audio(version.recording),
        "onward": version.onward or None,
    }


def least_trusted(origins: list[str]) -> str:
    """Return the origin that a whole must be marked with when its parts have these."""
    for origin in (Origin.SYNTHETIC, Origin.REVIEWED):
        if origin in origins:
            return origin.value
    return Origin.HUMAN.value


def _audio(recording: Recording | None) -> dict[str, Any]:
    if recording is None:  # the database publishes no version without a voice
        raise ValueError("a published version has no recording")
    files = [
        {
            "format": file.format,
            "quality": file.quality,
            "url": url_of(file.name),
            "sha256": file.sha256,
            "bytes": file.bytes,
        }
        for file in recording.files.all()
    ]
    usual = [file for file in files if (file["format"], file["quality"]) == USUAL]
    best: dict[str, Any] = next(iter([*usual, *files]), {})
    loudness = recording.loudness_lufs
    return {
        "origin": recording.origin,
        "voice": recording.voice or None,
        "engine": recording.engine or None,
        "duration_s": recording.duration_ms / 1000,
        "loudness_lufs": float(loudness) if loudness is not None else None,
        "audio_url": best.get("url"),
        "sha256": best.get("sha256"),
        "bytes": best.get("bytes"),
        "files": files,
    }


def _asset(shown: StopAsset, asked: str) -> dict[str, Any]:
    asset = shown.asset
    texts = {text.language: text for text in asset.texts.all()}
    language = any_language(texts, asked=asked)
    text = texts[language] if language else None
    return {
        "kind": asset.kind,
        "url": url_of(asset.name),
        "sha256": asset.sha256,
        "bytes": asset.bytes,
        "width": asset.width,
        "height": asset.height,
        "alt": text.alt if text else "",
        "caption": (text.caption or None) if text else None,
        "credit": asset.credit,
        "licence": asset.licence,
        "is_sample": asset.is_sample,
    }
