"""Which sites close the gap to a target with the least work.

The work for a site is the sum over what it lacks, in days of one person, by the table below. The
numbers are ours: rough, in one place, and the same for every site.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.domain.indicators import reasons
from reporting.domain.indicators.report import AdoptionReport, Cell, SiteRow, Verdict, Words

# Each reason that a site can have, and the days that end it.
DAYS: tuple[tuple[Words, int], ...] = (
    (reasons.NO_SALE, 1),
    (reasons.NO_SNAPSHOT, 1),
    (reasons.SNAPSHOT_MISSING, 1),
    (reasons.OFFER_FAILURES["no_product"], 5),
    (reasons.OFFER_FAILURES["free_only"], 20),
    (reasons.OFFER_FAILURES["below_floor"], 2),
    (reasons.OFFER_FAILURES["no_room"], 1),
    (reasons.OFFER_FAILURES["no_method"], 3),
    (reasons.OFFER_FAILURES["unreachable"], 1),
    (reasons.NO_TOUR, 8),
    (reasons.NO_MODEL, 30),
    (reasons.NOT_APPROVED, 1),
    (reasons.NOT_INSIDE, 3),
    (reasons.NO_PROBES, 1),
    (reasons.NO_VISIT, 1),
    (reasons.NO_GUIDE, 10),
    (reasons.NO_VIETNAMESE, 4),
    (reasons.NO_OTHER_LANGUAGE, 3),
    (reasons.NOT_HEARD_VIETNAMESE, 1),
    (reasons.NOT_HEARD_OTHER, 1),
    (reasons.TOO_SHORT, 2),
    (reasons.WITHOUT_TRANSCRIPT, 1),
    (reasons.UNREVIEWED, 1),
)
# What no table knows, for example a page that answers too rarely.
DAYS_OTHERWISE = 2
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A site that does not count yet, what it lacks, and the work that ends it."""

    row: SiteRow
    reason: Words
    days: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The cheapest way to a target; `short_by` sites are missing even with all of them."""

    code: str
    percent: int
    num: int
    den: int
    needed: int
    chosen: tuple[Candidate, ...]
    others: tuple[Candidate, ...]
    short_by: int

    @property
    def days(self) -> int:
        return sum(each.days for each in self.chosen)


def cheapest(report: AdoptionReport, *, code: str, percent: int) -> Plan | None:
    """Choose the sites that reach a target with the least work; null without a figure.

    Each site adds one to the numerator and nothing to the denominator, so the cheapest ones
    together are the cheapest choice.
    """
    indicator = report.indicator(code)
    if indicator is None or indicator.num is None or not indicator.den:
        return None
    needed = sites_needed(indicator.num, indicator.den, percent=percent)
    found = sorted(candidates(report.sites, code), key=lambda each: (each.days, each.row.slug))
    return Plan(
        code=code,
        percent=percent,
        num=indicator.num,
        den=indicator.den,
        needed=needed,
        chosen=tuple(found[:needed]),
        others=tuple(found[needed:]),
        short_by=max(0, needed - len(found)),
    )


def sites_needed(num: int, den: int, *, percent: int) -> int:
    """The fewest more sites with which `100·num ≥ percent·den`."""
    return max(0, -(-(percent * den - PERCENT * num) // PERCENT))


def candidates(rows: Iterable[SiteRow], code: str) -> list[Candidate]:
    """Sites that could count; one that asks no money cannot be paid online."""
    return [
        Candidate(row, cell.reason or Words("", ""), days_of(cell))
        for row in rows
        if (cell := row.cell(code)) and cell.verdict == Verdict.NO and possible(row, code)
    ]


def possible(row: SiteRow, code: str) -> bool:
    parts: Sequence[str] = ("A1", "A2") if code == "A3" else (code,)
    return all(
        cell.verdict in {Verdict.YES, Verdict.NO} for part in parts if (cell := row.cell(part))
    )


def days_of(cell: Cell) -> int:
    """The work behind the words of a reason: each of its parts once."""
    if cell.reason is None:
        return DAYS_OTHERWISE
    parts = cell.reason.vi.split("; ")
    return sum(_days(part) for part in parts)


def _days(part: str) -> int:
    known = [(len(words.vi), days) for words, days in DAYS if words.vi in part]
    # The longest words that fit say most.
    return max(known)[1] if known else DAYS_OTHERWISE
