"""đính chính: what an earlier frozen report would say today. It is told once, in the next report.

A report that was frozen is never rewritten. Facts that came later (a refund, a scan of a gate
without network, a list of a bank) stand in the report after them, beside what was said then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from reporting.domain.bodies import rules_of, span_of
from reporting.domain.calendar import ReportingWindow
from reporting.domain.evidence.collecting import Found, collect
from reporting.domain.evidence.late import has_late_facts
from reporting.domain.frozen import frozen_before
from reporting.domain.indicators.facts import Facts, SiteFacts
from reporting.domain.indicators.measured import a6, a7, b1
from reporting.domain.indicators.report import AdoptionReport, Correction, Verdict, Words
from reporting.domain.indicators.sites import a1, a1b
from reporting.domain.indicators.written import read_report
from reporting.domain.registry import excuses_known, sites_in_scope
from reporting.models import ReportingBody

# So far back money still moves.
WINDOWS_BACK = 4
OF_SITES = {"A1": a1, "A1b": a1b}
OF_ALL = {"A6": a6, "A7": a7, "B1": b1}
CAME_LATE = Words(
    "dữ liệu đến sau khi chốt làm thay đổi số liệu", "facts that came after the freeze"
)
# Which indicator, of which site; of the figure as a whole the site is empty.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Said:
    """What one place of a report says, in words that can be compared."""

    text: str
    reason: Words


def corrections(
    *, body: ReportingBody, window: ReportingWindow, at: datetime
) -> tuple[Correction, ...]:
    """What the frozen reports of the last year would say otherwise, and nobody has told yet."""
    rows = frozen_before(body=body, window=window, how_many=WINDOWS_BACK)
    reports = [(row, read_report(row.body)) for row in rows]
    if not reports:
        return ()
    # What came before the newest of them was frozen stands in it.
    since = max(report.head.as_of for _row, report in reports)
    found: list[Correction] = []
    for position, (row, report) in enumerate(reports):
        later = [each for _row, each in reports[position + 1 :]]
        window = ReportingWindow(row.year, row.quarter, rules_of(body))
        today = _today(body, window, report, since=since, at=at)
        found.extend(_differences(window, _told(report, later), today))
    return tuple(found)


def _differences(
    window: ReportingWindow, told: Mapping[Place, str], today: Mapping[Place, _Said]
) -> Iterator[Correction]:
    for place in sorted(told.keys() & today.keys()):
        if told[place] != today[place].text:
            code, site = place
            yield Correction(
                window=str(window),
                code=code,
                site=site,
                was=told[place],
                now=today[place].text,
                reason=today[place].reason,
            )


def _told(report: AdoptionReport, later: Sequence[AdoptionReport]) -> dict[Place, str]:
    """What was said last: the report itself, and what later ones corrected of it."""
    said = {
        (cell.code, site.slug): str(cell.verdict)
        for site in report.sites
        for cell in site.cells
        if cell.code in OF_SITES or cell.code == "A3"
    }
    said |= {
        (row.code, ""): f"{row.num}/{row.den}" for row in report.indicators if row.code in OF_ALL
    }
    for each in later:
        for one in each.corrections:
            if one.window == report.head.window:
                said[one.code, one.site] = one.now
    return said


def _today(
    body: ReportingBody,
    window: ReportingWindow,
    report: AdoptionReport,
    *,
    since: datetime,
    at: datetime,
) -> Mapping[Place, _Said]:
    """The same window by what is known today, over the sites that were in scope then.

    Nothing where no fact of it came since the newest report: that one has told the others.
    """
    then = report.head.as_of
    sites = sites_in_scope(organisation=body.organisation, day=window.last_day, known_at=then)
    span = span_of(body=body, window=window, sites=sites, at=at)
    if not has_late_facts(span, since=since):
        return {}
    closed = excuses_known(
        organisation=body.organisation,
        first=window.first_day,
        last=window.last_day,
        known_at=then,
    )
    found = collect(span, sites=sites, closed=sorted(closed))
    slugs = {site.site_id: site.slug for site in sites}
    return {**_sites_today(found.sites, slugs, report), **_figures_today(found, window)}


def _sites_today(
    sites: Sequence[SiteFacts], slugs: Mapping[int, str], report: AdoptionReport
) -> dict[Place, _Said]:
    said: dict[Place, _Said] = {}
    for site in sites:
        slug = slugs[site.site_id]
        for code, decide in OF_SITES.items():
            cell = decide(site)
            verdict = Verdict.EXCUSED if site.excused else cell.verdict
            said[code, slug] = _Said(str(verdict), cell.reason or CAME_LATE)
        said["A3", slug] = _both(said["A1", slug], report, slug)
    return said


def _both(pays: _Said, report: AdoptionReport, slug: str) -> _Said:
    """A tour leaves no late facts: what was said of it then still holds."""
    row = report.site(slug)
    then = row.cell("A2") if row else None
    if pays.text == Verdict.EXCUSED or then is None:
        return pays
    both = pays.text == Verdict.YES and then.verdict == Verdict.YES
    return _Said(str(Verdict.YES if both else Verdict.NO), pays.reason)


def _figures_today(found: Found, window: ReportingWindow) -> dict[Place, _Said]:
    facts = Facts(sites=found.sites, money=found.money, probes=found.probes, year=window.year)
    rows = {code: decide(facts) for code, decide in OF_ALL.items()}
    return {(code, ""): _Said(f"{row.num}/{row.den}", CAME_LATE) for code, row in rows.items()}
