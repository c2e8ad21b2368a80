"""The cheapest sites to close a gap, and when a target may be reached."""

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.domain.calendar import ReportingWindow
from reporting.domain.cheapest import Plan, candidates, cheapest, sites_needed
from reporting.domain.indicators.report import AdoptionReport, Verdict
from reporting.domain.outlook import (
    Foreseen,
    Measured,
    NotInSight,
    Reached,
    TooFewQuarters,
    foresee,
    later_by,
)
from tests.reporting.made_reports import made_report, site_facts

CODES = ("A1", "A2", "A3", "A5")
PROVINCES: st.SearchStrategy[list[dict[str, bool]]] = st.lists(
    st.builds(
        dict, pays=st.booleans(), tour=st.booleans(), narrated=st.booleans(), excused=st.booleans()
    ),
    min_size=1,
    max_size=8,
)


def province(sites: list[dict[str, bool]]) -> AdoptionReport:
    return made_report(*(site_facts(number, **each) for number, each in enumerate(sites, start=1)))


def by_trying_all(report: AdoptionReport, code: str, percent: int) -> int | None:
    """The least work of any set of sites that reaches the target."""
    counted = [row.cell(code) for row in report.sites]
    num = sum(cell is not None and cell.verdict == Verdict.YES for cell in counted)
    den = sum(cell is not None and cell.verdict != Verdict.EXCUSED for cell in counted)
    possible = candidates(report.sites, code)
    costs = [
        sum(each.days for each in chosen)
        for size in range(len(possible) + 1)
        for chosen in combinations(possible, size)
        if 100 * (num + size) >= percent * den
    ]
    return min(costs, default=None)


@given(sites=PROVINCES, percent=st.sampled_from([50, 75, 90, 95, 100]), code=st.sampled_from(CODES))
@settings(max_examples=60, deadline=None)
def test_the_cheapest_sites_are_those_of_trying_all(
    sites: list[dict[str, bool]], percent: int, code: str
) -> None:
    report = province(sites)

    plan = cheapest(report, code=code, percent=percent)

    least = by_trying_all(report, code, percent)
    if plan is None:
        assert all(each["excused"] for each in sites)
    elif plan.short_by:
        assert least is None
    else:
        assert plan.days == least


def test_a_site_that_lacks_less_comes_first() -> None:
    report = made_report(
        site_facts(1),
        site_facts(2, tour=False),
        replace(site_facts(3), tour=replace(site_facts(3).tour, approved=False)),
    )

    plan = cheapest(report, code="A2", percent=60)

    assert isinstance(plan, Plan)
    assert [each.row.slug for each in plan.chosen] == ["site-3"]
    assert [each.row.slug for each in plan.others] == ["site-2"]


def test_sites_needed_are_exact() -> None:
    assert sites_needed(25, 29, percent=90) == 2
    assert sites_needed(9, 10, percent=90) == 0
    assert sites_needed(179, 199, percent=90) == 1
    assert sites_needed(0, 3, percent=100) == 3


def measured(*nums: int, den: int = 100) -> list[Measured]:
    first = ReportingWindow(2025, 3)
    return [Measured(later_by(first, number), num, den) for number, num in enumerate(nums)]


def test_a_steady_pace_is_drawn_on() -> None:
    outlook = foresee(measured(60, 65, 70, 75), percent=90)

    assert outlook == Foreseen(
        middle=ReportingWindow(2027, 1),
        earliest=ReportingWindow(2027, 1),
        latest=ReportingWindow(2027, 1),
        in_a_year=(95.0, 95.0),
    )


def test_an_uneven_pace_leaves_the_answer_wide_open() -> None:
    outlook = foresee(measured(60, 70, 69, 80), percent=90)

    assert isinstance(outlook, Foreseen)
    assert outlook.earliest <= outlook.middle
    assert outlook.latest is None


def test_what_falls_is_not_in_sight_and_two_quarters_say_nothing() -> None:
    assert foresee(measured(80, 75, 70), percent=90) == NotInSight()
    assert foresee(measured(80, 85), percent=90) == TooFewQuarters(2)
    assert foresee(measured(80, 85, 90), percent=90) == Reached()


@given(nums=st.lists(st.integers(0, 89), min_size=3, max_size=8))
@settings(max_examples=100, deadline=None)
def test_the_bounds_hold_the_middle(nums: list[int]) -> None:
    outlook = foresee(measured(*nums), percent=90)

    if isinstance(outlook, Foreseen):
        assert outlook.earliest <= outlook.middle
        assert outlook.latest is None or outlook.middle <= outlook.latest
        assert outlook.in_a_year[0] <= outlook.in_a_year[1]
