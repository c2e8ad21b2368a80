"""Tours and panoramas to test with; pictures are small, and drawn here."""

from collections.abc import Sequence
from hashlib import sha256
from itertools import count
from pathlib import Path

from PIL import Image

from guides.domain.tiles import levels_of, tiles_in
from guides.domain.tour_publishing import TourMoved, approve_tour, publish_tour, submit_tour
from guides.models import (
    Asset,
    Hotspot,
    HotspotText,
    Panorama,
    Scene,
    SceneText,
    Tour,
    TourText,
    TourVersion,
)
from sites.models import HeritageSite, Membership, User
from tests.factories import OPENING, make_site

BOTH = ("vi", "en")
_numbers = count(1)


def make_manager(*, site: HeritageSite, name: str = "") -> User:
    user = User.objects.create(username=name or f"manager-{next(_numbers)}", is_staff=True)
    Membership.objects.create(user=user, role=Membership.Role.MANAGER, site=site)
    return user


def make_panorama(
    *,
    site: HeritageSite,
    state: Panorama.State = Panorama.State.READY,
    credit: str = "A. Nhân",
    width: int = 4096,
) -> Panorama:
    """A panorama whose files are named but not on the disk."""
    content = sha256(f"panorama {next(_numbers)}".encode()).hexdigest()
    asset = Asset.objects.create(
        site=site,
        kind=Asset.Kind.PANORAMA,
        name=f"kept/{content[:2]}/{content[2:4]}/{content}.jpg",
        sha256=content,
        bytes=5_000,
        width=width,
        height=width // 2,
        rights=Asset.Rights.OWN if credit else Asset.Rights.UNKNOWN,
        credit=credit,
        licence="CC BY 4.0" if credit else "",
        uploaded_at=OPENING,
    )
    total = tiles_in(levels_of(width=width))
    done = total if state == Panorama.State.READY else 0
    return Panorama.objects.create(asset=asset, state=state, tiles_total=total, tiles_done=done)


def make_tour(
    *, site: HeritageSite | None = None, scenes: int = 2, languages: Sequence[str] = BOTH
) -> Tour:
    """A whole tour that nobody has submitted: each scene leads to the next, the last one back."""
    site = site or make_site()
    tour = Tour.objects.create(site=site, slug=f"tour-{next(_numbers)}")
    for language in languages:
        TourText.objects.create(
            tour=tour, language=language, title=f"Tour ({language})", description="Around"
        )
    made = [
        make_scene(tour=tour, number=number + 1, languages=languages) for number in range(scenes)
    ]
    for here, there in zip(made, [*made[1:], *made[:1]], strict=True):
        if here != there:
            Hotspot.objects.create(
                scene=here, kind=Hotspot.Kind.SCENE, yaw=10, pitch=-5, to_scene=there
            )
    return tour


def make_scene(*, tour: Tour, number: int, languages: Sequence[str] = BOTH) -> Scene:
    scene = Scene.objects.create(
        tour=tour, number=number, panorama=make_panorama(site=tour.site), taken_in=tour.site
    )
    for language in languages:
        SceneText.objects.create(
            scene=scene,
            language=language,
            title=f"Scene {number} ({language})",
            description=f"What is seen in scene {number} ({language})",
        )
    return scene


def make_text_hotspot(*, scene: Scene, languages: Sequence[str] = BOTH) -> Hotspot:
    hotspot = Hotspot.objects.create(scene=scene, kind=Hotspot.Kind.TEXT, yaw=-40, pitch=12)
    for language in languages:
        HotspotText.objects.create(
            hotspot=hotspot, language=language, title=f"Urn ({language})", text=f"Cast ({language})"
        )
    return hotspot


def make_published_tour(*, site: HeritageSite | None = None, scenes: int = 2) -> TourVersion:
    """A tour that two managers of its site have brought before the public."""
    tour = make_tour(site=site, scenes=scenes)
    first, second = make_manager(site=tour.site), make_manager(site=tour.site)
    submitted = submit_tour(tour=tour, by=first, at=OPENING)
    assert isinstance(submitted, TourMoved), submitted
    approved = approve_tour(version=submitted.version, by=first, at=OPENING)
    assert isinstance(approved, TourMoved), approved
    published = publish_tour(version=submitted.version, by=second, at=OPENING)
    assert isinstance(published, TourMoved), published
    return published.version


def draw_sphere(path: Path, *, width: int = 2048, height: int | None = None) -> Path:
    """Draw an equirectangular picture with the name of a camera and a position in it."""
    picture = Image.linear_gradient("L").resize((width, height or width // 2)).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Camera of a visitor"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (16.0, 28.0, 7.0)
    picture.save(path, exif=exif, quality=80)
    return path
