"""Content that goes elsewhere and comes in: the same there as here, or nothing at all."""

import io
import os
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point
from django.utils.translation import override
from openpyxl import Workbook
from PIL import Image

from guides.domain.bulk_import import Imported, Wrong, import_folder
from guides.domain.exporting import export_site, hash_of_content
from guides.domain.freshness import write_text
from guides.domain.importing import ContentImported, GuideIsThere, NotAnExport, import_site
from guides.domain.panoramas import panorama_of
from guides.domain.receiving import make_waiting, receive_picture
from guides.domain.refusals import Refusal, Refused
from guides.domain.storing import path_of
from guides.domain.unpacking import unpack
from guides.models import (
    Asset,
    Guide,
    Leg,
    LegText,
    NameSaid,
    Narration,
    Panorama,
    Recording,
    Scene,
    SoundFile,
    Status,
    Stop,
    TourVersion,
    Upload,
    VoiceOrder,
)
from guides.models.tours import TourKind
from sites.models import HeritageSite
from tests.factories import OPENING, make_site
from tests.factories_guides import make_guide, make_narration, make_stop, make_writer
from tests.factories_tours import make_text_hotspot, make_tour
from tests.guides.speech.desk import Desk, asked, kept_files
from tests.guides.speech.test_uploads import photo, receive, sent, sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(desk: Desk) -> HeritageSite:
    """A site with all kinds of content, some of it stale, some by machine."""
    guide = make_guide(slug="full")
    site = guide.site
    first = make_stop(guide=guide, languages=("vi", "en"))
    second = make_stop(guide=guide, languages=("vi",), sentences=1)
    Stop.objects.filter(pk=first.pk).update(
        location=Point(107.579183, 16.467682, srid=4326), location_credit="OSM", zone_radius_m=25
    )
    leg = Leg.objects.create(from_stop=first, to_stop=second)
    LegText.objects.create(leg=leg, language="vi", text="Đi thẳng.")
    asked(make_narration(stop=first), make_narration(stop=first, language="en"))
    desk.work()
    segment = first.segments.get(position=2)
    write_text(segment=segment, language="vi", text="Câu đã sửa.", at=OPENING)
    asset = receive(site, photo())
    assert isinstance(asset, Asset)
    asset.texts.create(language="vi", alt="Cổng")
    first.assets.create(asset=asset)
    NameSaid.objects.create(site=site, language="en", name="Huế", say="Hway")
    VoiceOrder.objects.create(site=site, language="vi", engines=["espeak"])
    walk_around(site, stop=second)
    return site


def walk_around(site: HeritageSite, *, stop: Stop) -> None:
    """A tour through two scenes of one panorama, one of them taken in another place."""
    tour = make_tour(site=site, scenes=0)
    tour.kind, tour.is_sample, tour.position = TourKind.RECONSTRUCTION, True, 3
    tour.save()
    asset = receive_picture(
        site=site,
        sent=sent(photo(size=(2_048, 4_096))),
        at=OPENING,
        kind=Asset.Kind.PANORAMA,
    )
    assert isinstance(asset, Asset)
    panorama = panorama_of(asset=asset)
    here, there = (
        Scene.objects.create(tour=tour, number=number, panorama=panorama, taken_in=place, yaw=12.5)
        for number, place in ((4, site), (7, make_site()))
    )
    here.texts.create(language="vi", title="Sân", description="Một sân rộng.")
    Scene.objects.filter(pk=here.pk).update(
        location=Point(107.57, 16.46, srid=4326), stop=stop, pitch=-3
    )
    here.hotspots.create(kind="scene", yaw=-90, pitch=0, to_scene=there)
    there.hotspots.create(kind="stop", yaw=10.25, pitch=5, stop=stop)
    make_text_hotspot(scene=there)


def carried(site: HeritageSite, folder: Path) -> Path:
    archive = folder / "site.zip"
    export_site(site=site, to=archive)
    unpacked = folder / "unpacked"
    assert unpack(archive, to=unpacked) is None
    # The labels move with the site: here, in one database, the old ones make room.
    for stop in Stop.objects.filter(guide__site=site):
        Stop.objects.filter(pk=stop.pk).update(qr_code=f"old{stop.pk}")
    return unpacked


