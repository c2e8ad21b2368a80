"""The ministry's quarters: when figures are collected, frozen and due.

The ministry's plan for 2022 closes its quarters in mid-month (Q39, Q41) and wants the report by
the 25th of the quarter's last month (Q40). Days are those of Việt Nam, wherever a server stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

FIRST_DAY = 15
DUE_DAY = 25
# The first month of each quarter's window; that of the first lies in the year before.
FIRST_MONTHS = (12, 3, 6, 9)
# Settlement files and the scans of gates without network arrive in these days.
LATE_FACTS_COME_WITHIN = timedelta(days=3)
FROZEN_BEFORE_DUE = timedelta(days=2)
DAY = timedelta(days=1)
QUARTERS = range(1, 5)


@dataclass(frozen=True, slots=True, order=True)
class ReportingWindow:
    """One quarter of one year; 15 December begins the first of the year after."""

    year: int
    quarter: int

    def __post_init__(self) -> None:
        if self.quarter not in QUARTERS:
            raise ValueError(f"There is no quarter {self.quarter}.")

    def __str__(self) -> str:
        return f"{self.year:04}-Q{self.quarter}"

    @property
    def first_day(self) -> date:
        year = self.year - 1 if self.quarter == 1 else self.year
        return date(year, FIRST_MONTHS[self.quarter - 1], FIRST_DAY)

    @property
    def last_day(self) -> date:
        """Included. The windows adjoin: the next one starts on the day after."""
        return date(self.year, self.quarter * 3, FIRST_DAY) - DAY

    @property
    def due_day(self) -> date:
        """The last day on which the report is on time. No source moves it for a weekend."""
        return date(self.year, self.quarter * 3, DUE_DAY)

    @property
    def freeze_day(self) -> date:
        """At its first moment the figures are frozen; what arrives later becomes a correction."""
        return min(self.last_day + DAY + LATE_FACTS_COME_WITHIN, self.due_day - FROZEN_BEFORE_DUE)

    @property
    def starts_at(self) -> datetime:
        return midnight(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """Exclusive."""
        return midnight(self.last_day + DAY)

    def is_on_time(self, at: datetime) -> bool:
        """Whether a report signed at this moment keeps the due day, which is included."""
        return at < midnight(self.due_day + DAY)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=VIETNAM)


def window_of(at: datetime) -> ReportingWindow:
    """The one window that a moment belongs to, whatever zone it is told in."""
    return window_of_day(at.astimezone(VIETNAM).date())


def window_of_day(day: date) -> ReportingWindow:
    if (day.month, day.day) >= (FIRST_MONTHS[0], FIRST_DAY):
        return ReportingWindow(day.year + 1, 1)
    ended = sum((day.month, day.day) >= (month, FIRST_DAY) for month in FIRST_MONTHS[1:])
    return ReportingWindow(day.year, 1 + ended)


def windows_of_year(year: int) -> Iterator[ReportingWindow]:
    """The four windows of a reporting year. Only quarters are prescribed; the sum is ours."""
    return (ReportingWindow(year, quarter) for quarter in QUARTERS)
