"""The registry of sites: two people for every change, and every change in the report."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from reporting.domain.adoption import build_report
from reporting.domain.calendar import VIETNAM
from reporting.domain.registry import Refused, approve, sites_in_scope
from reporting.models import ChainLink, RegistryEntry
from tests.factories import make_site
from tests.reporting.making import (
    AT_FREEZE,
    LAST_DAY,
    SINCE,
    WINDOW,
    department,
    excuse,
    make_body,
    person,
    register,
    registered_site,
    site_that_pays,
)

pytestmark = pytest.mark.django_db


def proposal(**facts: object) -> RegistryEntry:
    values = {
        "organisation": department(),
        "site": make_site(),
        "kind": "di_tich",
        "in_scope_from": date(2026, 1, 1),
        "paid": True,
        "reason": "kiểm kê",
        "proposed_by": person("lan"),
        "proposed_at": SINCE,
        **facts,
    }
    return RegistryEntry.objects.create(**values)


def scope(day: date = LAST_DAY, at: datetime = AT_FREEZE) -> list[str]:
    return [one.slug for one in sites_in_scope(organisation=department(), day=day, known_at=at)]


def test_nobody_approves_what_they_proposed() -> None:
    entry = proposal()

    assert approve(version=entry, by=person("lan"), at=SINCE) == Refused.SAME_PERSON
    assert scope() == []
    assert isinstance(approve(version=entry, by=person("minh"), at=SINCE), ChainLink)
    assert approve(version=entry, by=person("nga"), at=SINCE) == Refused.APPROVED_BEFORE
    assert scope() == [entry.site.slug]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reporting_registryentry SET approved_by_id = proposed_by_id, approved_at = now()",
        "UPDATE reporting_registryentry SET paid = false",
        "DELETE FROM reporting_registryentry",
    ],
)
def test_the_database_itself_asks_for_two_people_and_a_new_version(statement: str) -> None:
    proposal()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_nobody_puts_an_approved_version_in_at_once() -> None:
    with pytest.raises(IntegrityError, match="another person approves"), transaction.atomic():
        proposal(approved_by=person("minh"), approved_at=SINCE)


def test_a_site_that_joins_on_the_last_day_is_in_and_one_that_left_before_it_is_not() -> None:
    joined = registered_site("joined", in_scope_from=LAST_DAY)
    registered_site("left", in_scope_to=LAST_DAY)
    stays = registered_site("stays", in_scope_to=LAST_DAY + timedelta(days=1))

    assert scope() == [joined.slug, stays.slug]


def test_a_component_without_a_gate_of_its_own_is_no_site() -> None:
    entry = proposal(own_gate=False)
    approve(version=entry, by=person("minh"), at=SINCE)

    assert scope() == []


def test_an_old_report_sees_the_registry_as_it_was_known_then() -> None:
    site = registered_site("moves")
    register(site, in_scope_to=date(2026, 3, 1), at=AT_FREEZE + timedelta(days=9))

    assert scope() == ["moves"]
    assert scope(at=AT_FREEZE + timedelta(days=10)) == []


def test_a_bad_site_that_is_dropped_in_the_last_week_shows_in_the_report() -> None:
    body = make_body()
    site_that_pays("good")
    bad = registered_site("bad")
    at = datetime(2026, 6, 10, 9, tzinfo=VIETNAM)
    register(bad, in_scope_to=date(2026, 6, 11), at=at, reason="không còn thuộc phạm vi")
    register(make_site(slug="new"), in_scope_from=date(2026, 6, 11), at=at)

    report = build_report(organisation=body.organisation, window=WINDOW, at=AT_FREEZE)

    assert report.denominator.words.vi == "mẫu số thay đổi: +1, −1"
    assert report.denominator.removed == ("bad",)
    assert [(one.site, one.what, one.reason) for one in report.registry_changes] == [
        ("bad", "removed", "không còn thuộc phạm vi"),
        ("new", "added", "kiểm kê 2026"),
    ]


def test_a_site_closed_for_the_whole_window_by_a_decision_is_listed_and_not_counted() -> None:
    body = make_body()
    site_that_pays("open")
    closed = registered_site("closed")
    excuse(closed, first=date(2026, 3, 1), until=date(2026, 7, 1), number="34/QĐ-UBND")

    report = build_report(organisation=body.organisation, window=WINDOW, at=AT_FREEZE)

    assert [(one.slug, one.decision_number) for one in report.excused] == [("closed", "34/QĐ-UBND")]
    row = report.indicator("A1")
    assert row is not None
    assert (row.num, row.den) == (1, 1)


@pytest.mark.parametrize(
    ("first", "until", "withdrawn"),
    [
        (date(2026, 3, 16), date(2026, 7, 1), False),
        (date(2026, 3, 1), LAST_DAY, False),
        (date(2026, 3, 1), date(2026, 7, 1), True),
    ],
)
def test_a_site_closed_for_a_part_or_not_any_more_is_counted(
    first: date, until: date, *, withdrawn: bool
) -> None:
    body = make_body()
    closed = registered_site("closed")
    excuse(closed, first=first, until=until, withdrawn=withdrawn)

    report = build_report(organisation=body.organisation, window=WINDOW, at=AT_FREEZE)

    assert report.excused == ()
    row = report.indicator("A1")
    assert row is not None
    assert (row.num, row.den) == (0, 1)