def test_what_is_exported_and_imported_is_the_same(told: HeritageSite, tmp_path: Path) -> None:
    before = hash_of_content(site=told)
    folder, again = carried(told, tmp_path), tmp_path / "again.zip"
    assert export_site(site=told, to=again) != before, "the labels are old now"
    assert export_site(site=told, to=tmp_path / "third.zip") == hash_of_content(site=told)
    assert again.read_bytes() == (tmp_path / "third.zip").read_bytes()
    stale = set(Recording.objects.exclude(stale_since=None).values_list("text_hash", flat=True))
    for name in kept_files():
        os.unlink(path_of(name))  # noqa: PTH108 # elsewhere has none of our files

    elsewhere = make_site()
    by = make_writer()
    dry = import_site(site=elsewhere, folder=folder, by=by, at=OPENING, dry=True)
    assert not Guide.objects.filter(site=elsewhere).exists()
    assert kept_files() == []
    done = import_site(site=elsewhere, folder=folder, by=by, at=OPENING)

    assert done == dry == ContentImported(guides=1, stops=2, recordings=2, tours=1)
    assert hash_of_content(site=elsewhere) == before
    there = Recording.objects.filter(narration__stop__guide__site=elsewhere)
    assert set(there.exclude(stale_since=None).values_list("text_hash", flat=True)) == stale
    assert stale
    sounds = SoundFile.objects.filter(recording__in=there)
    assert all(path_of(name).is_file() for name in sounds.values_list("name", flat=True))
    states = Narration.objects.filter(stop__guide__site=elsewhere).values_list("status", flat=True)
    assert set(states) == {Status.DRAFT}
    cut = Panorama.objects.get(asset__site=elsewhere)
    assert (cut.state, cut.tiles_done) == (Panorama.State.WAITING, 0)
    assert not TourVersion.objects.exists()


def test_an_export_with_a_fault_leaves_nothing(told: HeritageSite, tmp_path: Path) -> None:
    folder, by = carried(told, tmp_path), make_writer()
    elsewhere = make_site()
    sheet = folder / "content.json"
    whole = sheet.read_text("utf-8")
    before = set(kept_files())

    def answer(text: str = whole) -> object:
        sheet.write_text(text, "utf-8")
        with override("en"):
            return import_site(site=elsewhere, folder=folder, by=by, at=OPENING)

    assert import_site(site=told, folder=folder, by=by, at=OPENING) == GuideIsThere("full")
    assert answer("") == answer("[" * 9_000) == NotAnExport("content.json cannot be read")
    assert answer("{}") == NotAnExport("content.json is wrong at “guides”")
    assert answer(whole.replace('"format": 1', '"format": "x"')) == NotAnExport(
        "content.json is wrong at “format”"
    )
    twice = answer(whole.replace('"number": 2', '"number": 1'))
    assert twice == NotAnExport("content.json says something twice, or what cannot be")
    lost = answer(whole.replace('"to_scene": 7', '"to_scene": 9'))
    assert isinstance(lost, NotAnExport)
    assert lost.what.endswith(": 9)")
    sound = min((folder / "files").glob("*.mp3"))
    sound.write_bytes(b"other")
    assert answer() == NotAnExport(f"files/{sound.name} is not what its name says")
    sound.unlink()
    assert answer() == NotAnExport(f"files/{sound.name} is missing")
    assert not Guide.objects.filter(site=elsewhere).exists()
    assert not Asset.objects.filter(site=elsewhere).exists()
    assert set(kept_files()) == before


def test_an_export_brings_in_nothing_that_an_upload_may_not(
    told: HeritageSite, tmp_path: Path
) -> None:
    folder, by = carried(told, tmp_path), make_writer()
    elsewhere, sheet = make_site(), folder / "content.json"
    whole, before = sheet.read_text("utf-8"), set(kept_files())
    picture = Asset.objects.get(site=told, kind=Asset.Kind.PICTURE)
    spoken = SoundFile.objects.filter(format="mp3").order_by("sha256")[0]
    wide = f'"height": {picture.height}', f'"height": {picture.height + 1}'

    def answer(was: str, suffix: str, data: bytes) -> str:
        """Put other bytes in the place of a file, with their own hash as their name."""
        new = sha256(data).hexdigest()
        (folder / "files" / f"{new}.{suffix}").write_bytes(data)
        sheet.write_text(whole.replace(was, new), "utf-8")
        with override("en"):
            answered = import_site(site=elsewhere, folder=folder, by=by, at=OPENING)
        assert isinstance(answered, NotAnExport)
        return answered.what.replace(new, "it")

    program, kept = b"<svg onload='x()'/>", path_of(picture.name)
    where = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    Image.open(kept).save(where, "JPEG", exif=exif)
    for data in (where.getvalue(), program, kept.read_bytes()[:-200]):
        no_picture = "files/it.jpg is no picture as this console keeps it"
        assert answer(picture.sha256, "jpg", data) == no_picture
    no_sound = "files/it.mp3 is no recording of the stated length"
    assert answer(spoken.sha256, "mp3", b"ID3" + program) == no_sound
    sheet.write_text(whole.replace(*wide), "utf-8")
    assert isinstance(import_site(site=elsewhere, folder=folder, by=by, at=OPENING), NotAnExport)
    assert set(kept_files()) == before


