"""From sites to figures: numerator, denominator, what is shown and what it has come to."""

from collections.abc import Callable, Sequence

from reporting.domain.indicators.definitions import Definition
from reporting.domain.indicators.facts import SiteFacts
from reporting.domain.indicators.report import (
    Cell,
    Fact,
    Figure,
    Indicator,
    Milestone,
    Status,
    Target,
    Verdict,
    Words,
)
from reporting.domain.indicators.shares import NO_SHARE, display, reaches, status_of
from reporting.domain.indicators.sites import SITE_INDICATORS, sells

ALL_SITES = Words("mọi điểm trong phạm vi (D_all)", "all sites in scope (D_all)")
PAID_SITES = Words("chỉ điểm có thu phí (D_paid)", "only sites that ask for money (D_paid)")
ENGLISH_OF = {
    Status.REACHED: "reached",
    Status.REACHED_NARROWLY: "reached by the narrow denominator (only sites that ask for money)",
    Status.MISSED: "not reached",
    Status.NOT_ENOUGH_DATA: "not enough data",
    Status.NOT_APPLICABLE: "not applicable",
    Status.NO_TARGET: "no target",
    Status.OUTSIDE: "outside this platform",
}


def count(
    sites: Sequence[SiteFacts],
    decide: Callable[[SiteFacts], Cell],
    *,
    among: Callable[[SiteFacts], bool] = lambda _site: True,
) -> tuple[int, int]:
    """Sites that count, of those that are not excused."""
    asked = [site for site in sites if not site.excused and among(site)]
    return sum(decide(site).verdict == Verdict.YES for site in asked), len(asked)


def figure(label: Words, num: int, den: int, *, percent: int | None = None) -> Figure:
    status = status_of(num, den, percent=percent)
    return Figure(label, num, den, display(num, den), status)


def indicator(
    definition: Definition,
    share: tuple[int, int],
    *,
    year: int,
    status: Status | None = None,
    milestones: tuple[Milestone, ...] = (),
    readings: tuple[Figure, ...] = (),
    facts: tuple[Fact, ...] = (),
    notes: tuple[Words, ...] = (),
) -> Indicator:
    """One row of the table; without a status of its own it follows from the share."""
    num, den = share
    target = definition.target_in(year)
    percent = target.percent if target else None
    return Indicator(
        code=definition.code,
        title=definition.title,
        quotes=definition.quotes,
        definition=definition.definition,
        formula=definition.formula,
        num=num,
        den=den,
        display=display(num, den),
        status=status or status_of(num, den, percent=percent),
        target=target,
        milestones=milestones,
        readings=readings,
        facts=facts,
        notes=notes,
    )


def of_sites(
    definition: Definition,
    sites: Sequence[SiteFacts],
    *,
    year: int,
    past: Sequence[SiteFacts] | None = None,
    facts: tuple[Fact, ...] = (),
    notes: tuple[Words, ...] = (),
) -> Indicator:
    """A share of sites, over all in scope and beside it over those that ask for money."""
    decide = SITE_INDICATORS[definition.code]
    num, den = count(sites, decide)
    few, narrow = count(sites, decide, among=sells)
    target = definition.target_in(year)
    percent = target.percent if target else None
    return indicator(
        definition,
        (num, den),
        year=year,
        status=_status(num, den, few, narrow, percent=percent, code=definition.code),
        milestones=tuple(_milestone(each, decide, past) for each in definition.milestones_in(year)),
        readings=(
            figure(ALL_SITES, num, den, percent=percent),
            figure(PAID_SITES, few, narrow, percent=percent),
        ),
        facts=facts,
        notes=notes,
    )


# The narrow denominator is a reading of what is sold; a tour needs no till.
ABOUT_MONEY = {"A1", "A1b", "A3"}


def _status(num: int, den: int, few: int, narrow: int, *, percent: int | None, code: str) -> Status:
    status = status_of(num, den, percent=percent)
    narrowly = code in ABOUT_MONEY and percent is not None
    if status == Status.MISSED and narrowly and reaches(few, narrow, percent=percent or 0):
        return Status.REACHED_NARROWLY
    return status


def _milestone(
    target: Target, decide: Callable[[SiteFacts], Cell], past: Sequence[SiteFacts] | None
) -> Milestone:
    """What the past year came to; without data of it, nothing is said."""
    if past is None:
        return Milestone(target, None, None, NO_SHARE, Status.NOT_ENOUGH_DATA)
    num, den = count(past, decide)
    return Milestone(
        target, num, den, display(num, den), status_of(num, den, percent=target.percent)
    )
