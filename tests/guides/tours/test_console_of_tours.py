"""The console of tours: a panorama sent up, a tour made and brought before the public."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guides.api import tours as tours_api
from guides.domain.panoramas import cut_panorama
from guides.models import Asset, Hotspot, Panorama, Scene, Tour, TourVersion
from sites.models import HeritageSite
from tests.factories import make_site
from tests.factories_tours import draw_sphere, make_manager, make_text_hotspot, make_tour

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def site() -> HeritageSite:
    return make_site(slug="dai-noi")


def signed_in(site: HeritageSite) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(make_manager(site=site))
    return client


def page(model: str, kind: str, *args: object) -> str:
    return reverse(f"admin:guides_{model}_{kind}", args=args)


def send(client: Client, site: HeritageSite, content: bytes) -> Any:
    said = {
        "site": site.pk,
        "file": SimpleUploadedFile("around.jpg", content),
        "rights": "own",
        "credit": "A. Nhân",
        "licence": "CC BY 4.0",
    }
    return client.post(page("panorama", "add"), said)


def test_a_panorama_is_sent_up_cut_and_shown(site: HeritageSite, tmp_path: Path) -> None:
    client = signed_in(site)
    content = draw_sphere(tmp_path / "sphere.jpg").read_bytes()

    assert send(client, site, content).status_code == 302
    panorama = Panorama.objects.get()
    waiting = client.get(page("panorama", "changelist"))
    assert (waiting.status_code, waiting.headers["Refresh"]) == (200, "2")
    cut_panorama(panorama_id=panorama.pk)

    shown = client.get(page("panorama", "changelist"))
    assert "Refresh" not in shown.headers
    assert 'max="8" value="8"' in shown.content.decode()
    assert client.get(page("panorama", "change", panorama.pk)).status_code == 200
    assert panorama.asset.credit == "A. Nhân"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"hello", "not a picture"),
        (b"<svg onload='alert(1)'/>", "not a picture"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence_and_leaves_nothing(
    site: HeritageSite, content: bytes, sentence: str
) -> None:
    answer = send(signed_in(site), site, content)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Asset.objects.exists()


def test_a_truncated_file_is_refused_in_a_sentence(site: HeritageSite, tmp_path: Path) -> None:
    content = draw_sphere(tmp_path / "sphere.jpg").read_bytes()

    answer = send(signed_in(site), site, content[: len(content) // 2])

    assert "ends too early" in answer.content.decode()
    assert not Asset.objects.exists()


def test_nobody_sends_a_panorama_for_another_place(site: HeritageSite, tmp_path: Path) -> None:
    content = draw_sphere(tmp_path / "sphere.jpg").read_bytes()

    assert send(signed_in(make_site()), site, content).status_code == 200
    assert not Asset.objects.exists()


def act(client: Client, tour: Tour, name: str) -> str:
    url = reverse("admin:guides_tour_act", args=[tour.pk, name])
    answer = client.post(url, {"note": "as agreed"}, follow=True)
    assert answer.status_code == 200
    return " ".join(str(message) for message in answer.context["messages"])


def test_two_people_bring_a_tour_before_the_public(site: HeritageSite) -> None:
    tour = make_tour(site=site)
    one, two = signed_in(site), signed_in(site)

    assert act(one, tour, "submit").startswith("Handed in")
    assert act(one, tour, "approve").startswith("Approved")
    assert "second person" in act(one, tour, "publish")
    assert act(two, tour, "publish").startswith("Published")

    assert Client().get(f"/tours/{tour.pk}").status_code == 200
    assert f"/tours/{tour.pk}" in one.get(page("tour", "change", tour.pk)).content.decode()
    assert act(two, tour, "withdraw").startswith("Withdrawn")
    # What a process remembers of it is gone within seconds.
    tours_api.tours.forget()
    assert Client().get(f"/tours/{tour.pk}").status_code == 404


def test_a_tour_that_was_handed_in_keeps_its_kind(site: HeritageSite) -> None:
    tour = make_tour(site=site)
    client, url = signed_in(site), page("tour", "change", tour.pk)
    said: dict[str, object] = {"site": site.pk, "slug": tour.slug, "position": 0}
    for rows in ("texts", "scenes"):
        said |= {f"{rows}-TOTAL_FORMS": 0, f"{rows}-INITIAL_FORMS": 0}

    assert client.post(url, said | {"kind": "reconstruction"}).status_code == 302
    act(client, tour, "submit")
    assert client.post(url, said | {"kind": "photographed"}).status_code == 302

    tour.refresh_from_db()
    assert (tour.kind, tour.versions.get().content["kind"]) == ("reconstruction",) * 2


def test_the_page_says_what_is_missing_before_anything_else(site: HeritageSite) -> None:
    tour = make_tour(site=site, languages=("vi",))
    client = signed_in(site)

    shown = client.get(page("tour", "change", tour.pk)).content.decode()

    assert "The title in English is missing." in shown
    assert "The title in English is missing." in act(client, tour, "submit")
    assert not TourVersion.objects.exists()


def test_a_hotspot_says_where_it_leads(site: HeritageSite) -> None:
    tour = make_tour(site=site)
    scene = Scene.objects.filter(tour=tour).order_by("number")[0]
    client = signed_in(site)
    shown = client.get(page("scene", "change", scene.pk))
    assert "/media/panoramas/" in shown.content.decode()

    hotspot = make_text_hotspot(scene=scene)
    url = page("hotspot", "change", hotspot.pk)
    said = {
        "scene": scene.pk,
        "kind": "scene",
        "yaw": 5,
        "pitch": 0,
        "to_scene": "",
        "stop": "",
        "texts-TOTAL_FORMS": 0,
        "texts-INITIAL_FORMS": 0,
    }
    assert "Say where this hotspot leads." in client.post(url, said).content.decode()
    other = Scene.objects.filter(tour=tour).order_by("number")[1]
    assert client.post(url, said | {"to_scene": other.pk}).status_code == 302
    assert Hotspot.objects.get(pk=hotspot.pk).to_scene == other


def test_nothing_of_another_place_is_there(site: HeritageSite) -> None:
    tour = make_tour(site=site)
    scene = Scene.objects.filter(tour=tour).order_by("number")[0]
    rows = {
        "tour": tour.pk,
        "scene": scene.pk,
        "hotspot": scene.hotspots.get().pk,
        "panorama": scene.panorama_id,
    }
    stranger = signed_in(make_site())

    for model, pk in rows.items():
        assert stranger.get(page(model, "change", pk)).status_code == 404
        assert stranger.post(page(model, "change", pk), {}).status_code == 404
        assert stranger.post(page(model, "delete", pk), {"post": "yes"}).status_code in {403, 404}
        listed = stranger.get(page(model, "changelist"))
        assert list(listed.context["cl"].result_list) == []
    for name in ("submit", "approve", "publish", "reject", "withdraw"):
        url = reverse("admin:guides_tour_act", args=[tour.pk, name])
        assert stranger.post(url).status_code == 404
    assert not TourVersion.objects.exists()
    assert Panorama.objects.count() == 2
