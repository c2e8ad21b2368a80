"""What staff made or changed outlives the next load of the shipped catalogue."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db.models import Model

from sites.models import (
    Closure,
    ClosureText,
    Gate,
    HeritageSite,
    Membership,
    Notice,
    NoticeText,
    Organisation,
    Photo,
    PhotoText,
    SiteText,
    User,
)
from tests.factories import OPENING, make_site
from tests.sites.shipping import change, copy_of_files, load

pytestmark = pytest.mark.django_db


def staff_work(site: HeritageSite) -> list[Model]:
    closure = Closure.objects.create(site=site, starts_at=OPENING)
    notice = Notice.objects.create(site=site, shows_from=OPENING)
    photo = Photo.objects.create(
        site=site, image="photos/gate.jpg", width=1, height=1, credit="A", licence="B"
    )
    manager = User.objects.create(username="manager")
    return [
        closure,
        ClosureText.objects.create(closure=closure, language="vi", text="Điện Thái Hòa đóng"),
        notice,
        NoticeText.objects.create(notice=notice, language="vi", text="Mang theo giấy tờ"),
        photo,
        PhotoText.objects.create(photo=photo, language="vi", alt="Cổng"),
        Membership.objects.create(user=manager, role="MANAGER", site=site),
        SiteText.objects.create(site=site, language="fr", name="Cité impériale"),
        Gate.objects.create(site=site, code="coach", name="Cổng xe khách"),
        make_site(slug="a-place-of-theirs"),
    ]


def values(rows: Iterable[Model]) -> list[dict[str, object]]:
    return [type(row)._default_manager.filter(pk=row.pk).values().get() for row in rows]  # noqa: SLF001  # Django's name for it


def test_what_staff_made_is_not_touched(tmp_path: Path) -> None:
    folder = copy_of_files(tmp_path)
    load()
    made = staff_work(HeritageSite.objects.get(slug="dai-noi"))
    before = values(made)

    change(folder / "places" / "citadel.yaml", "tier: 1", "tier: 2")
    load(folder)

    assert HeritageSite.objects.get(slug="dai-noi").tier == 2
    assert values(made) == before


def test_what_staff_changed_stays_until_the_files_say_something_new_of_it(tmp_path: Path) -> None:
    folder = copy_of_files(tmp_path)
    load()
    dai_noi = HeritageSite.objects.get(slug="dai-noi")
    english = dai_noi.texts.get(language="en")
    HeritageSite.objects.filter(pk=dai_noi.pk).update(on_sale=False, opening_hours="24/7", tier=2)
    dai_noi.texts.filter(language="en").update(name="Imperial City", built="long ago")

    assert load().changed == 0
    change(folder / "places" / "citadel.yaml", "built: 1804–1833", "built: 1804–1834")
    change(folder / "places" / "citadel.yaml", "built: 1804–1833", "built: 1804–1834")
    assert load(folder).changed == 2

    dai_noi.refresh_from_db()
    assert (dai_noi.on_sale, dai_noi.opening_hours, dai_noi.tier) == (False, "24/7", 2)
    changed = dai_noi.texts.get(language="en")
    assert (changed.name, changed.built) == ("Imperial City", "1804–1834")
    assert changed.description == english.description


def test_what_staff_removed_or_withdrew_stays_away() -> None:
    load()
    Organisation.objects.filter(slug="vqg-bach-ma").update(phone="0234 000000")
    HeritageSite.objects.filter(slug="cho-dong-ba").delete()
    HeritageSite.objects.filter(slug="lang-sinh").update(published=False)
    Gate.objects.filter(site__slug="dai-noi", code="hoa-binh").delete()

    loaded = load()

    assert (loaded.made, loaded.changed) == (0, 0)
    assert not HeritageSite.objects.filter(slug="cho-dong-ba").exists()
    assert not HeritageSite.objects.get(slug="lang-sinh").published
    assert not Gate.objects.filter(site__slug="dai-noi", code="hoa-binh").exists()
    assert Organisation.objects.get(slug="vqg-bach-ma").phone == "0234 000000"


def test_a_removed_place_takes_no_part_when_the_files_speak_of_it_anew(tmp_path: Path) -> None:
    folder = copy_of_files(tmp_path)
    load()
    HeritageSite.objects.filter(slug="cho-dong-ba").delete()
    change(folder / "places" / "town-and-villages.yaml", "name: Chợ Đông Ba", "name: Chợ lớn")

    assert load(folder).made == 0
