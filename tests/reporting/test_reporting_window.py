import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st


def ask(instant: str) -> dict[str, str]:
    out = StringIO()
    call_command("reporting_window", instant, stdout=out)
    answer: dict[str, str] = json.loads(out.getvalue())
    return answer


FIRST_OF_2027 = {
    "window": "2027-Q1",
    "starts": "2026-12-15",
    "ends": "2027-03-14",
    "due": "2027-03-25",
    "freeze": "2027-03-18",
}


@pytest.mark.parametrize(
    "instant",
    [
        "2026-12-14T17:00:00Z",
        "2026-12-15T00:00:00+07:00",
        "2026-12-14T12:00:00-05:00",
        "2026-12-15 00:00",
        "2026-12-15",
        "2027-03-14T16:59:59.999999Z",
        "2026-12-14t17:00:00z",
        "2026-12-14T09:00:00 America/Los_Angeles",
        "2026-12-14T09:00:00-08:00[America/Los_Angeles]",
        "2026-12-15T06:45:00+13:45",
        "2026-12-14T17:00 UTC",
        "2026-12-14T17:00:00 GMT",
        "2026-12-14T24:00",
        "2026-12-14 24:00:00+07:00",
        "2026-12-14T09:00:00\N{MINUS SIGN}08:00",
        "2026-12-31T23:59:60Z",
        "2027-01-01T06:59:60.5+07:00",
        "2026-349",
    ],
)
def test_a_moment_in_any_zone_names_its_quarter(instant: str) -> None:
    assert ask(instant) == FIRST_OF_2027


def test_a_moment_before_midnight_in_viet_nam_is_of_the_quarter_before() -> None:
    assert ask("2026-12-14T16:59:59.999Z")["window"] == "2026-Q4"


@pytest.mark.parametrize(
    ("instant", "window"),
    [
        # New Year in Los Angeles is an ordinary afternoon of the first quarter.
        ("2026-12-31T23:59:59.999 America/Los_Angeles", "2027-Q1"),
        ("2027-01-01T00:00:00 America/Los_Angeles", "2027-Q1"),
        # Daylight saving ends on the night before: an hour more lies between.
        ("2026-06-14T09:59:59 America/Los_Angeles", "2026-Q2"),
        ("2026-06-14T10:00:00 America/Los_Angeles", "2026-Q3"),
        ("2026-12-14T08:59:59 America/Los_Angeles", "2026-Q4"),
        # Leap day, and the day after it on the other side of the date line.
        ("2028-02-29", "2028-Q1"),
        ("2028-02-29T23:59:59 Pacific/Pago_Pago", "2028-Q1"),
        ("2028-03-14T16:59:59Z", "2028-Q1"),
        ("2028-03-14T17:00:00Z", "2028-Q2"),
        ("2026-09-15T06:59:59+14:00", "2026-Q3"),
        ("2026-09-14T05:00:00-12:00", "2026-Q4"),
    ],
)
def test_edges_in_far_zones(instant: str, window: str) -> None:
    assert ask(instant)["window"] == window


@given(
    # Without a zone: it is drawn beside it.
    at=st.datetimes(datetime(2019, 1, 1), datetime(2040, 1, 1)),  # noqa: DTZ001
    name=st.sampled_from(sorted(available_timezones())),
)
@settings(max_examples=60, deadline=None)
def test_any_moment_in_any_zone_lies_in_the_window_that_it_names(at: datetime, name: str) -> None:
    moment = at.replace(tzinfo=ZoneInfo(name))

    answer = ask(moment.isoformat())

    local = moment.astimezone(UTC) + timedelta(hours=7)
    assert answer["starts"] <= local.date().isoformat() <= answer["ends"]
    assert ask(moment.astimezone(UTC).isoformat()) == answer


@pytest.mark.parametrize(
    "instant",
    [
        "0001-01-01",
        "2026-02-30",
        "2026-12-14T17:00 Mars/Olympus",
        "2026-12-14T25:00Z",
        "2026-12-14T24:01",
        "2026-12-14T23:59:60Z",
        "2026-12-31T23:59:61Z",
        "2026-366",
        "UTC",
    ],
)
def test_a_moment_that_does_not_exist_gets_a_clear_error(instant: str) -> None:
    with pytest.raises(CommandError, match="Not a moment in ISO 8601"):
        ask(instant)


@pytest.mark.parametrize("instant", ["", "yesterday", "2026-13-01", "9999-12-31T23:00:00Z"])
def test_what_is_no_moment_gets_a_clear_error(instant: str) -> None:
    with pytest.raises(CommandError, match="Not a moment"):
        ask(instant)
