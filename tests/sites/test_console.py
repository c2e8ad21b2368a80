"""The console: a manager sees and touches only their own places."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from sites.domain.permissions import sites_to_manage, sites_to_see
from sites.models import (
    Closure,
    Gate,
    HeritageSite,
    Membership,
    Notice,
    Organisation,
    Photo,
    SiteText,
    User,
)
from tests.sites.asking import ask, make_place

pytestmark = pytest.mark.django_db

NOW = datetime.fromisoformat("2026-11-22T10:00:00+07:00")
OWN_ROWS = (HeritageSite, Closure, Notice, Photo, Gate)
EVERY_PAGE = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "heritage_sites"),  # noqa: SLF001 # the framework's list of pages
    key=lambda model: model.__name__,
)


def make_user(name: str, *, superuser: bool = False) -> User:
    return User.objects.create(username=name, is_staff=True, is_superuser=superuser)


def make_rows(site: HeritageSite) -> dict[type[Model], Any]:
    """One row of every kind that belongs to a place."""
    return {
        HeritageSite: site,
        Closure: Closure.objects.create(site=site, starts_at=NOW),
        Notice: Notice.objects.create(site=site, shows_from=NOW),
        Photo: Photo.objects.create(
            site=site, image=f"photos/{site.slug}.jpg", width=2, height=2, credit="A", licence="B"
        ),
        Gate: Gate.objects.create(site=site, code="main", name="Cổng chính"),
    }


def page(model: type[Model], kind: str, *args: object) -> str:
    return reverse(f"admin:heritage_sites_{model.__name__.lower()}_{kind}", args=args)


@pytest.fixture
def manager() -> User:
    """Manages the place `mine`, which belongs to the organisation `ours`."""
    ours = Organisation.objects.create(slug="ours")
    theirs = Organisation.objects.create(slug="theirs")
    mine, other = make_place("mine"), make_place("other")
    HeritageSite.objects.filter(pk=mine.pk).update(organisation=ours)
    HeritageSite.objects.filter(pk=other.pk).update(organisation=theirs)
    user = make_user("manager")
    Membership.objects.create(user=user, role=Membership.Role.MANAGER, site=mine)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def slugs_of(rows: Any) -> set[str]:
    return set(rows.values_list("slug", flat=True))


def test_memberships_decide_what_is_seen_and_what_is_managed(manager: User) -> None:
    ours = Organisation.objects.get(slug="ours")
    auditor, head = make_user("auditor"), make_user("head")
    Membership.objects.create(user=auditor, role=Membership.Role.AUDITOR, organisation=ours)
    Membership.objects.create(user=head, role=Membership.Role.MANAGER, organisation=ours)

    assert slugs_of(sites_to_see(user=manager)) == {"mine"}
    assert slugs_of(sites_to_manage(user=manager)) == {"mine"}
    assert slugs_of(sites_to_see(user=auditor)) == {"mine"}
    assert slugs_of(sites_to_manage(user=auditor)) == set()
    assert slugs_of(sites_to_manage(user=head)) == {"mine"}
    assert slugs_of(sites_to_see(user=make_user("new"))) == set()
    assert slugs_of(sites_to_manage(user=make_user("root", superuser=True))) == {"mine", "other"}


@pytest.mark.parametrize("left", ["is_active", "is_staff"])
def test_who_left_the_staff_sees_nothing(manager: User, left: str) -> None:
    setattr(manager, left, False)

    assert slugs_of(sites_to_see(user=manager)) == set()


@pytest.mark.parametrize("model", OWN_ROWS, ids=lambda model: str(model.__name__))
def test_rows_of_other_peoples_places_are_not_there(manager: User, model: type[Model]) -> None:
    mine = make_rows(HeritageSite.objects.get(slug="mine"))[model]
    other = make_rows(HeritageSite.objects.get(slug="other"))[model]
    client = signed_in(manager)

    listed = client.get(page(model, "changelist"))
    assert listed.status_code == 200
    assert {row.pk for row in listed.context["cl"].result_list} == {mine.pk}
    assert client.get(page(model, "change", mine.pk)).status_code == 200
    for kind in ("change", "delete", "history"):
        assert client.get(page(model, kind, other.pk)).status_code in {403, 404}
    assert client.get(page(model, "change", other.pk)).status_code == 404
    assert client.post(page(model, "change", other.pk), {}).status_code == 404
    assert client.post(page(model, "delete", other.pk), {"post": "yes"}).status_code in {403, 404}
    assert type(other)._default_manager.filter(pk=other.pk).exists()  # noqa: SLF001 # Django's name


@pytest.mark.parametrize("model", EVERY_PAGE, ids=lambda model: str(model.__name__))
def test_every_page_opens_for_administrators_and_stays_shut_for_strangers(
    model: type[Model],
) -> None:
    root = signed_in(make_user("root", superuser=True))
    stranger = signed_in(make_user("stranger"))

    for kind in ("changelist", "add"):
        answer = root.get(page(model, kind))
        assert answer.status_code == 200
        assert "'unsafe-eval'" in answer.headers["Content-Security-Policy"]
        assert stranger.get(page(model, kind)).status_code == 403
        assert Client().get(page(model, kind)).status_code == 302


def test_outside_the_console_the_policy_stays_strict() -> None:
    answer = Client().get("/api/v1/sites")

    assert "'unsafe-eval'" not in answer.headers.get("Content-Security-Policy", "")


@pytest.mark.parametrize("model", [User, Membership, Organisation], ids=lambda m: str(m.__name__))
def test_rights_and_bodies_are_changed_by_administrators_alone(
    manager: User, model: type[Model]
) -> None:
    client = signed_in(manager)

    assert client.get(page(model, "add")).status_code == 403
    assert client.post(page(model, "add"), {}).status_code == 403
    for row in model._default_manager.all():  # noqa: SLF001 # Django's name
        assert client.post(page(model, "change", row.pk), {}).status_code in {403, 404}


def test_a_manager_sees_the_members_of_their_own_places(manager: User) -> None:
    elsewhere = Membership.objects.create(
        user=make_user("else"), role="MANAGER", site=HeritageSite.objects.get(slug="other")
    )
    listed = signed_in(manager).get(page(Membership, "changelist"))

    seen = {row.pk for row in listed.context["cl"].result_list}
    assert elsewhere.pk not in seen
    assert seen == set(manager.memberships.values_list("pk", flat=True))


def inline(prefix: str, *rows: dict[str, object]) -> dict[str, object]:
    """Fields of a formset that holds new rows."""
    fields: dict[str, object] = {
        f"{prefix}-TOTAL_FORMS": len(rows),
        f"{prefix}-INITIAL_FORMS": 0,
    }
    for number, row in enumerate(rows):
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return fields


def test_a_closure_with_its_words_shows_on_the_page_of_the_place(manager: User) -> None:
    mine = HeritageSite.objects.get(slug="mine")
    day = timezone.localtime(timezone.now() - timedelta(hours=1))

    answer = signed_in(manager).post(
        page(Closure, "add"),
        {
            "site": mine.pk,
            "starts_at_0": f"{day:%Y-%m-%d}",
            "starts_at_1": f"{day:%H:%M:%S}",
            "whole_site": "on",
            **inline("texts", {"language": "vi", "text": "Đóng cửa vì mưa lớn"}),
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    [closure] = ask("/sites/mine")["closures"]
    assert (closure["text"], closure["whole_site"]) == ("Đóng cửa vì mưa lớn", True)


def test_a_manager_cannot_close_somebody_elses_place(manager: User) -> None:
    other = HeritageSite.objects.get(slug="other")

    answer = signed_in(manager).post(
        page(Closure, "add"),
        {
            "site": other.pk,
            "starts_at_0": "2026-11-22",
            "starts_at_1": "00:00",
            **inline("texts"),
        },
    )

    assert answer.status_code == 200
    assert "site" in answer.context["adminform"].form.errors
    assert not Closure.objects.exists()


def test_a_new_name_is_on_the_card_at_once(manager: User) -> None:
    mine = HeritageSite.objects.get(slug="mine")
    text = SiteText.objects.get(site=mine)

    answer = signed_in(manager).post(
        page(HeritageSite, "change", mine.pk),
        {
            "category": "temple",
            "location_quality": "unknown",
            "unesco_relation": "none",
            "opening_hours": "24/7",
            "texts-TOTAL_FORMS": 2,
            "texts-INITIAL_FORMS": 1,
            "texts-0-id": text.pk,
            "texts-0-site": mine.pk,
            "texts-0-language": "vi",
            "texts-0-name": "Tên mới",
            "texts-1-site": mine.pk,
            "texts-1-language": "en",
            "texts-1-name": "New name",
        },
    )

    assert answer.status_code == 302, answer.context["errors"]
    items = {item["slug"]: item for item in ask("/sites", lang="en")["items"]}
    assert items["mine"]["name"] == "New name"
    assert items["mine"]["open_now"] is True


def test_hours_that_nobody_can_read_are_refused(manager: User) -> None:
    mine = HeritageSite.objects.get(slug="mine")

    answer = signed_in(manager).post(
        page(HeritageSite, "change", mine.pk),
        {
            "category": "temple",
            "location_quality": "unknown",
            "unesco_relation": "none",
            "opening_hours": "now and then",
            **inline("texts"),
        },
    )

    assert "opening_hours" in answer.context["adminform"].form.errors


def test_a_photo_needs_a_credit_and_becomes_the_thumbnail(
    manager: User, settings: LazySettings, tmp_path: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    mine = HeritageSite.objects.get(slug="mine")
    client = signed_in(manager)

    def send(credit: str) -> Any:
        picture = BytesIO()
        Image.new("RGB", (4, 3)).save(picture, "PNG")
        return client.post(
            page(Photo, "add"),
            {
                "site": mine.pk,
                "image": SimpleUploadedFile("gate.png", picture.getvalue(), "image/png"),
                "credit": credit,
                "licence": "CC BY 4.0",
                "position": 0,
                **inline("texts", {"language": "vi", "alt": "Cổng"}),
            },
        )

    assert send("").status_code == 200
    assert send("Lê Văn A").status_code == 302
    [photo] = ask("/sites/mine")["photos"]
    assert (photo["credit"], photo["width"], photo["height"], photo["alt"]) == (
        "Lê Văn A",
        4,
        3,
        "Cổng",
    )
    items = {item["slug"]: item for item in ask("/sites")["items"]}
    assert items["mine"]["thumbnail"] == photo["url"]
    stored = Photo.objects.get()
    assert client.post(page(Photo, "delete", stored.pk), {"post": "yes"}).status_code == 302
    mine.refresh_from_db()
    assert mine.thumbnail == ""
