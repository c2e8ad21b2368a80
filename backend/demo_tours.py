"""A made-up 360° tour: drawn pictures, marked as a sample wherever they show.

Making it again changes nothing. Production refuses it.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from backend.drawn_places import Hall, draw_courtyard
from guides.domain.panoramas import PanoramaTaken, Rights, cut_panorama, take_panorama
from guides.domain.tour_publishing import TourMoved, approve_tour, publish_tour, submit_tour
from guides.models import (
    Asset,
    Hotspot,
    HotspotText,
    Panorama,
    Scene,
    SceneText,
    Stop,
    Tour,
    TourText,
)
from sites.models import HeritageSite, User

SLUG: Final = "sample-courtyards"
RIGHTS: Final = Rights(
    rights=Asset.Rights.OWN, credit="Ngọ Môn, drawn by a program", licence="CC0", is_sample=True
)
# The stops whose narration is heard in the first scene, and behind a hotspot of the second, once
# somebody publishes it.
HEARD_STOP: Final = "ngo-mon"
TOLD_STOP: Final = "dien-thai-hoa"
TITLES: Final = {
    "vi": ("Tham quan 360° mẫu: hai sân chầu", "Hai khoảng sân vẽ bằng máy, không có thật."),
    "en": ("Sample 360° tour: two courtyards", "Two courtyards drawn by a program; not real."),
}
COURTS: Final[tuple[tuple[dict[str, tuple[str, str]], Sequence[Hall], bool], ...]] = (
    (
        {
            "vi": (
                "Sân trước",
                (
                    "Trước mặt là một tòa nhà hai tầng mái vàng, chín gian; hai bên là nhà năm "
                    "gian, sau lưng là nhà bảy gian."
                ),
            ),
            "en": (
                "Front courtyard",
                (
                    "Ahead stands a hall of two floors with yellow roofs and nine bays; halls of "
                    "five bays lie on both sides, one of seven behind you."
                ),
            ),
        },
        (
            Hall(towards=0, away_m=22, bays=9, floors=2),
            Hall(towards=180, away_m=40, bays=7),
            Hall(towards=90, away_m=30, bays=5),
            Hall(towards=-90, away_m=30, bays=5),
        ),
        False,
    ),
    (
        {
            "vi": (
                "Sân trong lúc chiều",
                (
                    "Bốn tòa nhà một tầng quây quanh sân dưới trời chiều; trước mặt là nhà mười "
                    "một gian."
                ),
            ),
            "en": (
                "Inner courtyard at dusk",
                (
                    "Four halls of one floor enclose the yard under an evening sky; the one ahead "
                    "has eleven bays."
                ),
            ),
        },
        (
            Hall(towards=0, away_m=28, bays=11),
            Hall(towards=180, away_m=22, bays=9, floors=2),
            Hall(towards=80, away_m=24, bays=5),
            Hall(towards=-80, away_m=24, bays=5),
        ),
        True,
    ),
)
EAVES: Final = {
    "vi": ("Mái cong", "Ở hình mẫu này, góc mái hất lên. Đây là nét vẽ, không phải tư liệu."),
    "en": ("Turned-up eaves", "In this drawing the corners of the roofs turn up. It is no record."),
}


TOLD: Final = {
    "vi": ("Nghe về điện Thái Hòa", "Lời kể về điện thật; hình quanh đây là hình vẽ."),
    "en": ("Hear about Thái Hòa palace", "It tells of the real palace; what you see is drawn."),
}


def make_sample_tour(*, site: HeritageSite | None, at: datetime) -> Tour | None:
    """Draw, cut, write and publish the tour, once; the demo's manager and admin do it together."""
    manager = User.objects.filter(username="manager").first()
    admin = User.objects.filter(username="admin").first()
    if site is None or manager is None or admin is None:
        return None
    known = Tour.objects.filter(site=site, slug=SLUG).first()
    if known:
        return known
    panoramas = [
        _panorama(site, halls, evening=evening, at=at) for _texts, halls, evening in COURTS
    ]
    tour = Tour.objects.create(site=site, slug=SLUG, is_sample=True)
    for language, (title, description) in TITLES.items():
        TourText.objects.create(tour=tour, language=language, title=title, description=description)
    scenes = [
        _scene(tour, number, panorama, texts)
        for number, (panorama, (texts, _halls, _evening)) in enumerate(
            zip(panoramas, COURTS, strict=True), start=1
        )
    ]
    _place_hotspots(scenes)
    _publish(tour, manager=manager, admin=admin, at=at)
    return tour


def _panorama(
    site: HeritageSite, halls: Sequence[Hall], *, evening: bool, at: datetime
) -> Panorama:
    with TemporaryDirectory(prefix="ngomon-sample-") as folder:
        path = Path(folder) / "sample.jpg"
        draw_courtyard(halls=halls, evening=evening).save(path, quality=90)
        taken = take_panorama(
            site=site, path=path, name="sample.jpg", rights=RIGHTS, by=None, at=at
        )
    if not isinstance(taken, PanoramaTaken):
        raise TypeError(taken)
    cut_panorama(panorama_id=taken.panorama.pk)
    return taken.panorama


def _scene(tour: Tour, number: int, panorama: Panorama, texts: dict[str, tuple[str, str]]) -> Scene:
    heard = _stop(tour, HEARD_STOP)
    scene = Scene.objects.create(
        tour=tour,
        number=number,
        panorama=panorama,
        taken_in=tour.site,
        stop=heard if number == 1 else None,
        pitch=5,
    )
    for language, (title, description) in texts.items():
        SceneText.objects.create(
            scene=scene, language=language, title=title, description=description
        )
    return scene


def _stop(tour: Tour, slug: str) -> Stop | None:
    return Stop.objects.filter(guide__site=tour.site, slug=slug).order_by("pk").first()


def _place_hotspots(scenes: Sequence[Scene]) -> None:
    """A way there and back, a text about the roofs, and a stop that is told."""
    front, inner = scenes
    Hotspot.objects.create(scene=front, kind=Hotspot.Kind.SCENE, yaw=0, pitch=1, to_scene=inner)
    Hotspot.objects.create(scene=inner, kind=Hotspot.Kind.SCENE, yaw=180, pitch=1, to_scene=front)
    eaves = Hotspot.objects.create(scene=front, kind=Hotspot.Kind.TEXT, yaw=-35, pitch=22)
    _write(eaves, EAVES)
    if stop := _stop(inner.tour, TOLD_STOP):
        told = Hotspot.objects.create(
            scene=inner, kind=Hotspot.Kind.STOP, yaw=0, pitch=12, stop=stop
        )
        _write(told, TOLD)


def _write(hotspot: Hotspot, texts: dict[str, tuple[str, str]]) -> None:
    for language, (title, text) in texts.items():
        HotspotText.objects.create(hotspot=hotspot, language=language, title=title, text=text)


def _publish(tour: Tour, *, manager: User, admin: User, at: datetime) -> None:
    submitted = submit_tour(tour=tour, by=manager, at=at, note="sample")
    if not isinstance(submitted, TourMoved):
        raise TypeError(submitted)
    approve_tour(version=submitted.version, by=manager, at=at)
    publish_tour(version=submitted.version, by=admin, at=at)
