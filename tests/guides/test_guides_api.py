"""What the public meets of the guides: what is published, in the language asked or the next."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guides.domain.freshness import write_text
from guides.domain.published import leave_facts
from guides.models import NarrationVersion, SitePolicy, Stop
from sites.models import HeritageSite
from tests.factories import make_site
from tests.factories_guides import (
    make_guide,
    make_picture,
    make_published,
    make_stop,
    segments_of,
)
from tests.sites.asking import ask

pytestmark = pytest.mark.django_db


def get(path: str, **asked: str) -> Any:
    return Client().get(f"/api/v1{path}", asked)


def make_told_stop(*languages: str) -> Stop:
    stop = make_stop(languages=languages or ("vi", "en"))
    make_published(stop=stop, languages=languages or ("vi", "en"))
    return stop


def test_a_guide_tells_its_stops_in_the_language_asked() -> None:
    stop = make_told_stop("vi", "en", "fr")
    picture = make_picture(stop=stop, languages=("vi", "fr"))

    answer = get(f"/guides/{stop.guide_id}", lang="fr")

    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == "fr"
    body = answer.json()
    [told] = body["stops"]
    narration = told["narration"]
    assert (narration["language"], told["title"]) == ("fr", "Stop 1 (fr)")
    assert narration["transcript"].count("(fr)") == 2
    assert narration["duration_s"] == 9.0
    assert narration["origin"] == "human"
    assert narration["audio_url"] == f"/media/{usual(narration)['url'].removeprefix('/media/')}"
    assert (narration["sha256"], narration["bytes"]) == (usual(narration)["sha256"], 1_000)
    assert told["pictures"][0]["sha256"] == picture.sha256
    assert told["pictures"][0]["alt"] == "A gate (fr)"
    assert body["languages"] == ["en", "fr", "vi"]


def usual(narration: dict[str, Any]) -> dict[str, Any]:
    [file] = [f for f in narration["files"] if (f["format"], f["quality"]) == ("mp3", "high")]
    return dict(file)


@pytest.mark.parametrize(
    ("there", "asked", "served"),
    [
        (("vi", "en", "de"), "de", "de"),
        (("vi", "en"), "de", "en"),
        (("vi",), "de", "vi"),
        (("vi", "en"), "vi", "vi"),
    ],
)
def test_the_language_falls_back_to_english_then_vietnamese(
    there: tuple[str, ...], asked: str, served: str
) -> None:
    stop = make_told_stop(*there)

    answer = get(f"/guides/{stop.guide_id}", lang=asked)

    assert answer.headers["Content-Language"] == served
    assert answer.json()["stops"][0]["narration"]["language"] == served


def test_what_is_not_published_is_not_there() -> None:
    guide = make_guide()
    make_stop(guide=guide)

    assert get(f"/guides/{guide.pk}").status_code == 404
    assert get(f"/guides/{guide.pk}").json()["code"] == "guide_not_found"
    assert get(f"/sites/{guide.site.slug}/guides").json()["items"] == []


def test_words_that_are_being_written_are_not_told_before_they_are_published() -> None:
    stop = make_told_stop()
    write_text(segment=segments_of(stop)[0], language="vi", text="New.", at=timezone.now())

    [told] = get(f"/guides/{stop.guide_id}", lang="vi").json()["stops"]

    assert "New." not in told["narration"]["transcript"]


def test_a_site_may_hide_what_is_stale() -> None:
    stop = make_told_stop()
    SitePolicy.objects.create(site=stop.guide.site, stale=SitePolicy.Stale.HIDE)
    other = make_stop(guide=stop.guide)
    make_published(stop=other)
    write_text(segment=segments_of(stop)[0], language="vi", text="New.", at=timezone.now())

    [told] = get(f"/guides/{stop.guide_id}", lang="vi").json()["stops"]

    assert told["number"] == other.number


def test_what_has_expired_is_silent_before_the_clock_has_come_round() -> None:
    stop = make_told_stop("vi")
    NarrationVersion.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert get(f"/guides/{stop.guide_id}").status_code == 404


def test_a_hidden_place_hides_its_guides() -> None:
    stop = make_told_stop("vi")
    HeritageSite.objects.update(published=False)

    assert get(f"/guides/{stop.guide_id}").status_code == 404
    assert get(f"/sites/{stop.guide.site.slug}/guides").status_code == 404


@pytest.mark.parametrize("path", ["/guides/0", "/guides/99999999999999999999999", "/guides/x"])
def test_a_guide_that_nobody_wrote_is_not_found(path: str) -> None:
    assert get(path).status_code == 404


def test_the_page_of_the_place_names_its_guides_and_their_languages() -> None:
    stop = make_told_stop("vi", "fr")
    leave_facts(site_id=stop.guide.site_id, at=timezone.now())

    [guide] = ask(f"/sites/{stop.guide.site.slug}", lang="en")["guides"]

    assert guide == {
        "id": stop.guide_id,
        "slug": stop.guide.slug,
        "kind": "full",
        "title": f"{stop.guide.slug} (en)",
        "languages": ["fr", "vi"],
        "stops": 1,
        "duration_s": 9,
        "is_free": True,
    }


@pytest.mark.parametrize("stops", [1, 3])
def test_a_guide_of_any_length_is_read_in_the_same_number_of_statements(
    stops: int, django_assert_num_queries: Any
) -> None:
    guide = make_guide(site=make_site())
    for _number in range(stops):
        stop = make_stop(guide=guide, languages=("vi", "en"))
        make_picture(stop=stop)
        make_published(stop=stop, languages=("vi", "en"))

    with django_assert_num_queries(8):
        assert len(get(f"/guides/{guide.pk}").json()["stops"]) == stops
    with django_assert_num_queries(9):
        assert get(f"/sites/{guide.site.slug}/guides").json()["count"] == 1
