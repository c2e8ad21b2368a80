"""The department's pages of the console: who reads, who proposes, who sets the calendar."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from reporting.models import RegistryEntry, ReportingBody
from sites.models import User
from tests.factories import make_site
from tests.reporting.filing_desk import (
    auditor,
    browser_of,
    department,
    freeze_made,
    make_body,
    manager_of,
)
from tests.reporting.made_reports import made_report, site_facts

pytestmark = pytest.mark.django_db

BODIES = "/admin/reporting/reportingbody/"
REGISTRY = "/admin/reporting/registryentry/"
CALENDAR = {
    "first_month": 1,
    "first_day": 1,
    "due_after_days": 14,
    "freeze_after_days": 5,
    "freeze_before_due_days": 2,
    "operates_from": "2026-01-01",
    "price_floor": 2000,
}


def platform() -> Client:
    return browser_of(User.objects.create_superuser(username="platform", is_staff=True))


def proposal(**changed: object) -> dict[str, object]:
    return {
        "organisation": make_body().organisation_id,
        "site": make_site(slug="new-place").pk,
        "kind": "di_tich",
        "in_scope_from": "2026-01-01",
        "paid": "on",
        "reason": "kiểm kê 2026",
        **changed,
    }


def test_the_platform_sets_the_calendar_of_an_organisation() -> None:
    body, client = make_body(), platform()

    answer = client.post(f"{BODIES}{body.pk}/change/", CALENDAR)

    assert answer.status_code == 302
    body.refresh_from_db()
    assert (body.first_month, body.due_after_days, body.price_floor) == (1, 14, 2000)
    page = client.get(f"{BODIES}{body.pk}/change/").content.decode()
    assert "01/10/2026 – 31/12/2026" in page or "– 31/12/" in page


def test_a_calendar_that_makes_no_sense_is_refused_with_words() -> None:
    body, client = make_body(), platform()

    answer = client.post(f"{BODIES}{body.pk}/change/", {**CALENDAR, "first_day": 31})

    assert answer.status_code == 200
    assert "28" in answer.content.decode()
    body.refresh_from_db()
    assert body.first_day == 15


def test_a_calendar_under_which_something_was_frozen_stays() -> None:
    body, client = make_body(), platform()
    freeze_made(made_report(site_facts(1)), body=body)

    client.post(f"{BODIES}{body.pk}/change/", CALENDAR)

    body.refresh_from_db()
    assert (body.first_month, body.due_after_days, body.price_floor) == (12, 10, 2000)


def test_the_department_and_its_auditor_read_the_calendar_and_change_nothing() -> None:
    body = make_body()
    for user in (department(), auditor()):
        client = browser_of(user)
        assert client.get(f"{BODIES}{body.pk}/change/").status_code == 200
        assert client.post(f"{BODIES}{body.pk}/change/", CALENDAR).status_code == 403
        assert client.get(f"{BODIES}add/").status_code == 403
    body.refresh_from_db()
    assert body.price_floor == 1000


def test_another_places_manager_finds_neither_calendar_nor_registry() -> None:
    body = make_body()
    make_site(slug="elsewhere")
    client = browser_of(manager_of("elsewhere"))

    for path in (BODIES, f"{BODIES}{body.pk}/change/", REGISTRY, f"{REGISTRY}add/"):
        assert client.get(path).status_code in {302, 403, 404}, path
    assert ReportingBody.objects.count() == 1
    assert Client().get(BODIES).status_code == 302
    assert not AnonymousUser().is_staff


def test_one_person_proposes_a_change_and_another_approves_it() -> None:
    lan, minh = browser_of(department("lan")), browser_of(department("minh"))

    days = {"in_scope_from": "01/02/2026", "in_scope_to": "15/12/2026"}
    assert lan.post(f"{REGISTRY}add/", proposal(**days)).status_code == 302
    entry = RegistryEntry.objects.get()
    approve = {"action": "approve_selected", "_selected_action": [entry.pk]}
    own = lan.post(REGISTRY, approve, follow=True).content.decode()
    assert "Người khác" in own or "người khác" in own
    assert RegistryEntry.objects.get().approved_by is None
    others = minh.post(REGISTRY, approve, follow=True).content.decode()
    assert f"{entry.site.slug}: Đã có hiệu lực, là số 1 của chuỗi." in others

    entry = RegistryEntry.objects.get()
    assert entry.approved_by is not None
    assert (entry.proposed_by.username, entry.approved_by.username) == ("lan", "minh")
    # The day stands before the month.
    assert (entry.in_scope_from, entry.in_scope_to) == (date(2026, 2, 1), date(2026, 12, 15))


def test_an_auditor_reads_the_registry_and_proposes_nothing() -> None:
    client = browser_of(auditor())

    assert client.get(REGISTRY).status_code == 200
    assert client.get(f"{REGISTRY}add/").status_code == 403
    assert client.post(f"{REGISTRY}add/", proposal()).status_code == 403
    assert RegistryEntry.objects.count() == 0
