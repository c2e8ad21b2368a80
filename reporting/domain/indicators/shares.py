"""Shares in whole numbers: whether a target is reached, and how a share is shown.

The ministry's own figures are cut, not rounded (Q44: 32 of 95 is 33,6%), and written with a comma
(Q43). So 179 of 199 is 89,9% and misses 90 %, and 9 of 10 is 90,0% and reaches it.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from reporting.domain.indicators.report import Status

PERCENT = 100
TENTHS = 1000
NO_SHARE = "–"
# Of the normal distribution: 95 % lie within.
Z = Decimal("1.96")


def display(num: int, den: int) -> str:
    """Cut after one decimal, never rounded up to a target; nothing is a share of zero."""
    if den == 0:
        return NO_SHARE
    tenths = num * TENTHS // den
    return f"{tenths // 10},{tenths % 10}%"


def reaches(num: int, den: int, *, percent: int) -> bool:
    """Exact, in whole numbers; never true of zero."""
    return den > 0 and PERCENT * num >= percent * den


def status_of(num: int, den: int, *, percent: int | None) -> Status:
    if den == 0:
        return Status.NOT_APPLICABLE
    if percent is None:
        return Status.NO_TARGET
    return Status.REACHED if reaches(num, den, percent=percent) else Status.MISSED


@dataclass(frozen=True, slots=True)
class Interval:
    """Wilson's, of 95 %: from `low` to `high`, both between 0 and 1."""

    low: Decimal
    high: Decimal

    def __str__(self) -> str:
        return f"{_rounded(self.low)}–{_rounded(self.high)}%"

    def is_above(self, percent: int) -> bool:
        """Whether even its lower bound reaches a target."""
        return self.low * PERCENT >= percent


def wilson(num: int, den: int) -> Interval:
    """What the share of everybody may be when so many of these answered so."""
    n, p = Decimal(den), Decimal(num) / Decimal(den)
    square = Z * Z
    whole = 1 + square / n
    centre = (p + square / (2 * n)) / whole
    half = Z * (p * (1 - p) / n + square / (4 * n * n)).sqrt() / whole
    return Interval(max(Decimal(0), centre - half), min(Decimal(1), centre + half))


def _rounded(bound: Decimal) -> str:
    tenths = (bound * PERCENT).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return str(tenths).replace(".", ",")
