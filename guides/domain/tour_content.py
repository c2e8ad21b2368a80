"""A tour written out whole, and what it lacks before anybody may publish it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from django.db.models import Prefetch

from guides.domain.tiles import levels_of
from guides.models import Asset, Hotspot, Panorama, Scene, Tour
from sites.models import Language

# Everything that is said exists at least in these.
NEEDED = (Language.VI.value, Language.EN.value)


class Gap(StrEnum):
    """What a tour lacks."""

    NO_SCENE = "no_scene"
    NO_SCENE_HERE = "no_scene_here"
    NOT_CUT = "not_cut"
    NO_RIGHTS = "no_rights"
    NO_TITLE = "no_title"
    NO_SCENE_TITLE = "no_scene_title"
    NO_SCENE_DESCRIPTION = "no_scene_description"
    NO_HOTSPOT_TEXT = "no_hotspot_text"
    ELSEWHERE = "elsewhere"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Missing:
    """One gap: in which scene (0: the tour itself) and, for texts, in which language."""

    gap: Gap
    scene: int = 0
    language: str = ""


def load_tour(*, tour_id: int) -> Tour:
    """Read a tour with all that belongs to it, in a fixed number of statements."""
    hotspots = Hotspot.objects.order_by("pk").select_related("to_scene").prefetch_related("texts")
    scenes = (
        Scene.objects.order_by("number")
        .select_related("panorama__asset", "taken_in", "stop__guide")
        .prefetch_related("texts", Prefetch("hotspots", hotspots))
    )
    tours = Tour.objects.select_related("site").prefetch_related(
        "texts", Prefetch("scenes", scenes)
    )
    return tours.get(pk=tour_id)


def content_of(tour: Tour) -> dict[str, Any]:
    """Write a loaded tour out; equal tours give equal content."""
    return {
        "slug": tour.slug,
        "site": tour.site.slug,
        "kind": tour.kind,
        "sample": tour.is_sample,
        "texts": _texts(tour.texts.all(), "title", "description"),
        "scenes": [_scene(scene) for scene in tour.scenes.all()],
    }


def hash_of_content(content: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def missing_in(tour: Tour) -> list[Missing]:
    """List what a loaded tour lacks; it may be published when that is nothing."""
    scenes = list(tour.scenes.all())
    gaps = [Missing(Gap.NO_TITLE, 0, language) for language in _lacking(tour.texts.all(), "title")]
    if not scenes:
        return [Missing(Gap.NO_SCENE), *gaps]
    if all(scene.taken_in_id != tour.site_id for scene in scenes):
        gaps.append(Missing(Gap.NO_SCENE_HERE))
    for scene in scenes:
        gaps += _missing_in_scene(scene)
    return [*gaps, *(Missing(Gap.UNREACHABLE, number) for number in _unreachable(scenes))]


def _missing_in_scene(scene: Scene) -> Iterator[Missing]:
    number, asset = scene.number, scene.panorama.asset
    if scene.panorama.state != Panorama.State.READY:
        yield Missing(Gap.NOT_CUT, number)
    if asset.rights == Asset.Rights.UNKNOWN or not asset.credit or not asset.licence:
        yield Missing(Gap.NO_RIGHTS, number)
    for language in _lacking(scene.texts.all(), "title"):
        yield Missing(Gap.NO_SCENE_TITLE, number, language)
    for language in _lacking(scene.texts.all(), "description"):
        yield Missing(Gap.NO_SCENE_DESCRIPTION, number, language)
    for hotspot in scene.hotspots.all():
        yield from _missing_in_hotspot(hotspot, scene)


def _missing_in_hotspot(hotspot: Hotspot, scene: Scene) -> Iterator[Missing]:
    if hotspot.kind == Hotspot.Kind.TEXT:
        for language in _lacking(hotspot.texts.all(), "text"):
            yield Missing(Gap.NO_HOTSPOT_TEXT, scene.number, language)
    if hotspot.to_scene is not None and hotspot.to_scene.tour_id != scene.tour_id:
        yield Missing(Gap.ELSEWHERE, scene.number)


def _unreachable(scenes: Sequence[Scene]) -> list[int]:
    """Find the scenes to which no way of hotspots leads from the first."""
    ways = {
        scene.pk: {hotspot.to_scene_id for hotspot in scene.hotspots.all() if hotspot.to_scene_id}
        for scene in scenes
    }
    seen: set[int] = set()
    ahead = {scenes[0].pk}
    while ahead:
        seen |= ahead
        ahead = {there for here in ahead for there in ways.get(here, ())} - seen
    return [scene.number for scene in scenes if scene.pk not in seen]


def _lacking(texts: Iterable[Any], field: str) -> list[str]:
    there = {text.language for text in texts if getattr(text, field)}
    return [language for language in NEEDED if language not in there]


def _texts(texts: Iterable[Any], *fields: str) -> dict[str, dict[str, str]]:
    rows = sorted(texts, key=lambda text: text.language)
    return {text.language: {field: getattr(text, field) for field in fields} for text in rows}


def _scene(scene: Scene) -> dict[str, Any]:
    asset = scene.panorama.asset
    return {
        "number": scene.number,
        "site": scene.taken_in.slug,
        "location": {"lat": scene.location.y, "lon": scene.location.x} if scene.location else None,
        "stop": scene.stop_id,
        "yaw": scene.yaw,
        "pitch": scene.pitch,
        "panorama": {
            "sha256": asset.sha256,
            "levels": [
                {"columns": level.columns, "tile": level.tile}
                for level in levels_of(width=asset.width)
            ],
            "credit": asset.credit,
            "licence": asset.licence,
            "sample": asset.is_sample,
        },
        "texts": _texts(scene.texts.all(), "title", "description"),
        "hotspots": [_hotspot(hotspot) for hotspot in scene.hotspots.all()],
    }


def _hotspot(hotspot: Hotspot) -> dict[str, Any]:
    return {
        "kind": hotspot.kind,
        "yaw": hotspot.yaw,
        "pitch": hotspot.pitch,
        "scene": hotspot.to_scene.number if hotspot.to_scene else None,
        "stop": hotspot.stop_id,
        "texts": _texts(hotspot.texts.all(), "title", "text"),
    }
