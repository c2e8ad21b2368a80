"""The console of the guides: the desk, what blocks, two people, and what is not written over."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guides.models import (
    Asset,
    Guide,
    GuideEvent,
    Narration,
    NarrationVersion,
    SegmentText,
    SitePolicy,
    Stop,
)
from sites.models import HeritageSite, Membership, User
from tests.factories import make_site
from tests.factories_guides import (
    make_guide,
    make_narration,
    make_picture,
    make_published,
    make_recording,
    make_stop,
    segments_of,
)

pytestmark = pytest.mark.django_db


def make_rows(site: HeritageSite) -> dict[str, Any]:
    """What the people of a site work with."""
    stop = make_stop(guide=make_guide(site=site), languages=("vi", "en"))
    [narration] = make_published(stop=stop)
    return {
        "guide": stop.guide,
        "stop": stop,
        "narration": narration,
        "asset": make_picture(stop=stop),
        "sitepolicy": SitePolicy.objects.create(site=site),
        "guideevent": GuideEvent.objects.create(site=site, what="submitted", at=timezone.now()),
    }


def member(site: HeritageSite, name: str = "manager") -> Client:
    user = User.objects.create(username=name, is_staff=True)
    Membership.objects.create(user=user, role=Membership.Role.MANAGER, site=site)
    client = Client()
    client.force_login(user)
    return client


def test_the_pages_open_for_the_people_of_the_site_and_for_nobody_else() -> None:
    site = make_site(ticketed=False)
    client, stranger = member(site), Client()
    stranger.force_login(User.objects.create(username="stranger", is_staff=True))

    for page, row in make_rows(site).items():
        address = reverse(f"admin:guides_{page}_change", args=[row.pk])
        assert client.get(address).status_code == 200, page
        assert stranger.get(address).status_code == 404, page
        assert Client().get(address).status_code == 302, page


@pytest.mark.parametrize("role", ["AUDITOR", "SUPERVISOR"])
def test_who_only_reads_has_no_buttons_that_work(role: str) -> None:
    site = make_site(ticketed=False)
    narration = make_rows(site)["narration"]
    client = member(site)
    Membership.objects.update(role=role)

    page = client.get(reverse("admin:guides_narration_change", args=[narration.pk]))

    assert page.status_code == 200
    assert "Hand in for review" not in page.content.decode()
    assert press(client, narration, "withdraw").status_code == 404
    assert Narration.objects.get(pk=narration.pk).live is not None


def press(client: Client, narration: Narration, act: str, **said: object) -> Any:
    return client.post(reverse("admin:guides_narration_act", args=[narration.pk, act]), said)


def fields(narration: Narration, *texts: str, **changed: object) -> dict[str, object]:
    """What the form of the desk sends when these texts are typed."""
    said: dict[str, object] = {"title": narration.title}
    segments = segments_of(narration.stop)
    said["segment"] = [segment.pk for segment in segments]
    for segment, text in zip(segments, texts, strict=True):
        now = SegmentText.objects.filter(segment=segment, language=narration.language).first()
        said[f"seen-{segment.pk}"] = now.text_hash if now else "-"
        said[f"text-{segment.pk}"] = text
        source = SegmentText.objects.filter(segment=segment, language="vi").first()
        said[f"from-{segment.pk}"] = source.text_hash if source else ""
    return said | changed


def test_a_stop_is_made_written_handed_in_and_published_by_another_and_heard() -> None:
    site = make_site(ticketed=False)
    guide = make_guide(site=site)
    author, editor = member(site, "author"), member(site, "editor")
    made = author.post(
        reverse("admin:guides_stop_add"),
        {
            "guide": guide.pk,
            "number": 1,
            "slug": "gate",
            "required": "on",
            "leg-TOTAL_FORMS": 0,
            "leg-INITIAL_FORMS": 0,
            "assets-TOTAL_FORMS": 0,
            "assets-INITIAL_FORMS": 0,
        },
    )
    assert made.status_code == 302, made.context["errors"]
    narration = Narration.objects.get(stop__guide=guide)
    assert made.headers["Location"] == reverse("admin:guides_narration_change", args=[narration.pk])
    press(author, narration, "add")
    text = "Cổng nam của Hoàng thành, xây năm 1833."
    press(author, narration, "save", **fields(narration, text, title="Ngọ Môn"))
    narration.refresh_from_db()
    make_recording(narration=narration)

    press(author, narration, "submit")
    press(author, narration, "approve")
    assert Client().get(f"/api/v1/guides/{guide.pk}").status_code == 404
    press(editor, narration, "approve", vouches="1")

    [stop] = Client().get(f"/api/v1/guides/{guide.pk}").json()["stops"]
    assert (stop["title"], stop["narration"]["transcript"]) == ("Ngọ Môn", text)


def test_what_somebody_else_changed_meanwhile_is_not_written_over() -> None:
    site = make_site(ticketed=False)
    narration = make_narration(stop=make_stop(guide=make_guide(site=site), sentences=1))
    client = member(site)
    sent = fields(narration, "Mine.")
    press(client, narration, "save", **fields(narration, "Theirs."))

    answer = press(client, narration, "save", **sent)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Mine." in page
    assert "Theirs." in page
    assert SegmentText.objects.get().text == "Theirs."


def test_the_desk_shows_which_words_of_the_source_changed() -> None:
    site = make_site(ticketed=False)
    stop = make_stop(guide=make_guide(site=site), sentences=1, languages=("vi", "en"))
    client = member(site)
    source, narration = make_narration(stop=stop), make_narration(stop=stop, language="en")
    text = SegmentText.objects.get(language="vi").text
    press(client, source, "save", **fields(source, text.replace("Passage", "Sentence")))

    page = client.get(reverse("admin:guides_narration_change", args=[narration.pk]))

    assert "<del>Passage </del><ins>Sentence </ins>" in page.content.decode()


@pytest.mark.parametrize("act", ["save", "remove", "up", "confirm", "settle", "roll-back", "x"])
@pytest.mark.parametrize("junk", ["", "x", "-1", "9" * 30, "²", "\x00"])
def test_junk_in_a_form_breaks_nothing(act: str, junk: str) -> None:
    site = make_site(ticketed=False)
    narration = make_narration(stop=make_stop(guide=make_guide(site=site)))
    before = list(SegmentText.objects.order_by("pk").values_list("text", flat=True))

    answer = press(
        member(site), narration, act, segment=junk, passage=junk, number=junk, comment=junk
    )

    assert answer.status_code in {200, 302, 404}
    assert list(SegmentText.objects.order_by("pk").values_list("text", flat=True)) == before


def test_the_list_of_stops_is_approved_by_another_person() -> None:
    site = make_site(ticketed=False)
    guide = make_stop(guide=make_guide(site=site)).guide
    author, editor = member(site, "author"), member(site, "editor")

    def act(client: Client, name: str) -> Guide:
        address = reverse("admin:guides_guide_changelist")
        client.post(address, {"action": name, "_selected_action": [guide.pk]})
        return Guide.objects.get(pk=guide.pk)

    act(author, "propose_list")
    assert act(author, "approve_list").stops_approved_by is None
    assert act(editor, "approve_list").stops_approved_by == User.objects.get(username="editor")
    Stop.objects.create(guide=guide, number=9, slug="added")
    assert act(author, "propose_list").stops_approved_by is None
    assert Asset.objects.count() == NarrationVersion.objects.count() == 0
