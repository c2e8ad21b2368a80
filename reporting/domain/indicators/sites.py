"""A1 to A5 for one site: whether it counts, and in which words it does not."""

from collections.abc import Callable, Mapping

from reporting.domain.indicators import reasons
from reporting.domain.indicators.facts import (
    NO_ROWS,
    NarrationFacts,
    OfferFacts,
    Rows,
    SaleFacts,
    SiteFacts,
    TourFacts,
)
from reporting.domain.indicators.report import Cell, Verdict, Words

VIETNAMESE = "vi"
# Of the daily probes of a page, so many have to be answered.
PAGE_ANSWERS_PERCENT = 95
# A track of a second or two says nothing.
SHORTEST_TRACK_MS = 10_000


def a1(site: SiteFacts) -> Cell:
    """Q1: online payment is offered on the last open day, and was used in the window."""
    if not sells(site):
        return Cell("A1", Verdict.NOT_APPLICABLE, reasons.FREE_ONLY)
    why = reasons.together(_offer(site.offer), _use(site.sales))
    return _cell("A1", why, site.offer.rows, site.sales.counted)


def a1b(site: SiteFacts) -> Cell:
    """Q1, «tại các điểm đến»: cashless payment at the counter of the site, without an offer."""
    if not sells(site):
        return Cell("A1b", Verdict.NOT_APPLICABLE, reasons.FREE_ONLY)
    return _cell("A1b", _use(site.counter), site.counter.counted)


def a2(site: SiteFacts) -> Cell:
    """Q1, Q2, Q34: a tour of the site is published, answers, and somebody walked it."""
    return _shown("A2", site.tour, missing=reasons.NO_TOUR)


def a3(site: SiteFacts) -> Cell:
    """Q1's own number: «thực tế ảo và thanh toán trực tuyến», both."""
    pay, look = a1(site), a2(site)
    why = reasons.together(reasons.of("A1", _missing(pay)), reasons.of("A2", _missing(look)))
    return _cell("A3", why, _rows(pay), _rows(look))


def a4(site: SiteFacts) -> Cell:
    """Q2, Q4: a model or reconstruction is published, answers, and somebody looked at it."""
    return _shown("A4", site.model, missing=reasons.NO_MODEL)


def a5(site: SiteFacts) -> Cell:
    """Q1, Q2: every required stop speaks Vietnamese and another language, and was heard."""
    narration = site.narration
    why = _guided(narration) or reasons.together(
        *_covered(narration), *_flaws(narration), *_heard(narration)
    )
    return _cell("A5", why, narration.rows)


SITE_INDICATORS: Mapping[str, Callable[[SiteFacts], Cell]] = {
    "A1": a1,
    "A1b": a1b,
    "A2": a2,
    "A3": a3,
    "A4": a4,
    "A5": a5,
}


def cells_of(site: SiteFacts) -> tuple[Cell, ...]:
    """All that the matrix says of one site."""
    if site.excused:
        return tuple(Cell(code, Verdict.EXCUSED, reasons.EXCUSED) for code in SITE_INDICATORS)
    return tuple(decide(site) for decide in SITE_INDICATORS.values())


def sells(site: SiteFacts) -> bool:
    """Whether the site asks for money at all: by the registry, or because it did."""
    return site.paid or site.sales.counted.count > 0


def _cell(code: str, why: Words | None, *rows: Rows) -> Cell:
    every = _joined(rows) if why is None else NO_ROWS
    verdict = Verdict.YES if why is None else Verdict.NO
    return Cell(code, verdict, why, every.keys, every.count, every.sha256)


def _joined(rows: tuple[Rows, ...]) -> Rows:
    """Hashes stand side by side: each is over the rows of one kind."""
    some = [each for each in rows if each.count]
    return Rows(
        tuple(key for each in some for key in each.keys),
        sum(each.count for each in some),
        " ".join(each.sha256 for each in some if each.sha256),
    )


def _rows(cell: Cell) -> Rows:
    return Rows(cell.evidence, cell.evidence_count, cell.evidence_sha256)


def _missing(cell: Cell) -> Words | None:
    return None if cell.verdict == Verdict.YES else cell.reason


def _offer(offer: OfferFacts) -> Words | None:
    if offer.day is None:
        return reasons.NO_SNAPSHOT
    if not offer.complete:
        return reasons.SNAPSHOT_MISSING
    return None if offer.holds else reasons.no_offer(offer.day, offer.failure)


def _use(sales: SaleFacts) -> Words | None:
    return None if sales.counted.count else reasons.sales_refused(sales.refused)


def _shown(code: str, tour: TourFacts, *, missing: Words) -> Cell:
    if not tour.published:
        return _cell(code, missing)
    why = reasons.together(
        None if tour.inside else reasons.NOT_INSIDE,
        None if tour.approved else reasons.NOT_APPROVED,
        _answered(tour),
        None if tour.visits.count else reasons.NO_VISIT,
    )
    return _cell(code, why, tour.version_rows, tour.probe_rows, tour.visits)


def _answered(tour: TourFacts) -> Words | None:
    if tour.probes == 0:
        return reasons.NO_PROBES
    if 100 * tour.probes_ok >= PAGE_ANSWERS_PERCENT * tour.probes:
        return None
    return reasons.probes_failed(tour.probes_ok, tour.probes, PAGE_ANSWERS_PERCENT)


def _guided(narration: NarrationFacts) -> Words | None:
    if narration.approved and narration.required_stops:
        return None
    return reasons.NO_GUIDE


def _covered(narration: NarrationFacts) -> tuple[Words | None, Words | None]:
    full = {
        language
        for language, stops in narration.covered.items()
        if stops >= narration.required_stops
    }
    return (
        None if VIETNAMESE in full else reasons.NO_VIETNAMESE,
        None if full - {VIETNAMESE} else reasons.NO_OTHER_LANGUAGE,
    )


def _flaws(narration: NarrationFacts) -> tuple[Words | None, ...]:
    """What keeps tracks from counting, said only where stops are not covered because of it."""
    if not any(_covered(narration)):
        return ()
    return (
        reasons.TOO_SHORT if narration.too_short else None,
        reasons.WITHOUT_TRANSCRIPT if narration.without_transcript else None,
        reasons.UNREVIEWED if narration.unreviewed else None,
    )


def _heard(narration: NarrationFacts) -> tuple[Words | None, Words | None]:
    heard = {language for language, plays in narration.heard.items() if plays}
    return (
        None if VIETNAMESE in heard else reasons.NOT_HEARD_VIETNAMESE,
        None if heard - {VIETNAMESE} else reasons.NOT_HEARD_OTHER,
    )
