"""A picture of somebody: checked, cleaned, cut, and cut on after a worker died."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from PIL import Image

from guides.domain import panoramas
from guides.domain.panoramas import (
    PanoramaRefused,
    PanoramaTaken,
    PictureFault,
    Rights,
    cut_again,
    cut_panorama,
    fault_of_size,
    forget_panorama,
    take_panorama,
    waiting_panoramas,
)
from guides.domain.storing import path_of
from guides.domain.tiles import base_name, card_name, folder_of, levels_of, tile_name, tiles_in
from guides.gateways import vips
from guides.models import Asset, Panorama
from sites.models import HeritageSite
from tests.at_once import at_once
from tests.factories import OPENING, make_site
from tests.factories_tours import draw_sphere
from tests.guides.speech.test_uploads import png_that_unfolds

pytestmark = pytest.mark.django_db
RIGHTS = Rights(rights=Asset.Rights.OWN, credit="A. Nhân", licence="CC BY 4.0")


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def take(path: Path, *, site: HeritageSite | None = None) -> PanoramaTaken | PanoramaRefused:
    return take_panorama(
        site=site or make_site(), path=path, name=path.name, rights=RIGHTS, by=None, at=OPENING
    )


def taken(path: Path, *, site: HeritageSite | None = None) -> Panorama:
    answer = take(path, site=site)
    assert isinstance(answer, PanoramaTaken), answer
    return answer.panorama


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_levels_double_and_tiles_stay_the_same_size() -> None:
    shapes = [
        [(level.columns, level.rows, level.tile) for level in levels_of(width=width)]
        for width in (2048, 6000, 16384)
    ]

    assert shapes == [
        [(4, 2, 512)],
        [(4, 2, 375), (8, 4, 375), (16, 8, 375)],
        [(4, 2, 512), (8, 4, 512), (16, 8, 512), (32, 16, 512)],
    ]
    assert tiles_in(levels_of(width=4096)) == 4 * 2 + 8 * 4


def test_a_picture_is_cleaned_of_camera_and_position(tmp_path: Path) -> None:
    source = draw_sphere(tmp_path / "sphere.jpg")
    with Image.open(source) as sent:
        assert dict(sent.getexif())

    panorama = taken(source)

    with Image.open(path_of(panorama.asset.name)) as kept:
        assert kept.size == (2048, 1024)
        assert dict(kept.getexif()) == {}
    assert b"Camera of a visitor" not in path_of(panorama.asset.name).read_bytes()


def test_every_tile_is_there_when_it_is_ready(tmp_path: Path) -> None:
    panorama = taken(draw_sphere(tmp_path / "sphere.jpg", width=3000))
    assert waiting_panoramas() == [panorama.pk]

    assert cut_panorama(panorama_id=panorama.pk)

    panorama.refresh_from_db()
    assert (panorama.state, panorama.tiles_done) == ("ready", 8 + 32)
    sha256 = panorama.asset.sha256
    for level in levels_of(width=3000):
        for column in range(level.columns):
            for row in range(level.rows):
                name = tile_name(sha256, level=level.number, column=column, row=row)
                with Image.open(path_of(name)) as tile:
                    assert tile.size == (375, 375)
    with (
        Image.open(path_of(base_name(sha256))) as base,
        Image.open(path_of(card_name(sha256))) as card,
    ):
        assert (base.size, card.size) == ((2048, 1024), (1200, 600))
    assert waiting_panoramas() == []
    assert not cut_panorama(panorama_id=panorama.pk)


def test_after_a_death_cutting_goes_on_and_the_count_never_goes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panorama = taken(draw_sphere(tmp_path / "sphere.jpg", width=4096))
    told: list[int] = []
    real_rows = vips.rows_of_tiles

    def dies_in_the_last_level(*args: Any, **kwargs: Any) -> Any:
        for row, tiles in real_rows(*args, **kwargs):
            told.append(Panorama.objects.get(pk=panorama.pk).tiles_done)
            if kwargs["columns"] == 8 and row == 2:
                raise KeyboardInterrupt
            yield row, tiles

    monkeypatch.setattr(vips, "rows_of_tiles", dies_in_the_last_level)
    with pytest.raises(KeyboardInterrupt):
        cut_panorama(panorama_id=panorama.pk)
    panorama.refresh_from_db()
    assert (panorama.state, panorama.tiles_done) == ("waiting", 8 + 2 * 8)
    before = {path: path.stat().st_mtime_ns for path in files_in(path_of("panoramas"))}

    cut: list[tuple[int, int]] = []

    def noted(*args: Any, **kwargs: Any) -> Any:
        for row, tiles in real_rows(*args, **kwargs):
            told.append(Panorama.objects.get(pk=panorama.pk).tiles_done)
            cut.append((kwargs["columns"], row))
            yield row, tiles

    monkeypatch.setattr(vips, "rows_of_tiles", noted)
    assert cut_panorama(panorama_id=panorama.pk)

    assert cut == [(8, 2), (8, 3)]
    assert told == sorted(told)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    panorama.refresh_from_db()
    assert (panorama.state, panorama.tiles_done) == ("ready", 8 + 32)


def test_a_file_that_vanished_fails_with_a_word_and_can_be_tried_again(tmp_path: Path) -> None:
    panorama = taken(draw_sphere(tmp_path / "sphere.jpg"))
    stored = path_of(panorama.asset.name)
    content = stored.read_bytes()
    stored.unlink()

    assert not cut_panorama(panorama_id=panorama.pk)
    panorama.refresh_from_db()
    assert panorama.state == "failed"
    assert panorama.failure

    stored.write_bytes(content)
    assert cut_again(panorama_id=panorama.pk)
    assert cut_panorama(panorama_id=panorama.pk)
    assert not cut_again(panorama_id=panorama.pk)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_cut_the_same_panorama_at_once(tmp_path: Path) -> None:
    panorama = taken(draw_sphere(tmp_path / "sphere.jpg"))

    answers = at_once(lambda _worker: cut_panorama(panorama_id=panorama.pk), [1, 2, 3])

    assert sorted(answers) == [False, False, True]
    panorama.refresh_from_db()
    assert panorama.state == "ready"


@pytest.mark.django_db(transaction=True)
def test_forgetting_removes_the_tiles_unless_another_place_shows_them(tmp_path: Path) -> None:
    source = draw_sphere(tmp_path / "sphere.jpg")
    mine, theirs = taken(source), taken(source, site=make_site())
    cut_panorama(panorama_id=mine.pk)
    folder = path_of(folder_of(mine.asset.sha256))

    forget_panorama(panorama=mine)
    assert folder.exists()
    forget_panorama(panorama=theirs)
    assert not folder.exists()


def empty(path: Path) -> Path:
    path.touch()
    return path


def words(path: Path) -> Path:
    path.write_text("hello")
    return path


def broken(path: Path) -> Path:
    content = draw_sphere(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def script_in_svg(path: Path) -> Path:
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="4096" height="2048">'
        "<script>alert(1)</script></svg>"
    )
    return path


def bomb(path: Path) -> Path:
    """A few bytes that say of themselves that they are sixty thousand pixels wide."""
    path.write_bytes(png_that_unfolds(60_000, 30_000))
    return path


def sized(path: Path, *size: int) -> Path:
    Image.new("RGB", (size[0], size[1])).save(path, format="JPEG")
    return path


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (empty, PictureFault.EMPTY),
        (words, PictureFault.NOT_A_PICTURE),
        (script_in_svg, PictureFault.NOT_A_PICTURE),
        (broken, PictureFault.BROKEN),
        (bomb, PictureFault.TOO_WIDE),
        (lambda path: sized(path, 4096, 3072), PictureFault.NOT_TWO_TO_ONE),
        (lambda path: sized(path, 1000, 500), PictureFault.TOO_NARROW),
    ],
    ids=["empty", "text", "script", "truncated", "bomb", "photo", "small"],
)
def test_what_is_no_panorama_is_refused_with_its_reason_and_leaves_nothing(
    make: Any, fault: PictureFault, tmp_path: Path, media: Path
) -> None:
    assert take(make(tmp_path / "upload.jpg")) == PanoramaRefused(fault)

    assert files_in(media) == []
    assert not Asset.objects.exists()


def test_a_file_of_two_gigabytes_is_refused_unread(tmp_path: Path) -> None:
    huge = tmp_path / "huge.jpg"
    with huge.open("wb") as file:
        file.truncate(2 << 30)

    assert take(huge) == PanoramaRefused(PictureFault.TOO_LARGE)


def test_cameras_may_miss_the_shape_by_a_pixel() -> None:
    assert fault_of_size(width=6001, height=3000) is None
    assert fault_of_size(width=6000, height=3002) == PictureFault.NOT_TWO_TO_ONE
    assert fault_of_size(width=panoramas.WIDEST + 2, height=panoramas.WIDEST // 2 + 1) == (
        PictureFault.TOO_WIDE
    )


def test_the_same_picture_is_kept_once(tmp_path: Path) -> None:
    site = make_site()
    source = draw_sphere(tmp_path / "sphere.jpg")

    assert taken(source, site=site) == taken(source, site=site)
