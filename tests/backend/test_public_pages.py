"""What a search engine, a chat window and a browser without script read of the visitor app."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from backend.public_pages.views import pages
from backend.web_apps import _manifest, _page
from sites.models import HeritageSite, SiteText
from tests.factories import make_product, make_site

pytestmark = pytest.mark.django_db

BUILT = (
    '<html lang="vi"><head><title>Ngọ Môn</title><meta name="description" content="Huế" /></head>'
    '<body><div id="app"></div></body></html>'
)
LANGUAGES = {"vi", "en", "fr", "zh", "ja", "ko", "th", "de", "es", "ru", "it", "pt"}


@pytest.fixture(autouse=True)
def built(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "visitor").mkdir()
    (tmp_path / "visitor" / "index.html").write_text(BUILT)
    settings.WEB_DIST = tmp_path
    settings.PUBLIC_URL = "https://ve.example"
    _page.cache_clear()
    _manifest.cache_clear()
    pages.forget()


def read(path: str, **headers: str) -> str:
    answer = Client(headers=headers).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def structured(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    return dict(json.loads(found[1]))


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_place_has_a_head_in_every_language(language: str) -> None:
    site = make_site(slug="dai-noi", name="Đại Nội")

    page = read(f"/sites/{site.slug}?lang={language}")

    own = f"https://ve.example/sites/dai-noi?lang={language}"
    assert f'<html lang="{language}">' in page
    assert f'<link rel="canonical" href="{own}" />' in page
    assert f'<meta property="og:url" content="{own}" />' in page
    assert set(re.findall(r'hreflang="([\w-]+)" href="https://ve', page)) == LANGUAGES | {
        "x-default"
    }
    name = "Đại Nội (vi)" if language == "vi" else "Đại Nội"
    assert f"<title>{name} · Ngọ Môn</title>" in page
    assert page.count("<title>") == page.count('name="description"') == 1


def test_the_address_without_a_language_is_a_page_of_its_own_for_whoever_speaks_another() -> None:
    make_site(slug="dai-noi")

    page = read("/sites/dai-noi", **{"accept-language": "ja"})

    own = "https://ve.example/sites/dai-noi"
    assert f'<link rel="canonical" href="{own}" />' in page
    assert f'hreflang="x-default" href="{own}"' in page
    # One language's page was not written for the other address.
    assert f'<link rel="canonical" href="{own}?lang=ja" />' in read("/sites/dai-noi?lang=ja")


@pytest.mark.parametrize("path", ["/tickets", "/orders/K7MQ2XR9", "/orders/K7MQ2XR9/rating"])
def test_no_search_engine_lists_the_address_of_an_order(path: str) -> None:
    page = read(path)

    assert '<link rel="canonical" href="https://ve.example/tickets" />' in page
    assert "K7MQ2XR9" not in page


def test_a_page_asks_for_the_words_of_its_language_at_once(settings: Settings) -> None:
    make_site(slug="dai-noi")
    folder = settings.WEB_DIST / "visitor" / ".vite"
    folder.mkdir()
    files = {"messages/de.json": "assets/de-1.js", "messages/ja.json": "assets/ja-2.js"}
    written = {f"../{name}": {"file": file} for name, file in files.items()}
    (folder / "manifest.json").write_text(json.dumps(written))

    page = read("/sites/dai-noi?lang=de")

    assert re.findall(r'rel="modulepreload" href="([^"]+)"', page) == ["/assets/de-1.js"]


def test_a_place_tells_search_engines_its_prices_hours_and_point() -> None:
    site = make_site(slug="dai-noi", opening_hours="Mo-Su 07:00-17:30")
    make_product(sites=[site], price=200_000)

    told = structured(read("/sites/dai-noi?lang=en"))

    assert told["@type"] == "TouristAttraction"
    offers = told["makesOffer"]
    assert isinstance(offers, list)
    assert [(offer["price"], offer["priceCurrency"]) for offer in offers] == [("200000", "VND")]
    hours = told["openingHoursSpecification"]
    assert isinstance(hours, list)
    assert len(hours) == 7
    assert {(day["opens"], day["closes"]) for day in hours} == {("07:00", "17:30")}


def test_without_a_script_a_place_shows_name_price_hours_and_a_way_to_the_others() -> None:
    site = make_site(slug="dai-noi", name="Đại Nội", opening_hours="24/7")
    make_product(sites=[site], price=200_000)

    page = read("/sites/dai-noi?lang=de")

    text = page[page.index('<div id="app">') :]
    assert "200.000" in text
    assert "Jetzt geöffnet" in text
    assert '<a href="/">' in text


def test_words_of_an_editor_cannot_leave_their_script_element() -> None:
    site = make_site(slug="dai-noi", name="</script><b>Đại</b>")
    SiteText.objects.filter(site=site).update(description="<!-- </script><script>alert(1)")

    page = read("/sites/dai-noi?lang=vi")

    assert "<b>Đại" not in page
    assert "<script>alert" not in page
    assert structured(page)["name"] == "</script><b>Đại</b> (vi)"


@pytest.mark.parametrize(("path", "brought"), [("/sites/dai-noi", 2), ("/", 1)])
def test_what_the_page_brings_along_is_what_the_api_answers(path: str, brought: int) -> None:
    site = make_site(slug="dai-noi")
    make_product(sites=[site], price=200_000)

    page = read(f"{path}?lang=ja")

    found = re.search(r'id="first-answers" data-language="ja">(.*?)</script>', page)
    assert found
    answers = json.loads(found[1])
    assert len(answers) == brought
    for address, answer in answers.items():
        assert Client(headers={"accept-language": "ja"}).get(address).json() == answer


def test_the_list_of_places_links_to_each_of_them_in_the_language_of_the_reader() -> None:
    make_site(slug="dai-noi", name="Đại Nội")

    page = read("/", **{"accept-language": "ja"})

    assert '<html lang="ja">' in page
    assert '<a href="/sites/dai-noi"' in page


@pytest.mark.parametrize("path", ["/sites/nowhere", "/sites/Not%20a%20slug"])
def test_no_place_is_made_up(path: str) -> None:
    answer = Client(headers={"accept-language": "de"}).get(path)

    page = answer.content.decode()
    assert answer.status_code == 404
    assert '<html lang="de">' in page
    assert '<a href="/">' in page
    assert "noindex" in page


def test_the_address_of_a_place_has_no_slash_at_its_end() -> None:
    answer = Client().get("/sites/dai-noi/?lang=de")

    assert (answer.status_code, answer.headers["Location"]) == (301, "/sites/dai-noi?lang=de")


@pytest.mark.parametrize(("path", "varies"), [("/", True), ("/?lang=de", False)])
def test_a_page_in_the_language_of_the_reader_is_kept_for_nobody_else(
    path: str, *, varies: bool
) -> None:
    answer = Client().get(path)

    assert ("accept-language" in answer.headers.get("Vary", "").lower()) is varies


def test_a_page_is_written_once_for_many_readers(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_site(slug="dai-noi")
    read("/sites/dai-noi?lang=vi")

    with django_assert_num_queries(0):
        read("/sites/dai-noi?lang=vi")


def test_the_list_for_search_engines_has_every_published_place_in_every_language() -> None:
    make_site(slug="dai-noi")
    HeritageSite.objects.filter(pk=make_site(slug="hidden").pk).update(published=False)

    index, part = read("/sitemap.xml"), read("/sitemap-1.xml")

    assert "<loc>https://ve.example/sitemap-1.xml</loc>" in index
    assert part.count("<loc>https://ve.example/sites/dai-noi?lang=") == len(LANGUAGES)
    assert "hidden" not in part
    assert Client().get("/sitemap-2.xml").status_code == 404
    assert "Sitemap: https://ve.example/sitemap.xml" in read("/robots.txt")


def test_what_a_phone_keeps_is_in_no_search_engine() -> None:
    answer = Client().get("/shell")

    assert answer.content.decode() == BUILT
    assert answer.headers["X-Robots-Tag"] == "noindex"
