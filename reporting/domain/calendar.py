"""Quarters: when figures are collected, frozen and due.

The ministry's plan for 2022 closes its quarters in mid-month (Q39, Q41) and wants the report by
the 25th of the quarter's last month (Q40). Another organisation may be asked for other dates.
Days are those of Việt Nam, wherever a server stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

DAY = timedelta(days=1)
QUARTERS = range(1, 5)
MONTHS = 12
# A first quarter that begins after this month belongs to the year that follows.
MIDDLE_OF_THE_YEAR = 6
WARNED_BEFORE_DUE = timedelta(days=5)
SATURDAY = 5


@dataclass(frozen=True, slots=True, order=True)
class CalendarRules:
    """By which dates an organisation reports; the defaults are the ministry's.

    Settlement files and the scans of gates without network arrive in the days until the freeze.
    """

    first_month: int = 12
    first_day: int = 15
    due_after_days: int = 10
    freeze_after_days: int = 3
    freeze_before_due_days: int = 2

    def first_day_of(self, year: int, quarter: int) -> date:
        """Where a quarter begins; the fifth one is the first of the year after."""
        months = self.first_month - 1 + (quarter - 1) * 3
        if self.first_month > MIDDLE_OF_THE_YEAR:
            months -= MONTHS
        return date(year + months // MONTHS, months % MONTHS + 1, self.first_day)


MINISTRY = CalendarRules()


@dataclass(frozen=True, slots=True, order=True)
class ReportingWindow:
    """One quarter of one year; the ministry's first begins on 15 December of the year before."""

    year: int
    quarter: int
    rules: CalendarRules = MINISTRY

    def __post_init__(self) -> None:
        if self.quarter not in QUARTERS:
            raise ValueError(f"There is no quarter {self.quarter}.")

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.quarter}"

    @property
    def first_day(self) -> date:
        return self.rules.first_day_of(self.year, self.quarter)

    @property
    def last_day(self) -> date:
        """Included. The windows adjoin: the next one starts on the day after."""
        return self.rules.first_day_of(self.year, self.quarter + 1) - DAY

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    @property
    def due_day(self) -> date:
        """The last day on which the report is on time. No source moves it for a weekend."""
        return self.last_day + DAY + timedelta(days=self.rules.due_after_days)

    @property
    def due_on_weekend(self) -> bool:
        return self.due_day.weekday() >= SATURDAY

    @property
    def freeze_day(self) -> date:
        """At its first moment the figures are frozen; what arrives later becomes a correction."""
        rules = self.rules
        usual = self.last_day + DAY + timedelta(days=rules.freeze_after_days)
        return min(usual, self.due_day - timedelta(days=rules.freeze_before_due_days))

    @property
    def starts_at(self) -> datetime:
        return midnight(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """Exclusive."""
        return midnight(self.last_day + DAY)

    @property
    def freezes_at(self) -> datetime:
        return midnight(self.freeze_day)

    def is_on_time(self, at: datetime) -> bool:
        """Whether a report signed at this moment keeps the due day, which is included."""
        return at < midnight(self.due_day + DAY)

    def is_warned(self, at: datetime) -> bool:
        """Whether the due day is near: it stays where it is, also on a weekend or holiday."""
        return midnight(self.due_day) - WARNED_BEFORE_DUE <= at and self.is_on_time(at)

    def before(self) -> "ReportingWindow":
        if self.quarter > 1:
            return ReportingWindow(self.year, self.quarter - 1, self.rules)
        return ReportingWindow(self.year - 1, QUARTERS[-1], self.rules)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=VIETNAM)


def window_of(at: datetime, *, rules: CalendarRules = MINISTRY) -> ReportingWindow:
    """The one window that a moment belongs to, whatever zone it is told in."""
    return window_of_day(at.astimezone(VIETNAM).date(), rules=rules)


def window_of_day(day: date, *, rules: CalendarRules = MINISTRY) -> ReportingWindow:
    # No year is labelled further than one from the calendar's own.
    later = rules.first_day_of(day.year + 1, 1) <= day
    year = day.year + 1 if later else day.year
    if day < rules.first_day_of(year, 1):
        year -= 1
    begun = sum(rules.first_day_of(year, quarter) <= day for quarter in QUARTERS)
    return ReportingWindow(year, begun, rules)


def windows_of_year(year: int, *, rules: CalendarRules = MINISTRY) -> Iterator[ReportingWindow]:
    """The four windows of a reporting year. Only quarters are prescribed; the sum is ours."""
    return (ReportingWindow(year, quarter, rules) for quarter in QUARTERS)


def window_named(text: str, *, rules: CalendarRules = MINISTRY) -> ReportingWindow | None:
    """Read "2026-Q3"; nothing else is a name of a window."""
    found = re.fullmatch(r"(20\d\d)-Q([1-4])", text)
    return ReportingWindow(int(found[1]), int(found[2]), rules) if found else None
