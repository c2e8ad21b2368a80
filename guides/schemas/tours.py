"""A 360° tour as pages and other programs read it."""

from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from guides.domain.storing import url_of
from guides.domain.tiles import address_of, base_name, card_name, folder_of
from guides.domain.tours_shown import TourShown, text_in
from guides.models import Hotspot, Narration, Origin, SoundFile, TourKind
from sites.models import Language
from sites.schemas.places import LocationOut
from sites.schemas.times import Moment

MOST_SCENES = 200
LONGEST_VISIT_S = 24 * 3600
USUAL = (SoundFile.Format.MP3.value, SoundFile.Quality.HIGH.value)

SceneNumber = Annotated[int, Field(strict=True, ge=0, le=32767)]


class TourCardOut(Schema):
    """One published tour in the list of a place."""

    id: int
    slug: str
    site: str
    title: str
    description: str
    language: Language
    languages: list[Language]
    kind: TourKind = Field(description="A reconstruction is computed, not photographed.")
    is_sample: bool = Field(description="Made up to show how it would look.")
    scene_count: int
    picture: str
    page: str


class ToursOut(Schema):
    items: list[TourCardOut]
    count: int
    next: str | None


class LevelOut(Schema):
    """A level of tiles; there are half as many rows as columns, tiles are square."""

    columns: int
    tile: int


class PanoramaOut(Schema):
    """`tiles` has places for `{level}`, `{column}` and `{row}`; what is behind never changes."""

    base: str
    tiles: str
    levels: list[LevelOut]
    credit: str
    licence: str
    is_sample: bool


class HeardOut(Schema):
    """The narration of a stop, as it is heard in a scene or behind a hotspot."""

    stop_id: int
    number: int
    title: str
    language: Language
    transcript: str
    origin: Origin
    audio_url: str | None
    duration_s: float | None


class HotspotOut(Schema):
    kind: Hotspot.Kind
    yaw: float = Field(description="Degrees to the right of the middle of the picture.")
    pitch: float = Field(description="Degrees above the horizon.")
    scene: int | None = Field(description="The number of the scene that it leads to.")
    title: str
    text: str
    language: Language
    narration: HeardOut | None


class SceneOut(Schema):
    number: int
    site: str
    location: LocationOut | None
    yaw: float
    pitch: float
    title: str
    description: str
    language: Language
    panorama: PanoramaOut
    narration: HeardOut | None
    hotspots: list[HotspotOut]


class TourOut(TourCardOut):
    version: int
    scenes: list[SceneOut]


class VisitIn(Schema):
    """Told by the page while somebody looks around, as often as it likes."""

    model_config = ConfigDict(extra="forbid")

    visit_id: UUID
    started_at: Moment
    seconds: Annotated[int, Field(strict=True, ge=0, le=LONGEST_VISIT_S)]
    scenes: Annotated[list[SceneNumber], Field(max_length=MOST_SCENES)] = []


class VisitOut(Schema):
    """What is known of this visit now."""

    visit_id: UUID
    seconds: int


def tour_card(shown: TourShown) -> dict[str, Any]:
    """Write a tour for the list of its place."""
    version, content = shown.version, shown.version.content
    text, language = text_in(content["texts"], asked=shown.asked)
    first = content["scenes"][0]["panorama"]["sha256"]
    return {
        "id": version.tour_id,
        "slug": content["slug"],
        "site": content["site"],
        "title": text.get("title", ""),
        "description": text.get("description", ""),
        "language": language,
        "languages": shown.languages,
        # Published before there was anything but photographs: it says nothing of it.
        "kind": content.get("kind", TourKind.PHOTOGRAPHED),
        "is_sample": content["sample"],
        "scene_count": len(content["scenes"]),
        "picture": address_of(card_name(first)),
        "page": f"/tours/{version.tour_id}",
    }


def tour_detail(shown: TourShown) -> dict[str, Any]:
    """Write a whole tour."""
    content = shown.version.content
    titles = {
        scene["number"]: text_in(scene["texts"], asked=shown.asked)[0].get("title", "")
        for scene in content["scenes"]
    }
    return {
        **tour_card(shown),
        "version": shown.version.number,
        "scenes": [_scene(scene, shown, titles) for scene in content["scenes"]],
    }


def _scene(scene: dict[str, Any], shown: TourShown, titles: dict[int, str]) -> dict[str, Any]:
    text, language = text_in(scene["texts"], asked=shown.asked)
    return {
        "number": scene["number"],
        "site": scene["site"],
        "location": scene["location"],
        "yaw": scene["yaw"],
        "pitch": scene["pitch"],
        "title": text.get("title", ""),
        "description": text.get("description", ""),
        "language": language,
        "panorama": _panorama(scene["panorama"]),
        "narration": _heard(shown.told.get(scene["stop"])),
        "hotspots": [
            hotspot
            for each in scene["hotspots"]
            if (hotspot := _hotspot(each, shown, titles))["title"]
        ],
    }


def _panorama(panorama: dict[str, Any]) -> dict[str, Any]:
    sha256 = panorama["sha256"]
    return {
        "base": address_of(base_name(sha256)),
        "tiles": address_of(f"{folder_of(sha256)}/{{level}}/{{column}}_{{row}}.jpg"),
        "levels": panorama["levels"],
        "credit": panorama["credit"],
        "licence": panorama["licence"],
        "is_sample": panorama["sample"],
    }


def _hotspot(hotspot: dict[str, Any], shown: TourShown, titles: dict[int, str]) -> dict[str, Any]:
    text, language = text_in(hotspot["texts"], asked=shown.asked)
    narration = shown.told.get(hotspot["stop"])
    beyond = titles.get(hotspot["scene"], "")
    told = narration.live.title if narration and narration.live else ""
    return {
        "kind": hotspot["kind"],
        "yaw": hotspot["yaw"],
        "pitch": hotspot["pitch"],
        "scene": hotspot["scene"],
        "title": text.get("title") or beyond or told,
        "text": text.get("text", ""),
        "language": language or (narration.language if narration else shown.language),
        "narration": _heard(narration),
    }


def _heard(narration: Narration | None) -> dict[str, Any] | None:
    if narration is None or narration.live is None or narration.live.recording is None:
        return None
    version, recording = narration.live, narration.live.recording
    files = {(file.format, file.quality): file for file in recording.files.all()}
    best = files.get(USUAL) or next(iter(files.values()), None)
    if not narration.stop.guide.is_free:
        # A tour is open to everybody; the voices of a paid guide come with its ticket.
        best = None
    return {
        "stop_id": narration.stop_id,
        "number": narration.stop.number,
        "title": version.title,
        "language": narration.language,
        "transcript": "\n\n".join(each["text"] for each in version.segments),
        "origin": recording.origin,
        "audio_url": url_of(best.name) if best else None,
        "duration_s": recording.duration_ms / 1000,
    }
