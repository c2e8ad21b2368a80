"""A manager of one place gets 404 on everything of another, at every address that there is.

The addresses come from the router and the kinds of rows from the console itself: a new page, a
new kind of row, a new argument in an address or a new operation of the API fails here until
somebody says how it is covered.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, get_resolver, resolve, reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from backend.api import api
from guides.admin.desk_acts import ACTS as DESK_ACTS
from guides.admin.tour_acts import ACTS as TOUR_ACTS
from guides.models import Guide, Narration, SpeechJob, Tour, Upload
from payments.models import Refund, WebhookEvent
from reporting.models import Excuse, RegistryEntry
from sites.models import Membership, User
from tests.backend.places_of_two import Place, make_place
from tests.factories import make_organisation, make_site
from tests.factories_guides import make_guide, make_stop
from tests.factories_tours import make_tour
from ticketing.models import Order, Product

pytestmark = pytest.mark.django_db

# Rows of no place: administrators alone open these pages, and a manager is told so.
OF_ADMINISTRATORS: frozenset[type[Model]] = frozenset({User, TOTPDevice, WebhookEvent})
# Pages of the console that belong to no kind of row.
OF_THE_CONSOLE = frozenset(
    {
        "index", "login", "logout", "password_change", "password_change_done", "autocomplete",
        "jsi18n", "view_on_site", "app_list", "search", "toggle_sidebar",
    }
)  # fmt: skip
# Needs the files of recordings, which the rows of this test only name.
OF_FILES = frozenset({"guides_folder_export"})
# The body that reports on the province registers the places of every organisation.
OF_THE_PROVINCE: frozenset[type[Model]] = frozenset({RegistryEntry, Excuse})
# Buttons without a page of their own.
CLOSURE_ACTS = frozenset(
    f"ticketing_closurecase_{act}" for act in ("start", "stop", "resume", "drop")
)
JOB_ACTS = ("cancel", "resume", "retry")
METHODS = ("get", "post", "put")


@dataclass(frozen=True, slots=True)
class Page:
    """An address of the console, and the kind of row whose page it is."""

    model: type[Model]
    pattern: URLPattern
    before: str

    def addresses(self, place: Place) -> list[str]:
        """Where it points to the rows of a place; each word that an act may be, once."""
        named = self.pattern.pattern.converters
        words = ACTS.get(str(self.pattern.name), ("",))
        return [
            self.before + self._route().format(**{name: VALUES[name](place, self.model, word)
            for name in named})
            for word in words
        ]  # fmt: skip

    def _route(self) -> str:
        route = str(self.pattern.pattern)
        for name, converter in self.pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            kind = {"string": "str"}.get(kind, kind)
            route = route.replace(f"<{kind}:{name}>", f"{{{name}}}")
        return route


# What the arguments of the addresses stand for; an unknown one fails the test.
VALUES: dict[str, Callable[[Place, type[Model], str], object]] = {
    "object_id": lambda place, model, _word: place.of(model).pk,
    "pk": lambda place, model, _word: place.of(model).pk,
    "site_id": lambda place, _model, _word: place.site.pk,
    "narration_id": lambda place, _model, _word: place.of(Narration).pk,
    "job_id": lambda place, _model, _word: place.of(SpeechJob).pk,
    "tour_id": lambda place, _model, _word: place.of(Tour).pk,
    "upload_id": lambda place, _model, _word: place.of(Upload).pk,
    "number": lambda _place, _model, _word: 1,
    "act": lambda _place, _model, word: word,
    "name": lambda _place, _model, word: word,
    "what": lambda _place, _model, word: word,
}
ACTS: dict[str, tuple[str, ...]] = {
    "guides_narration_act": tuple(DESK_ACTS),
    "guides_tour_act": tuple(TOUR_ACTS),
    "guides_speechjob_act": JOB_ACTS,
}


def pages() -> list[Page]:
    """Every address under a kind of row, those without a name too."""
    return [
        Page(model, pattern, f"/admin/{model._meta.app_label}/{model._meta.model_name}/")  # noqa: SLF001 # Django's name
        for model, page in admin.site._registry.items()  # noqa: SLF001 # the framework's list
        if model not in OF_ADMINISTRATORS
        for pattern in page.get_urls()
    ]


def pointed(place: Place) -> Iterator[tuple[Page, str]]:
    for page in pages():
        if page.pattern.pattern.converters:
            yield from ((page, address) for address in page.addresses(place))


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def manager(role: str, place: Place) -> User:
    """Somebody who manages one place alone, or the whole organisation of it."""
    user = User.objects.create(username=role, is_staff=True)
    where: dict[str, Any] = (
        {"site": place.site} if role == "site" else {"organisation": place.organisation}
    )
    Membership.objects.create(user=user, role=Membership.Role.MANAGER, **where)
    return user


@pytest.fixture
def mine() -> Place:
    return make_place(make_site(slug="mine", organisation=make_organisation(slug="ours")))


@pytest.fixture
def theirs() -> Place:
    organisation = make_organisation(slug="theirs")
    return make_place(make_site(slug="other", name="Hidden place", organisation=organisation))


def values_of(place: Place) -> dict[str, list[dict[str, Any]]]:
    """The rows of a place as the database has them."""
    return {
        str(model): list(model._default_manager.filter(pk=row.pk).values())  # noqa: SLF001 # Django's name
        for model, row in place.rows.items()
    }


def test_every_kind_of_row_in_the_console_is_tried(mine: Place) -> None:
    shown = set(admin.site._registry) - OF_ADMINISTRATORS  # noqa: SLF001 # the framework's list

    assert shown - set(mine.rows) == set()


def test_every_other_page_of_the_console_is_known() -> None:
    below = [f"{model._meta.app_label}/{model._meta.model_name}/" for model in admin.site._registry]  # noqa: SLF001 # the framework's list
    names = {
        getattr(entry, "name", None)
        for entry in admin.site.get_urls()
        if str(entry.pattern) not in below
    }

    # The last one without a name answers 404 to whatever else is asked for.
    assert names - OF_THE_CONSOLE - {None} == set()


@pytest.mark.parametrize("role", ["site", "organisation"])
def test_a_manager_gets_404_on_everything_of_another_place(
    role: str, mine: Place, theirs: Place
) -> None:
    client, before = signed_in(manager(role, mine)), values_of(theirs)
    own = {address for _page, address in pointed(mine)}
    answers: dict[tuple[str, str], int] = {}

    for page, address in pointed(theirs):
        if page.pattern.name is None:
            # The framework's short form leads to the page that answers 404.
            assert client.get(address).status_code == 302, address
            continue
        for method in METHODS if role == "site" else ("get",):
            sent = {"post": "yes"} if method == "post" else {}
            answers[address, method] = getattr(client, method)(address, sent).status_code

    wrong = {asked: status for asked, status in answers.items() if status not in {404, 405}}
    assert sorted(wrong) == []
    shut = {address for (address, _method), status in answers.items() if status == 404}
    assert role != "site" or shut == {address for address, _method in answers}
    assert len(shut) > 150
    assert not shut & own
    assert values_of(theirs) == before


def answer_of(address: str, user: User) -> Any:
    """What the page answers, not drawn: drawing hundreds of pages takes minutes."""
    request = RequestFactory().get(address)
    request.user = user
    request.session = SessionStore()
    setattr(request, "language", "vi")  # noqa: B010 # what the middleware puts there
    found = resolve(request.path)
    request.resolver_match = found
    try:
        return found.func(request, *found.args, **found.kwargs)
    except PermissionDenied:
        return HttpResponse(status=403)


def test_the_same_addresses_are_there_for_the_own_people(mine: Place) -> None:
    """Otherwise the 404 above would say nothing."""
    root = User.objects.create(username="root", is_staff=True, is_superuser=True)

    # An address that is not there raises.
    statuses = {
        answer_of(address, root).status_code
        for page, address in pointed(mine)
        if page.pattern.name not in {*ACTS, *CLOSURE_ACTS, *OF_FILES}
    }

    assert statuses == {200, 302, 403, 405}


def test_pages_of_the_console_outside_its_router_answer_404_too(mine: Place, theirs: Place) -> None:
    client = signed_in(manager("site", mine))
    routes = [str(entry.pattern) for entry in get_resolver().url_patterns]
    outside = {route for route in routes if route.startswith("admin/")} - {"admin/"}

    assert outside == {"admin/second-factor/", "admin/at-a-glance/"} | {
        "admin/at-a-glance/<int:site_id>/"
    }
    assert client.get(f"/admin/at-a-glance/{theirs.site.pk}/").status_code == 404
    assert client.get(f"/admin/at-a-glance/{mine.site.pk}/").status_code == 200


@pytest.mark.parametrize("role", ["site", "organisation"])
def test_lists_and_choices_show_nothing_of_another_place(
    role: str, mine: Place, theirs: Place
) -> None:
    user = manager(role, mine)

    for page in pages():
        name = page.pattern.name or ""
        address = {
            "changelist": page.before,
            "add": f"{page.before}add/",
            "change": f"{page.before}{mine.of(page.model).pk}/change/",
        }.get(name.rpartition("_")[2])
        if address is None:
            continue
        try:
            shown = getattr(answer_of(address, user), "context_data", {})
        except Http404:
            # Products and money belong to the organisation, and not to who manages one place.
            assert role == "site", address
            continue
        rows = shown.get("cl")
        found = {row.pk for row in rows.result_list} if rows else set()
        assert theirs.of(page.model).pk not in found, name
        assert page.model in OF_THE_PROVINCE or offered_of(theirs, shown) == [], name


def test_filters_and_matrix_name_no_other_place(mine: Place, theirs: Place) -> None:
    client = signed_in(manager("site", mine))

    for kind in ("guides_guide", "guides_narration", "guides_tour", "guides_guideevent"):
        page = client.get(reverse(f"admin:{kind}_changelist")).content.decode()
        assert "Hidden place" not in page, kind
        assert f">{theirs.of(Guide).slug}<" not in page, kind
    matrix = client.get(reverse("admin:guides_guide_coverages")).content.decode()
    assert ">mine<" in matrix
    assert ">other<" not in matrix


def offered_of(theirs: Place, shown: dict[str, Any]) -> list[object]:
    """Rows of the other place that a field of the forms on a page could be pointed at."""
    if "adminform" not in shown:
        return []
    forms = [shown["adminform"].form]
    forms += [each.formset.empty_form for each in shown["inline_admin_formsets"]]
    return [
        (name, row)
        for form in forms
        for name, field in form.fields.items()
        # The key of a row under another one is checked against the rows of that one.
        if name != "id"
        if getattr(field, "queryset", None) is not None and field.queryset.model in theirs.rows
        for row in field.queryset.filter(pk=theirs.of(field.queryset.model).pk)
    ]


# Operations that answer with what is public; everything else opens by a code, a key or a device.
PUBLIC = frozenset(
    {
        "GET /live", "GET /health", "GET /sites", "GET /sites.geojson", "GET /sites/{slug}",
        "GET /products", "GET /products/{product_id}/availability", "GET /sites/{slug}/guides",
        "GET /sites/{slug}/tours", "GET /payments/providers", "POST /orders",
        "POST /guides/plays", "POST /sites/{slug}/survey", "GET /reports/adoption",
        "POST /gate/enrolments", "POST /payments/webhooks/{provider}",
        "GET /payments/webhooks/{provider}",
    }
)  # fmt: skip


def operations() -> list[tuple[str, str]]:
    """Every operation of the API with the path as it is documented."""
    return [
        (method.upper(), path.removeprefix("/api/v1"))
        for path, asked in api.get_openapi_schema()["paths"].items()
        for method in asked
        if method in {"get", "post", "put", "patch", "delete"}
    ]


def test_the_session_of_a_manager_opens_nothing_of_another_place_in_the_api(
    mine: Place, theirs: Place
) -> None:
    draft = make_stop(guide=make_guide(site=theirs.site, slug="not-yet-told")).guide
    hidden = make_tour(site=theirs.site)
    order = theirs.of(Order)
    values = {
        "slug": theirs.site.slug,
        "guide_id": draft.pk,
        "tour_id": hidden.pk,
        "product_id": theirs.of(Product).pk,
        "code": order.code,
        "ticket_id": "0" * 16,
        "refund_id": theirs.of(Refund).pk,
        "transfer": "1",
        "group_id": 1,
        "month": "2026-10",
        "scan_id": "00000000-0000-4000-8000-000000000000",
        "provider": "vietqr",
        "window": "2026-Q3",
        "key": "payment:1",
    }
    client = signed_in(manager("site", mine))

    opened = {}
    for method, path in operations():
        answer = client.generic(
            method, f"/api/v1{path.format(**values)}", json.dumps({}), "application/json"
        )
        if f"{method} {path}" in PUBLIC:
            assert b"not-yet-told" not in answer.content, path
            assert hidden.slug.encode() not in answer.content, path
        elif answer.status_code not in {401, 403, 404, 422}:
            opened[f"{method} {path}"] = answer.status_code

    assert opened == {}
    known = {f"{method} {path}" for method, path in operations()}
    assert PUBLIC - known == set()
