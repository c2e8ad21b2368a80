"""The public page and API of a tour, and how its visits are counted."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext, override

from guides.api import tours as tours_api
from guides.models import Scene, TourVersion, TourVisit
from sites.models import Language, User
from tests.factories import make_site
from tests.factories_guides import make_published, make_stop
from tests.factories_tours import make_published_tour, make_text_hotspot, make_tour

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> TourVersion:
    return make_published_tour(site=make_site(slug="dai-noi"))


def tell(version: TourVersion, client: Client | None = None, **changed: Any) -> Any:
    headers = changed.pop("headers", {})
    body = {
        "visit_id": str(uuid4()),
        "started_at": (timezone.now() - timedelta(minutes=2)).isoformat(),
        "seconds": 12,
        "scenes": [1],
        **changed,
    }
    url = f"/api/v1/tours/{version.tour_id}/visits"
    return (client or Client()).post(url, body, content_type="application/json", headers=headers)


def test_a_visit_is_counted_once_and_only_grows(version: TourVersion) -> None:
    visit_id = str(uuid4())

    for seconds, scenes in ((12, [1]), (40, [2]), (25, [1])):
        assert tell(version, visit_id=visit_id, seconds=seconds, scenes=scenes).status_code == 200

    kept = TourVisit.objects.get()
    assert (kept.seconds, kept.scenes, kept.staff) == (40, [1, 2], False)


def test_nobody_was_there_longer_than_since_the_beginning(version: TourVersion) -> None:
    begun = timezone.now() - timedelta(seconds=30)

    tell(version, started_at=begun.isoformat(), seconds=80_000)

    # Two clocks may differ by five minutes.
    assert 330 <= TourVisit.objects.get().seconds <= 340


def test_scenes_that_the_tour_has_not_are_left_out(version: TourVersion) -> None:
    tell(version, scenes=[2, 77])

    assert TourVisit.objects.get().scenes == [2]


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"lat": 16.4}, 422),
        ({"seconds": -1}, 422),
        ({"visit_id": "me"}, 422),
        ({"started_at": (timezone.now() - timedelta(days=31)).isoformat()}, 409),
        ({"started_at": (timezone.now() + timedelta(hours=1)).isoformat()}, 409),
    ],
)
def test_what_cannot_be_is_not_counted(
    version: TourVersion, changed: dict[str, Any], status: int
) -> None:
    assert tell(version, **changed).status_code == status
    assert not TourVisit.objects.exists()


def test_an_id_of_a_visit_elsewhere_is_refused(version: TourVersion) -> None:
    visit_id = str(uuid4())
    tell(version, visit_id=visit_id)

    assert tell(make_published_tour(), visit_id=visit_id).status_code == 409


def test_our_own_people_and_probes_are_marked(version: TourVersion) -> None:
    client = Client()
    client.force_login(User.objects.create(username="staff", is_staff=True))

    tell(version, client)
    tell(version, headers={"Ngomon-Probe": "1"})
    tell(version)

    assert sorted(TourVisit.objects.values_list("staff", flat=True)) == [False, True, True]


def test_a_tour_that_is_not_public_has_no_page_and_no_visits() -> None:
    tour = make_tour()

    for url in (f"/tours/{tour.pk}", f"/api/v1/tours/{tour.pk}", "/tours/99999999999999999999"):
        assert Client().get(url).status_code == 404
    unseen = TourVersion(tour=tour)
    assert tell(unseen).status_code == 404


def test_the_api_tells_scenes_in_the_language_asked_for(version: TourVersion) -> None:
    tour = Client().get(f"/api/v1/tours/{version.tour_id}?lang=de").json()

    assert (tour["title"], tour["language"], tour["languages"]) == ("Tour (en)", "en", ["en", "vi"])
    scene = tour["scenes"][0]
    assert (scene["title"], scene["site"], scene["narration"]) == ("Scene 1 (en)", "dai-noi", None)
    assert scene["panorama"]["levels"] == [{"columns": 4, "tile": 512}, {"columns": 8, "tile": 512}]
    assert scene["hotspots"][0]["title"] == "Scene 2 (en)"
    listed = Client().get("/api/v1/sites/dai-noi/tours?lang=vi").json()
    assert [(each["title"], each["page"]) for each in listed["items"]] == [
        ("Tour (vi)", f"/tours/{version.tour_id}")
    ]


def test_a_scene_lets_the_published_narration_of_its_stop_be_heard() -> None:
    version = make_published_tour()
    stop = make_stop()
    make_published(stop=stop)
    scene = version.content["scenes"][0]
    scene["stop"] = stop.pk
    version.save()
    assert Scene.objects.exists()

    narration = Client().get(f"/api/v1/tours/{version.tour_id}").json()["scenes"][0]["narration"]

    assert (narration["stop_id"], narration["language"]) == (stop.pk, "vi")
    assert narration["audio_url"].startswith("/media/kept/")
    assert narration["transcript"]


@pytest.mark.parametrize("language", Language.values)
def test_the_page_is_whole_without_script_in_every_language(
    version: TourVersion, language: str
) -> None:
    answer = Client().get(f"/tours/{version.tour_id}?lang={language}")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in page
    assert len(re.findall(r'<li class="scene"', page)) == 2
    assert 'href="#scene-2"' in page
    assert page.count("<noscript>") == 2
    assert page.count('rel="alternate"') == 13
    # The ways back speak the same language; what is not translated says so.
    site = version.tour.site.slug
    assert f'href="/?lang={language}"' in page
    assert f'href="/sites/{site}?lang={language}"' in page
    with override(language):
        assert (gettext("Shown in English") in page) == (language not in {"vi", "en"})
    assert 'property="og:image"' in page
    # Everything that runs comes from us, in a file.
    assert re.findall(r"<script(?![^>]*(?:application/json|src=\"/))", page) == []
    assert re.findall(r"\sstyle=|\son\w+=", page) == []


@pytest.mark.parametrize("language", Language.values)
def test_a_reconstruction_never_passes_for_photographs(version: TourVersion, language: str) -> None:
    url = f"/tours/{version.tour_id}?lang={language}"
    with override(language):
        badge = escape(gettext("Reconstruction: computed, not photographed"))
    assert badge not in Client().get(url).content.decode()
    assert Client().get(f"/api/v1{url}").json()["kind"] == "photographed"

    # As it was published, whatever the tour is called now.
    version.content["kind"] = "reconstruction"
    version.save()
    tours_api.tours.forget()

    assert f'<p class="sample">{badge}</p>' in Client().get(url).content.decode()
    assert Client().get(f"/api/v1{url}").json()["kind"] == "reconstruction"


def test_words_of_people_never_become_markup() -> None:
    tour = make_published_tour()
    tour.content["scenes"][0]["texts"]["vi"]["title"] = "<script>alert(1)</script>"
    tour.content["texts"]["vi"]["title"] = "</script><b>"
    tour.save()

    page = Client().get(f"/tours/{tour.tour_id}?lang=vi").content.decode()

    assert "<script>alert" not in page
    assert "</script><b>" not in page


def test_hotspots_of_every_kind_stand_in_the_list(version: TourVersion) -> None:
    hotspot = make_text_hotspot(scene=Scene.objects.filter(tour=version.tour).order_by("pk")[0])
    version.content["scenes"][0]["hotspots"].append(
        {
            "kind": "text",
            "yaw": hotspot.yaw,
            "pitch": hotspot.pitch,
            "scene": None,
            "stop": None,
            "texts": {"en": {"title": "Urn", "text": "Cast in bronze"}},
        }
    )
    # A stop that nobody may hear yet, without a word of its own.
    version.content["scenes"][0]["hotspots"].append(
        {"kind": "stop", "yaw": 0, "pitch": 0, "scene": None, "stop": 0, "texts": {}}
    )
    version.save()

    page = Client().get(f"/tours/{version.tour_id}?lang=en").content.decode()

    assert "Cast in bronze" in page
    assert page.count("data-hotspot") == 3
