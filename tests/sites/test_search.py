"""Places are found by name as people type it."""

import unicodedata
from io import StringIO

import pytest
from django.core.management import call_command

from tests.sites.asking import ask, every_page, make_place, slugs

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dai noi", "dai-noi"),
        ("Đại Nội", "dai-noi"),
        ("ĐẠI NỘI", "dai-noi"),
        (unicodedata.normalize("NFD", "Đại Nội"), "dai-noi"),
        ("hoang thanh", "dai-noi"),
        ("Imperial City", "dai-noi"),
        ("imperail city", "dai-noi"),
        ("dia noi", "dai-noi"),
        ("lang tu duc", "lang-tu-duc"),
        ("Lăng Tự Đức", "lang-tu-duc"),
        ("Tu Duc tomb", "lang-tu-duc"),
        ("khiêm lăng", "lang-tu-duc"),
        ("lang tu dcu", "lang-tu-duc"),
        ("thien mu", "chua-thien-mu"),
        ("tien mu", "chua-thien-mu"),
        ("Thiên Mụ Pagoda", "chua-thien-mu"),
        ("an dinh palace", "cung-an-dinh"),
        ("cho dong ba", "cho-dong-ba"),
        ("hai van", "hai-van-quan"),
        ("truong tien bridge", "cau-truong-tien"),
    ],
)
def test_a_place_is_found_first_by_what_people_type(typed: str, found: str) -> None:
    call_command("load_catalogue", stdout=StringIO())

    assert slugs(q=typed)[0] == found


def test_a_place_with_all_the_words_hides_those_that_are_merely_alike() -> None:
    make_place("tu-duc", names={"vi": "Lăng Tự Đức"})
    make_place("duc-duc", names={"vi": "Lăng Dục Đức"})

    assert slugs(q="lang tu duc") == ["tu-duc"]
    assert set(slugs(q="lang duc")) == {"tu-duc", "duc-duc"}


def test_marks_that_were_typed_decide_between_names_that_fold_alike() -> None:
    make_place("tomb", names={"vi": "Lăng Sinh"})
    make_place("village", names={"vi": "Làng Sình"})

    assert slugs(q="làng sình") == ["village", "tomb"]
    assert slugs(q="lăng sinh") == ["tomb", "village"]


def test_a_name_in_the_language_asked_for_comes_first() -> None:
    make_place("one", names={"vi": "Museum", "en": "House"})
    make_place("two", names={"vi": "Nhà", "en": "Museum"})

    assert slugs(q="museum", lang="en") == ["two", "one"]
    assert slugs(q="museum", lang="vi") == ["one", "two"]


def test_names_of_every_script_are_found() -> None:
    make_place(
        "dai-noi",
        names={"zh": "順化皇城", "ja": "フエ王宮", "th": "พระราชวังเว้", "ru": "Имперский город"},
    )

    for typed in ("順化皇城", "フエ王宮", "พระราชวังเว้", "имперский"):
        assert slugs(q=typed) == ["dai-noi"]


@pytest.mark.parametrize("typed", ["zzzzqqqq", "!!!", "%", "_", "'", "\\", "؟", "x" * 100])
def test_what_matches_nothing_finds_nothing_and_breaks_nothing(typed: str) -> None:
    make_place("dai-noi", names={"vi": "Đại Nội"})

    assert ask("/sites", q=typed) == {"items": [], "count": 0, "next": None}


def test_spaces_alone_are_no_question() -> None:
    make_place("dai-noi")

    assert slugs(q="   ") == ["dai-noi"]


def test_pages_of_a_search_are_whole_and_in_order() -> None:
    for number in range(7):
        make_place(f"p{number}", names={"vi": f"Chùa số {number}"})

    pages = every_page("/sites", q="chùa", limit=3)

    seen = [item["slug"] for page in pages for item in page["items"]]
    assert sorted(seen) == [f"p{number}" for number in range(7)]
    assert [page["count"] for page in pages] == [7, 7, 7]
