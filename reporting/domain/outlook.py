"""When a target may be reached, by how the share has moved so far; with its uncertainty.

The pace is the median of what each pair of quarters says (Theil and Sen): one odd quarter does
not move it. The slowest and the fastest pair bound the answer. Nothing is promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil
from statistics import median

from reporting.domain.calendar import ReportingWindow

FEWEST_QUARTERS = 3
# Ten years: beyond it a line says nothing.
FURTHEST = 40
QUARTERS_A_YEAR = 4


@dataclass(frozen=True, slots=True)
class Measured:
    """What a share was in one window."""

    window: ReportingWindow
    num: int
    den: int

    @property
    def percent(self) -> Fraction:
        return Fraction(100 * self.num, self.den)


@dataclass(frozen=True, slots=True)
class Reached:
    """It is there already."""


@dataclass(frozen=True, slots=True)
class TooFewQuarters:
    known: int


@dataclass(frozen=True, slots=True)
class NotInSight:
    """At this pace it is not reached within ten years, or never."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """In which window, by the middle pace; null bounds are not in sight."""

    middle: ReportingWindow
    earliest: ReportingWindow
    latest: ReportingWindow | None
    # Where the share may be in a year: percent, by the slowest and the fastest pair.
    in_a_year: tuple[float, float]


Outlook = Reached | TooFewQuarters | NotInSight | Foreseen


def foresee(history: Sequence[Measured], *, percent: int) -> Outlook:
    """Look ahead from the last of these windows, which follow each other in time."""
    known = [each for each in history if each.den > 0]
    if known and known[-1].percent >= percent:
        return Reached()
    if len(known) < FEWEST_QUARTERS:
        return TooFewQuarters(len(known))
    paces = sorted(_pace(earlier, later) for earlier, later in combinations(known, 2))
    last = known[-1]
    middle = _quarters_until(last.percent, median(paces), percent)
    if middle is None:
        return NotInSight()
    slow = _quarters_until(last.percent, paces[0], percent)
    fast = _quarters_until(last.percent, paces[-1], percent)
    return Foreseen(
        middle=later_by(last.window, middle),
        earliest=later_by(last.window, fast or middle),
        latest=later_by(last.window, slow) if slow is not None else None,
        in_a_year=(_after_a_year(last.percent, paces[0]), _after_a_year(last.percent, paces[-1])),
    )


def later_by(window: ReportingWindow, quarters: int) -> ReportingWindow:
    years, rest = divmod(window.quarter - 1 + quarters, QUARTERS_A_YEAR)
    return ReportingWindow(window.year + years, rest + 1, window.rules)


def _number(window: ReportingWindow) -> int:
    return window.year * QUARTERS_A_YEAR + window.quarter


def _pace(earlier: Measured, later: Measured) -> Fraction:
    """Percent a quarter."""
    return (later.percent - earlier.percent) / (_number(later.window) - _number(earlier.window))


def _quarters_until(now: Fraction, pace: Fraction, percent: int) -> int | None:
    if pace <= 0:
        return None
    quarters = ceil((percent - now) / pace)
    return quarters if quarters <= FURTHEST else None


def _after_a_year(now: Fraction, pace: Fraction) -> float:
    return float(min(max(now + QUARTERS_A_YEAR * pace, Fraction(0)), Fraction(100)))
