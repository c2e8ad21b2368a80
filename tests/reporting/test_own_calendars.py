"""Whatever calendar an organisation has, its windows cover every day once."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.calendar import CalendarRules, window_of_day, windows_of_year

RULES = st.builds(
    CalendarRules,
    first_month=st.integers(1, 12),
    first_day=st.integers(1, 28),
    due_after_days=st.integers(3, 60),
    freeze_after_days=st.integers(0, 70),
    freeze_before_due_days=st.integers(1, 10),
)
DAYS = st.dates(min_value=date(2019, 1, 1), max_value=date(2031, 12, 31))


@given(rules=RULES, day=DAYS)
def test_each_day_is_in_one_window_and_the_windows_adjoin(rules: CalendarRules, day: date) -> None:
    window = window_of_day(day, rules=rules)

    assert window.first_day <= day <= window.last_day
    assert window.before().last_day + timedelta(days=1) == window.first_day
    assert window_of_day(window.last_day + timedelta(days=1), rules=rules) != window


@given(rules=RULES, year=st.integers(2019, 2031))
def test_a_year_is_its_four_windows_and_is_frozen_before_each_is_due(
    rules: CalendarRules, year: int
) -> None:
    windows = list(windows_of_year(year, rules=rules))

    assert sum(window.days for window in windows) in {365, 366}
    for window in windows:
        assert window.freeze_day <= window.due_day - timedelta(days=rules.freeze_before_due_days)
        assert window.last_day < window.due_day
