"""Who reads how much of the report over HTTP."""

from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from reporting.domain.freezing import freeze
from reporting.models import ChainLink
from sites.models import HeritageSite, Membership, Organisation, User
from tests.factories import make_organisation
from tests.reporting.making import (
    AT_FREEZE,
    WINDOW,
    department,
    make_body,
    registered_site,
    site_that_pays,
)

pytestmark = pytest.mark.django_db

PATH = "/api/v1/reports/adoption"


@pytest.fixture(autouse=True)
def frozen() -> None:
    """Two sites, of which one counts, in a report that is frozen."""
    site_that_pays("counts")
    registered_site("counts-not")
    freeze(body=make_body(), window=WINDOW, at=AT_FREEZE)


def signed_in(
    *, role: str = "", organisation: Organisation | None = None, site: HeritageSite | None = None
) -> Client:
    user = User.objects.create(username=f"user-{User.objects.count()}", is_staff=True)
    if role:
        Membership.objects.create(user=user, role=role, organisation=organisation, site=site)
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, window: str = "2026-Q2", **query: str) -> dict[str, Any]:
    answer = client.get(PATH, {"window": window, **query})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def a1(report: dict[str, Any]) -> dict[str, Any]:
    return next(row for row in report["indicators"] if row["code"] == "A1")


def test_everybody_reads_the_sums_and_nothing_of_single_sites() -> None:
    told = read(Client())

    assert (told["audience"], told["state"], told["window"]) == ("public", "frozen", "2026-Q2")
    assert {key: a1(told)[key] for key in ("num", "den", "display", "status", "quotes")} == {
        "num": 1, "den": 2, "display": "50,0%", "status": "không đạt", "quotes": ["Q1"],
    }  # fmt: skip
    for private in ("sites", "evidence", "excused", "not_applicable", "registry_changes"):
        assert told[private] == [], private
    assert "counts" not in str(told["context"])


@pytest.mark.parametrize("role", ["MANAGER", "AUDITOR"])
def test_the_department_and_its_auditors_read_every_site(role: str) -> None:
    told = read(signed_in(role=role, organisation=department()))

    assert told["audience"] == "department"
    assert [row["slug"] for row in told["sites"]] == ["counts", "counts-not"]
    cell = told["sites"][1]["cells"][0]
    assert cell["verdict"] == "no"
    assert "chưa có giao dịch trong kỳ" in cell["reason"]["vi"]


@pytest.mark.parametrize("role", ["MANAGER", "AUDITOR"])
def test_the_staff_of_a_site_read_their_own_row_alone(role: str) -> None:
    site = HeritageSite.objects.get(slug="counts")
    told = read(signed_in(role=role, site=site))

    assert told["audience"] == "site"
    assert [row["slug"] for row in told["sites"]] == ["counts"]
    assert {row["site"] for row in told["evidence"]} == {"counts"}
    assert a1(told)["den"] == 2


def test_the_staff_of_another_organisation_read_the_sums() -> None:
    told = read(signed_in(role="MANAGER", organisation=make_organisation(slug="museum")))

    assert (told["audience"], told["sites"]) == ("public", [])


def test_evidence_opens_for_whoever_sees_the_site_and_for_nobody_else() -> None:
    whole = signed_in(role="AUDITOR", organisation=department())
    link = read(whole)["sites"][0]["cells"][0]["evidence"][1]
    other = signed_in(role="MANAGER", site=HeritageSite.objects.get(slug="counts-not"))

    answer = whole.get(link["url"])
    assert answer.status_code == 200
    told = answer.json()
    assert (told["key"], told["frozen"], told["content"]["amount"]) == (link["key"], True, 200_000)
    assert "buyer" not in str(told)
    for client in (Client(), other):
        assert client.get(link["url"]).status_code == 404
    assert whole.get(link["url"].replace("counts", "counts-not")).status_code == 404


def test_a_window_that_is_not_frozen_is_answered_as_a_draft() -> None:
    with travel("2026-07-01T09:00:00+07:00", tick=False):
        told = read(Client(), "2026-Q3")
        by_day = Client().get(PATH, {"at": "2026-07-01"}).json()

        whole = read(signed_in(role="AUDITOR", organisation=department()), "2026-Q3")

    assert (told["state"], told["frozen_at"]) == ("draft", None)
    assert (a1(told)["num"], a1(told)["den"], len(a1(told)["readings"])) == (0, 2, 2)
    # From one hour's draft to the next, sums would tell of a few people.
    of_people = [row for row in told["indicators"] if row["code"] in {"A7", "B1"}]
    assert [(row["num"], row["den"], row["readings"]) for row in of_people] == [
        (None, None, [])
    ] * 2
    assert told["context"] == []
    assert whole["context"] != []
    assert by_day["window"] == "2026-Q3"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"window": "2026-Q5"}, 422),
        ({"window": "soon"}, 422),
        ({"at": "yesterday"}, 422),
        ({"window": "2085-Q1"}, 404),
        ({"window": "2020-Q1"}, 404),
        ({"organisation": "nobody"}, 404),
    ],
)
def test_what_cannot_be_answered_is_a_problem(query: dict[str, str], status: int) -> None:
    answer = Client().get(PATH, query)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_private_answers_are_kept_by_nobody() -> None:
    auditor = signed_in(role="AUDITOR", organisation=department())

    assert auditor.get(PATH, {"window": "2026-Q2"}).headers["Cache-Control"] == "private, no-store"
    public = Client().get(PATH, {"window": "2026-Q2"}).headers
    assert public["Cache-Control"] == "public, max-age=60"
    assert ChainLink.objects.filter(subject="report").count() == 1
