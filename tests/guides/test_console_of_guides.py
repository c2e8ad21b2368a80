"""The console of the guides: every address of another site's guides answers 404."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, reverse
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

OURS = ("guides",)
# Pages whose rows are made in the tests of readings, uploads and tours; a model that stands neither
# here nor in `make_rows` fails the test.
ELSEWHERE = frozenset(
    {
        "Hotspot",
        "NameSaid",
        "Panorama",
        "Play",
        "Scene",
        "SpeechJob",
        "Tour",
        "Upload",
        "VoiceOrder",
    }
)


def pages() -> list[tuple[type[Model], URLPattern]]:
    """Every address of the console of guides, also those that somebody will add."""
    registered = admin.site._registry.items()  # noqa: SLF001 # the framework's list of pages
    return [
        (model, pattern)
        for model, page in sorted(registered, key=lambda each: each[0].__name__)
        if page.opts.app_label in OURS and model.__name__ not in ELSEWHERE
        for pattern in page.get_urls()
        if pattern.name
    ]


def make_rows(site: HeritageSite) -> dict[str, Any]:
    """One row of every kind that the console shows."""
    stop = make_stop(guide=make_guide(site=site), languages=("vi", "en"))
    [narration] = make_published(stop=stop)
    event = GuideEvent.objects.create(site=site, what="submitted", at=timezone.now())
    return {
        "Guide": stop.guide,
        "Stop": stop,
        "Narration": narration,
        "Asset": make_picture(stop=stop),
        "SitePolicy": SitePolicy.objects.create(site=site),
        "GuideEvent": event,
    }


def arguments(model: type[Model], pattern: URLPattern, rows: dict[str, Any]) -> dict[str, Any]:
    """What an address needs to point at the row; a new kind of argument has to be known here."""
    known: dict[str, Callable[[], object]] = {
        "object_id": lambda: rows[model.__name__].pk,
        "site_id": lambda: rows["Guide"].site_id,
        "narration_id": lambda: rows["Narration"].pk,
        "act": lambda: "save",
        "number": lambda: 1,
        "content_type_id": lambda: 0,
    }
    return {name: known[name]() for name in pattern.pattern.converters}


def member(site: HeritageSite, name: str = "manager") -> Client:
    user = User.objects.create(username=name, is_staff=True)
    Membership.objects.create(user=user, role=Membership.Role.MANAGER, site=site)
    client = Client()
    client.force_login(user)
    return client


def addresses(rows: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    for model, pattern in pages():
        filled = arguments(model, pattern, rows)
        yield reverse(f"admin:{pattern.name}", kwargs=filled), bool(filled)


def test_a_manager_gets_404_on_everything_of_another_site() -> None:
    mine, other = make_site(slug="mine", ticketed=False), make_site(slug="other", ticketed=False)
    rows = make_rows(other)
    make_rows(mine)
    client = member(mine)
    pointed = [address for address, is_pointed in addresses(rows) if is_pointed]

    answers = {
        (address, how): getattr(client, how)(address, {"post": "yes"}).status_code
        for address in pointed
        for how in ("get", "post")
    }

    assert len(pointed) > 20
    assert {each: status for each, status in answers.items() if status != 404} == {}


def test_lists_show_rows_of_own_sites_alone() -> None:
    mine, other = (
        make_site(slug="mine", ticketed=False),
        make_site(slug="other", name="Hidden place", ticketed=False),
    )
    theirs, ours = make_rows(other), make_rows(mine)
    client = member(mine)

    for model, pattern in pages():
        if (pattern.name or "").endswith("_changelist"):
            listed = client.get(reverse(f"admin:{pattern.name}"))
            found = {row.pk for row in listed.context["cl"].result_list}
            assert ours[model.__name__].pk in found, pattern.name
            assert theirs[model.__name__].pk not in found, pattern.name
            # The filters beside a list would name them too.
            page = listed.content.decode()
            assert "Hidden place" not in page, pattern.name
            assert f">{theirs['Guide'].slug}<" not in page, pattern.name
    matrix = client.get(reverse("admin:guides_guide_coverages")).content.decode()
    assert "mine" in matrix
    assert ">other<" not in matrix


def test_every_page_opens_for_the_people_of_the_site_and_for_nobody_else() -> None:
    site = make_site(ticketed=False)
    rows = make_rows(site)
    client, stranger = member(site), Client()
    stranger.force_login(User.objects.create(username="stranger", is_staff=True))

    for address, _pointed in addresses(rows):
        assert client.get(address).status_code in {200, 302, 403, 404}, address
        assert stranger.get(address).status_code in {302, 403, 404}, address
        assert Client().get(address).status_code == 302, address
    for page in ("guide", "stop", "narration", "asset", "sitepolicy", "guideevent"):
        row = next(row for name, row in rows.items() if name.lower() == page)
        answer = client.get(reverse(f"admin:guides_{page}_change", args=[row.pk]))
        assert answer.status_code == 200, page


@pytest.mark.parametrize("role", ["AUDITOR", "SUPERVISOR"])
def test_who_only_reads_has_no_buttons_that_work(role: str) -> None:
    site = make_site(ticketed=False)
    narration = make_rows(site)["Narration"]
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
