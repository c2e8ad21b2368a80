"""Open or closed, at the edges of seasons, days and closures."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from sites.domain.opening import TIMEZONE, OpenState, Span, open_state
from sites.models import Closure, ClosureText
from tests.sites.asking import ask, make_place, slugs

HMCC = "Mar 16-Oct 15 06:30-18:00; Oct 16-Mar 15 07:00-17:30"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


@pytest.mark.parametrize(
    ("at", "is_open", "changes_at"),
    [
        ("2026-03-15T06:59", False, "2026-03-15T07:00"),
        ("2026-03-15T07:00", True, "2026-03-15T17:30"),
        ("2026-03-15T17:29", True, "2026-03-15T17:30"),
        ("2026-03-15T17:30", False, "2026-03-16T06:30"),
        ("2026-03-16T06:30", True, "2026-03-16T18:00"),
        ("2026-10-15T17:59", True, "2026-10-15T18:00"),
        ("2026-10-15T18:00", False, "2026-10-16T07:00"),
        ("2026-10-16T06:45", False, "2026-10-16T07:00"),
        ("2026-12-31T23:59", False, "2027-01-01T07:00"),
    ],
)
def test_hours_change_with_the_season(at: str, is_open: bool, changes_at: str) -> None:  # noqa: FBT001 # a column of the table
    state = open_state(hours=HMCC, at=local(at))

    assert (state.open_now, state.next_change) == (is_open, local(changes_at))


def test_the_instant_counts_and_not_how_it_is_written() -> None:
    # 00:30 in UTC is 07:30 in Huế.
    utc = datetime.fromisoformat("2026-11-22T00:30+00:00")

    assert open_state(hours=HMCC, at=utc) == open_state(hours=HMCC, at=local("2026-11-22T07:30"))


def test_what_was_asked_before_does_not_change_the_answer() -> None:
    hours = "Mo-Fr 08:00-12:00,13:00-17:00"
    week = [local("2026-11-23T00:00") + timedelta(minutes=17 * step) for step in range(600)]
    forwards = [open_state(hours=hours, at=at) for at in week]
    backwards = [open_state(hours=hours, at=at) for at in reversed(week)]

    assert forwards == backwards[::-1]


@pytest.mark.parametrize("hours", ["", "whenever we like", "Mo-Fr 25:00-26:99"])
def test_without_readable_hours_nobody_knows(hours: str) -> None:
    assert open_state(hours=hours, at=local("2026-11-22T10:00")) == OpenState(open_now=None)


def test_always_open_never_changes() -> None:
    assert open_state(hours="24/7", at=local("2026-11-22T10:00")) == OpenState(open_now=True)


def test_a_closure_wins_over_hours_until_its_end() -> None:
    day = Span(local("2026-11-22T00:00"), local("2026-11-23T00:00"))

    before = open_state(hours=HMCC, closures=[day], at=local("2026-11-21T12:00"))
    eve = open_state(hours=HMCC, closures=[day], at=local("2026-11-21T20:00"))
    during = open_state(hours=HMCC, closures=[day], at=local("2026-11-22T12:00"))
    after = open_state(hours=HMCC, closures=[day], at=local("2026-11-23T07:00"))

    assert before == OpenState(open_now=True, closes_at=local("2026-11-21T17:30"))
    assert eve == OpenState(open_now=False, opens_at=local("2026-11-23T07:00"))
    assert during == OpenState(open_now=False, opens_at=local("2026-11-23T07:00"))
    assert after == OpenState(open_now=True, closes_at=local("2026-11-23T17:30"))


def test_a_closure_at_noon_is_the_next_change() -> None:
    noon = Span(local("2026-11-22T12:00"), local("2026-11-22T14:00"))

    assert open_state(hours=HMCC, closures=[noon], at=local("2026-11-22T09:00")) == OpenState(
        open_now=True, closes_at=local("2026-11-22T12:00")
    )
    assert open_state(hours=HMCC, closures=[noon], at=local("2026-11-22T13:00")) == OpenState(
        open_now=False, opens_at=local("2026-11-22T14:00")
    )


def test_until_further_notice_nothing_opens() -> None:
    forever = Span(local("2026-11-22T00:00"), None)

    assert open_state(hours=HMCC, closures=[forever], at=local("2026-11-22T10:00")) == OpenState(
        open_now=False
    )
    assert open_state(hours="", closures=[forever], at=local("2026-11-22T10:00")) == OpenState(
        open_now=False
    )


@pytest.mark.django_db
def test_lists_by_open_at_keep_the_edges_of_a_closed_day() -> None:
    site = make_place("always", opening_hours="24/7")
    make_place("unknown")
    Closure.objects.create(
        site=site, starts_at=local("2026-11-22T00:00"), ends_at=local("2026-11-23T00:00")
    )

    answers = {
        at: slugs(open_at=at)
        for at in (
            "2026-11-21T23:59:59+07:00",
            "2026-11-22T00:00:00+07:00",
            "2026-11-22T23:59:59+07:00",
            "2026-11-23T00:00:00+07:00",
            "2026-11-22T23:59:59",
            "2026-11-22T16:59:59Z",
            "2026-11-22T17:00:00Z",
        )
    }

    assert list(answers.values()) == [["always"], [], [], ["always"], [], [], ["always"]]


@pytest.mark.django_db
def test_an_offset_whose_plus_became_a_space_is_understood() -> None:
    make_place("always", opening_hours="24/7")

    answer = Client().get("/api/v1/sites?open_at=2026-11-22T10:00:00+07:00")

    assert answer.status_code == 200


@pytest.mark.django_db
def test_closed_parts_leave_a_place_open_and_are_told_on_its_page() -> None:
    site = make_place("dai-noi", opening_hours=HMCC)
    part = Closure.objects.create(
        site=site, starts_at=local("2026-11-01T00:00"), ends_at=None, whole_site=False
    )
    ClosureText.objects.create(closure=part, language="vi", text="Điện Thái Hòa đang trùng tu")

    with time_machine.travel(local("2026-11-22T10:00"), tick=False):
        assert slugs(open_now="true") == ["dai-noi"]
        page = ask("/sites/dai-noi", lang="fr")

    assert page["open_now"] is True
    assert page["closures"] == [
        {
            "text": "Điện Thái Hòa đang trùng tu",
            "language": "vi",
            "starts_at": "2026-11-01T00:00:00+07:00",
            "ends_at": None,
            "whole_site": False,
            "closed_now": True,
        }
    ]


@pytest.mark.django_db
def test_a_whole_closure_shows_in_lists_and_on_the_page() -> None:
    site = make_place("dai-noi", opening_hours=HMCC)
    Closure.objects.create(
        site=site, starts_at=local("2026-11-22T00:00"), ends_at=local("2026-11-24T00:00")
    )

    with time_machine.travel(local("2026-11-22T10:00"), tick=False):
        [item] = ask("/sites")["items"]
        page = ask("/sites/dai-noi")
        assert slugs(open_now="true") == []

    for answer in (item, page):
        assert answer["open_now"] is False
        assert answer["opens_at"] == "2026-11-24T07:00:00+07:00"
        assert answer["closes_at"] is None
    assert page["opening_hours"]["next_change"] == "2026-11-24T07:00:00+07:00"
