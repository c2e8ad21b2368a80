"""Lists of places: what they say, in which language, with how little work."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sites.schemas.place_details import PlaceDetailOut
from sites.schemas.places import FeatureCollection, PlaceOut, PlacesOut
from tests.sites.asking import ask, every_page, make_place, slugs

pytestmark = pytest.mark.django_db


@pytest.fixture
def hue() -> None:
    """The catalogue of Huế."""
    call_command("load_catalogue", stdout=StringIO())


def test_the_whole_catalogue_comes_in_pages_that_follow_each_other(hue: None) -> None:
    pages = every_page("/sites")

    seen = [item["slug"] for page in pages for item in page["items"]]
    assert [len(page["items"]) for page in pages] == [20, 20, 20, 3]
    assert len(set(seen)) == 63
    assert {page["count"] for page in pages} == {63}
    assert seen[0] == "dai-noi"
    assert ask("/sites.geojson")["count"] == 53


def test_every_item_keeps_the_documented_form(hue: None) -> None:
    answer = ask("/sites", limit=100, near="16.4,107.5")
    page = PlacesOut.model_validate(answer)

    assert len(page.items) == 53
    for item in answer["items"]:
        assert set(item) == set(PlaceOut.model_fields)
    FeatureCollection.model_validate(ask("/sites.geojson"))


def test_the_page_of_every_place_keeps_the_documented_form(hue: None) -> None:
    for page in every_page("/sites", limit=100):
        for item in page["items"]:
            detail = ask(f"/sites/{item['slug']}")
            PlaceDetailOut.model_validate(detail)
            assert set(detail) == set(PlaceDetailOut.model_fields)
            assert {key: detail[key] for key in item} == item


@pytest.mark.parametrize(
    ("asked", "name", "served"),
    [
        ("vi", "Đại Nội", "vi"),
        ("en", "Imperial City", "en"),
        ("fr", "Cité impériale", "fr"),
        ("ja", "Imperial City", "en"),
    ],
)
def test_a_missing_language_falls_back_to_english(asked: str, name: str, served: str) -> None:
    make_place("dai-noi", names={"vi": "Đại Nội", "en": "Imperial City", "fr": "Cité impériale"})

    [item] = ask("/sites", lang=asked)["items"]
    response = Client().get("/api/v1/sites/dai-noi", headers={"Accept-Language": asked})

    assert (item["name"], item["language"]) == (name, served)
    assert (response.json()["name"], response.headers["Content-Language"]) == (name, served)


def test_without_english_vietnamese_is_served_and_without_both_what_there_is() -> None:
    make_place("one", names={"vi": "Một", "fr": "Un"})
    make_place("two", names={"ko": "둘", "th": "สอง"})

    items = ask("/sites", lang="de")["items"]

    assert [(item["name"], item["language"]) for item in items] == [("Một", "vi"), ("둘", "ko")]
    assert [item["languages"] for item in items] == [["fr", "vi"], ["ko", "th"]]


def test_filters_meet() -> None:
    make_place("a", category="temple", names={"vi": "Đền A"})
    make_place("b", category="museum", names={"vi": "Bảo tàng B", "en": "Museum B"})
    make_place("c", category="museum", names={"vi": "Bảo tàng C"})
    make_place("d", category="museum", published=False)

    assert slugs(category="museum") == ["b", "c"]
    assert slugs(language="en") == ["b"]
    assert slugs(category="museum", q="bao tang c") == ["c"]
    assert slugs(language="th") == []
    assert ask("/sites/d", status=404)["code"] == "site_not_found"


def test_landmarks_come_before_the_others() -> None:
    make_place("small", tier=2)
    make_place("great", tier=1)

    assert slugs() == ["great", "small"]


@pytest.mark.parametrize("places", [1, 3])
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"near": "16.4,107.5"},
        {"near": "16.4,107.5", "radius_m": 50000},
        {"bbox": "107,16,108,17"},
        {"q": "chua"},
        {"category": "temple", "language": "vi"},
    ],
    ids=str,
)
def test_a_list_costs_one_statement(places: int, params: dict[str, Any]) -> None:
    for number in range(places):
        make_place(f"p{number}", at=(16.4 + number / 100, 107.5), names={"vi": f"Chùa {number}"})
    ask("/sites", category="arena")  # closures are read once in some seconds

    with CaptureQueriesContext(
        connection,
    ) as statements:
        answer = ask("/sites", **params)

    assert answer["count"] == places
    assert len(statements) == 1


def test_asking_what_is_open_reads_the_hours_in_use_once() -> None:
    make_place("p", opening_hours="24/7")
    ask("/sites", open_at="2026-11-22T10:00:00Z")

    with CaptureQueriesContext(connection) as statements:
        ask("/sites", open_at="2026-11-22T11:00:00Z")

    assert len(statements) == 1


def test_an_unchanged_page_is_not_sent_again(hue: None) -> None:
    first = Client().get("/api/v1/sites/lang-tu-duc")
    second = Client().get(
        "/api/v1/sites/lang-tu-duc", headers={"If-None-Match": first.headers["ETag"]}
    )

    assert "max-age=" in first.headers["Cache-Control"]
    assert (second.status_code, second.content) == (304, b"")


@pytest.mark.parametrize(
    "params",
    [
        "q=%00",
        "q=" + "x" * 101,
        "near=16",
        "near=16,107,1",
        "near=90.1,107",
        "near=-91,0",
        "near=16,180.5",
        "near=nan,nan",
        "near=inf,0",
        "near=1e1,2",
        "near=",
        "near=16;107",
        "near=%00",
        "near=" + "1" * 5000,
        "radius_m=100",
        "near=16,107&radius_m=0",
        "near=16,107&radius_m=-5",
        "near=16,107&radius_m=nan",
        "near=16,107&radius_m=inf",
        "near=16,107&radius_m=200001",
        "bbox=107,16,108",
        "bbox=108,16,107,17",
        "bbox=107,17,108,16",
        "bbox=a,b,c,d",
        "bbox=-181,0,0,0",
        "bbox=0,0,0,90.5",
        "category=castle",
        "category=",
        "open_at=tomorrow",
        "open_at=1700000000",
        "open_at=0001-01-01T00:00:00Z",
        "open_at=9999-12-31T23:59:59Z",
        "open_at=2026-11-22T10:00:00Z&open_now=true",
        "open_now=perhaps",
        "language=xx",
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=ten",
        "limit=1e2",
        "cursor=",
        "cursor=garbage",
        "cursor=WyJjIl0",
        "cursor=WyJuIiwxLDEsMV0",
        "cursor=WyJjIiwxLDEuNSwxXQ",
        "cursor=WyJjIiwxLDEsOTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",
        "cursor=bnVsbA",
        "cursor=" + "A" * 201,
    ],
)
def test_a_wrong_question_is_a_problem_that_says_where(params: str) -> None:
    for path in ("/sites", "/sites.geojson"):
        if path == "/sites.geojson" and params == "limit=101":
            continue
        response = Client().get(f"/api/v1{path}?{params}")

        assert response.status_code == 422, response.content
        assert response.headers["Content-Type"] == "application/problem+json"
        problem = response.json()
        assert problem["code"] == "invalid_request"
        assert problem["errors"]


@pytest.mark.parametrize("slug", ["nope", "DAI-NOI", "%00", "a" * 300, "..", "%F0%9F%92%A3", "'"])
def test_what_is_not_there_is_a_problem(slug: str) -> None:
    response = Client().get(f"/api/v1/sites/{slug}")

    assert response.status_code == 404
    assert json.loads(response.content)["status"] == 404
