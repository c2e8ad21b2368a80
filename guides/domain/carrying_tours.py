"""Tours of 360° as they are carried: written out from the rows, and written into rows elsewhere.

Tiles do not travel: they are cut from the panorama where it arrives.
"""

from collections.abc import Iterable, Mapping

from django.contrib.gis.geos import Point

from guides.domain import carried
from guides.domain.panoramas import panorama_of
from guides.models import Asset, Hotspot, HotspotText, Scene, SceneText, Stop, Tour, TourText
from guides.models.tours import HotspotKind, TourKind
from sites.models import HeritageSite, Language

Stops = Mapping[tuple[str, str], Stop]


def tours_of(*, site: HeritageSite) -> list[carried.CarriedTour]:
    """Read the tours of a site in an order that depends on nothing but themselves."""
    tours = Tour.objects.filter(site=site).order_by("slug").prefetch_related("texts")
    return [_tour(tour) for tour in tours]


def _tour(tour: Tour) -> carried.CarriedTour:
    scenes = (
        Scene.objects.filter(tour=tour)
        .order_by("number")
        .select_related("tour", "panorama__asset", "taken_in", "stop__guide")
        .prefetch_related("texts")
    )
    return carried.CarriedTour(
        slug=tour.slug,
        kind=TourKind(tour.kind),
        is_sample=tour.is_sample,
        position=tour.position,
        texts=_titles(tour.texts.all()),
        scenes=[_scene(scene) for scene in scenes],
    )


def _scene(scene: Scene) -> carried.CarriedScene:
    spots = (
        Hotspot.objects.filter(scene=scene)
        .order_by("yaw", "pitch", "kind", "pk")
        .select_related("to_scene", "stop__guide")
        .prefetch_related("texts")
    )
    return carried.CarriedScene(
        number=scene.number,
        panorama=scene.panorama.asset.sha256,
        taken_in="" if scene.taken_in_id == scene.tour.site_id else scene.taken_in.slug,
        location=(scene.location.x, scene.location.y) if scene.location else None,
        stop=_address(scene.stop),
        yaw=scene.yaw,
        pitch=scene.pitch,
        texts=_titles(scene.texts.all()),
        hotspots=[_hotspot(spot) for spot in spots],
    )


def _hotspot(spot: Hotspot) -> carried.CarriedHotspot:
    return carried.CarriedHotspot(
        kind=HotspotKind(spot.kind),
        yaw=spot.yaw,
        pitch=spot.pitch,
        to_scene=spot.to_scene.number if spot.to_scene else None,
        stop=_address(spot.stop),
        texts={
            Language(text.language): carried.CarriedSpotText(title=text.title, text=text.text)
            for text in spot.texts.all()
        },
    )


def _address(stop: Stop | None) -> tuple[str, str] | None:
    return (stop.guide.slug, stop.slug) if stop else None


def _titles(
    texts: Iterable[TourText] | Iterable[SceneText],
) -> dict[Language, carried.CarriedDescription]:
    return {
        Language(text.language): carried.CarriedDescription(
            title=text.title, description=text.description
        )
        for text in texts
    }


def unknown_in(content: carried.Carried, *, places: Mapping[str, HeritageSite]) -> str:
    """Name the first scene, stop or place that a tour leads to and nobody has described."""
    stops = {(guide.slug, stop.slug) for guide in content.guides for stop in guide.stops}
    for tour in content.tours:
        numbers = {scene.number for scene in tour.scenes}
        for scene in tour.scenes:
            if scene.taken_in and scene.taken_in not in places:
                return f"{tour.slug}: {scene.taken_in}"
            led_to = {scene.stop, *(spot.stop for spot in scene.hotspots)} - {None}
            if led_to - stops:
                return f"{tour.slug}: {min('/'.join(each) for each in led_to - stops if each)}"
            there = {spot.to_scene for spot in scene.hotspots} - {None}
            if there - numbers:
                return f"{tour.slug}: {min(each for each in there - numbers if each is not None)}"
    return ""


def write_tour(
    one: carried.CarriedTour,
    *,
    site: HeritageSite,
    assets: Mapping[str, Asset],
    stops: Stops,
    places: Mapping[str, HeritageSite],
) -> Tour:
    """Write a tour as a draft; its panoramas wait to be cut."""
    tour = Tour.objects.create(site=site, **one.model_dump(exclude={"texts", "scenes"}))
    for language, text in one.texts.items():
        TourText.objects.create(tour=tour, language=language, **text.model_dump())
    scenes = {
        each.number: _write_scene(each, tour, assets, stops, places.get(each.taken_in, site))
        for each in one.scenes
    }
    for each in one.scenes:
        for spot in each.hotspots:
            _write_hotspot(spot, scenes[each.number], scenes, stops)
    return tour


def _write_scene(
    one: carried.CarriedScene,
    tour: Tour,
    assets: Mapping[str, Asset],
    stops: Stops,
    taken_in: HeritageSite,
) -> Scene:
    scene = Scene.objects.create(
        tour=tour,
        number=one.number,
        panorama=panorama_of(asset=assets[one.panorama]),
        taken_in=taken_in,
        location=Point(*one.location, srid=4326) if one.location else None,
        stop=stops[one.stop] if one.stop else None,
        yaw=one.yaw,
        pitch=one.pitch,
    )
    for language, text in one.texts.items():
        SceneText.objects.create(scene=scene, language=language, **text.model_dump())
    return scene


def _write_hotspot(
    one: carried.CarriedHotspot, scene: Scene, scenes: Mapping[int, Scene], stops: Stops
) -> None:
    spot = Hotspot.objects.create(
        scene=scene,
        kind=one.kind,
        yaw=one.yaw,
        pitch=one.pitch,
        to_scene=scenes[one.to_scene] if one.to_scene is not None else None,
        stop=stops[one.stop] if one.stop else None,
    )
    for language, text in one.texts.items():
        HotspotText.objects.create(hotspot=spot, language=language, **text.model_dump())
