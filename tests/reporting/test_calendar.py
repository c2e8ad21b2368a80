from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.calendar import (
    VIETNAM,
    ReportingWindow,
    midnight,
    window_of,
    window_of_day,
    windows_of_year,
)

DAYS = st.dates(min_value=date(2019, 1, 1), max_value=date(2031, 12, 31))


@pytest.mark.parametrize(
    ("name", "first", "last", "days", "due", "weekday"),
    [
        ("2026-Q1", "2025-12-15", "2026-03-14", 90, "2026-03-25", "Wednesday"),
        ("2026-Q2", "2026-03-15", "2026-06-14", 92, "2026-06-25", "Thursday"),
        ("2026-Q3", "2026-06-15", "2026-09-14", 92, "2026-09-25", "Friday"),
        ("2026-Q4", "2026-09-15", "2026-12-14", 91, "2026-12-25", "Friday"),
        ("2027-Q1", "2026-12-15", "2027-03-14", 90, "2027-03-25", "Thursday"),
        ("2027-Q3", "2027-06-15", "2027-09-14", 92, "2027-09-25", "Saturday"),
        ("2028-Q1", "2027-12-15", "2028-03-14", 91, "2028-03-25", "Saturday"),
        ("2028-Q2", "2028-03-15", "2028-06-14", 92, "2028-06-25", "Sunday"),
    ],
)
def test_a_quarter_has_the_days_of_the_ministry(
    name: str, first: str, last: str, days: int, due: str, weekday: str
) -> None:
    window = ReportingWindow(int(name[:4]), int(name[-1]))

    assert str(window) == name
    assert (window.first_day, window.last_day) == (
        date.fromisoformat(first),
        date.fromisoformat(last),
    )
    assert (window.last_day - window.first_day).days + 1 == days
    assert window.due_day == date.fromisoformat(due)
    assert f"{window.due_day:%A}" == weekday


def test_a_new_quarter_and_year_begin_at_midnight_in_viet_nam() -> None:
    begins = datetime(2026, 12, 14, 17, tzinfo=UTC)

    assert window_of(begins - timedelta(milliseconds=1)) == ReportingWindow(2026, 4)
    assert window_of(begins) == ReportingWindow(2027, 1)
    assert begins == ReportingWindow(2027, 1).starts_at == ReportingWindow(2026, 4).ends_at


def test_leap_day_belongs_to_the_first_quarter() -> None:
    assert window_of(datetime(2028, 2, 29, 12, tzinfo=VIETNAM)) == ReportingWindow(2028, 1)


def test_a_payment_counts_where_it_settled() -> None:
    started = datetime(2026, 3, 14, 23, 58, tzinfo=VIETNAM)

    assert window_of(started) == ReportingWindow(2026, 1)
    assert window_of(started + timedelta(minutes=3)) == ReportingWindow(2026, 2)


def test_figures_freeze_three_days_after_the_end_and_before_the_due_day() -> None:
    assert ReportingWindow(2026, 2).freeze_day == date(2026, 6, 18)


def test_a_signature_is_late_from_the_midnight_after_the_due_day() -> None:
    window = ReportingWindow(2026, 1)
    late = datetime(2026, 3, 26, tzinfo=VIETNAM)

    assert window.is_on_time(late - timedelta(seconds=1))
    assert not window.is_on_time(late)


@given(DAYS)
def test_each_day_lies_in_exactly_one_window(day: date) -> None:
    window = window_of_day(day)
    around = [each for year in (day.year, day.year + 1) for each in windows_of_year(year)]

    assert [each for each in around if each.first_day <= day <= each.last_day] == [window]
    assert window.freeze_day <= window.due_day - timedelta(days=2)


@given(DAYS)
def test_windows_adjoin_and_a_year_is_its_four_quarters(day: date) -> None:
    window = window_of_day(day)
    following = window_of_day(window.last_day + timedelta(days=1))

    assert following > window
    assert following.starts_at == window.ends_at
    year = list(windows_of_year(day.year))
    assert (year[0].first_day, year[-1].last_day) == (
        date(day.year - 1, 12, 15),
        date(day.year, 12, 14),
    )


@given(
    st.datetimes(
        min_value=datetime(2019, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
        max_value=datetime(2031, 12, 30),  # noqa: DTZ001 - hypothesis adds the zone
        timezones=st.sampled_from([UTC, ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")]),
    )
)
def test_the_zone_in_which_a_moment_is_told_changes_nothing(at: datetime) -> None:
    assert window_of(at) == window_of(at.astimezone(VIETNAM))
    assert window_of(at).starts_at <= at < window_of(at).ends_at


def test_midnight_is_that_of_viet_nam() -> None:
    assert midnight(date(2026, 6, 15)) == datetime(2026, 6, 14, 17, tzinfo=UTC)


def test_there_is_no_fifth_quarter() -> None:
    with pytest.raises(ValueError, match="no quarter 5"):
        ReportingWindow(2026, 5)