# --- A folder and a sheet -----------------------------------------------------------------


def write_xlsx(folder: Path, rows: list[list[object]]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "sheet.xlsx")


def test_a_folder_with_a_sheet_is_looked_at_and_then_taken(tmp_path: Path) -> None:
    stop = make_stop()
    site, folder = stop.guide.site, tmp_path / "folder"
    folder.mkdir()
    sound(folder, "mot.mp3")
    (folder / "anh.jpg").write_bytes(photo())
    head: list[object] = ["Điểm", "Ngôn ngữ", "Tệp", "Người đọc", "Nguồn", "Mô tả"]
    write_xlsx(
        folder,
        [
            head,
            [stop.number, "vi", "mot.mp3", "Lan", None, None],
            [None] * 6,
            [stop.slug, "vi", "anh.jpg", None, "A. Nhân", "Cổng"],
        ],
    )

    dry = import_folder(site=site, folder=folder, at=OPENING, dry=True)
    assert (dry, Upload.objects.count(), Asset.objects.count()) == (Imported(1, 1), 0, 0)
    assert kept_files() == []
    done = import_folder(site=site, folder=folder, at=OPENING, dry=False)
    make_waiting(at=OPENING)

    assert done == dry
    assert Recording.objects.get().voice == "Lan"
    assert [text.alt for text in Asset.objects.get().texts.all()] == ["Cổng"]
    assert stop.assets.count() == 1


def test_every_wrong_row_is_told_and_nothing_is_taken(tmp_path: Path) -> None:
    stop = make_stop()
    folder = tmp_path / "folder"
    folder.mkdir()
    sound(folder, "good.mp3")
    (folder / "bad.mp3").write_bytes(b"ID3" + bytes(90))
    (tmp_path / "outside.mp3").write_bytes(b"x")
    (folder / "photo.png").write_bytes(photo(form="PNG"))
    rows = [
        "stop;language;file",
        f"{stop.number};vi;good.mp3",
        "99;vi;good.mp3",
        f"{stop.number};vi;none.mp3",
        f"{stop.number};vi;../outside.mp3",
        f"{stop.number};xx;good.mp3",
        f"{stop.number};;good.mp3",
        f"{stop.number};en;bad.mp3",
        f"{stop.number};vi;good.mp3",
        f"{stop.number};vi;photo.png",
    ]
    (folder / "sheet.csv").write_text("\n".join(rows), "utf-8")

    with override("en"):
        wrong = import_folder(site=stop.guide.site, folder=folder, at=OPENING, dry=False)

    assert isinstance(wrong, list)
    assert [(each.row, each.sentence[:32]) for each in wrong] == [
        (3, "There is no stop “99” in the gui"),
        (4, "The file “none.mp3” is not in th"),
        (5, "The file “../outside.mp3” is not"),
        (6, "“xx” is no language code; known "),
        (7, "A recording needs its language."),
        (8, "The file is damaged or its end i"),
        (9, "Row 2 has a recording of the sam"),
        (10, "A picture needs its credit."),
    ]
    assert (Upload.objects.count(), Asset.objects.count(), kept_files()) == (0, 0, [])


def test_a_folder_without_a_sheet_is_told_so(tmp_path: Path) -> None:
    site = make_stop().guide.site
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "sheet.xlsx").write_bytes(b"PK no sheet")

    with override("en"):
        answer = import_folder(site=site, folder=tmp_path / "f", at=OPENING, dry=True)

    sentence = "There is no sheet (XLSX or CSV) with the columns stop and file."
    assert answer == [Wrong(0, sentence)]


def archive_of(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "c:\\out.txt"])
def test_an_archive_writes_nowhere_else(name: str, tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "a.zip", {name: b"x"})

    assert unpack(archive, to=tmp_path / "to") == Refused(Refusal.BROKEN)
    assert not (tmp_path / "out.txt").exists()


def test_an_archive_that_unfolds_is_stopped_while_it_does(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "a.zip", {"bomb": bytes(5_000_000)})

    assert archive.stat().st_size < 10_000
    assert unpack(archive, to=tmp_path / "to", most=1_000_000) == Refused(Refusal.UNPACKS_TOO_LARGE)
    assert (tmp_path / "to" / "bomb").stat().st_size <= 3_000_000


def test_an_archive_that_unfolds_a_hundredfold_is_stopped_too(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "a.zip", {"bomb": bytes(90_000_000)})

    assert unpack(archive, to=tmp_path / "to") == Refused(Refusal.UNPACKS_TOO_LARGE)


def test_what_is_no_archive_is_broken(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(io.BytesIO(b"PK\x03\x04 cut").getvalue())

    assert unpack(tmp_path / "a.zip", to=tmp_path / "to") == Refused(Refusal.BROKEN)
