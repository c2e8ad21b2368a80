"""The decision table of each indicator: one line a case, over values alone."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from reporting.domain.indicators import definitions as word
from reporting.domain.indicators import reasons
from reporting.domain.indicators.facts import (
    DatasetFacts,
    EntryFacts,
    Facts,
    MoneyFacts,
    NarrationFacts,
    OfferFacts,
    PairFacts,
    ProbeFacts,
    ReportFacts,
    Rows,
    SaleFacts,
    SiteFacts,
    SurveyFacts,
    TourFacts,
)
from reporting.domain.indicators.figures import of_sites
from reporting.domain.indicators.measured import a6, a7, b1, d1, d4
from reporting.domain.indicators.report import Indicator, Status, Verdict
from reporting.domain.indicators.sites import a1, a1b, a2, a3, a4, a5, cells_of
from reporting.domain.indicators.versions import TABLES

ROW = Rows(("payment:1",), 1, "aa")
LAST = date(2026, 6, 14)
OFFER = OfferFacts(
    LAST, complete=True, snapshots=4, on_offer=3, rows=Rows(("offer_snapshot:1",), 3, "bb")
)
SOLD = SaleFacts(ROW, {})
TOUR = TourFacts(
    published=1,
    approved=True,
    inside=True,
    probes=92,
    probes_ok=88,
    visits=Rows(("tour_visit:1",), 1, "cc"),
    probe_rows=Rows(("page_probe:1",), 88, "dd"),
    version_rows=Rows(("tour_version:1",), 1, "ee"),
)
GUIDE = NarrationFacts(
    required_stops=3,
    approved=True,
    covered={"vi": 3, "en": 3},
    heard={"vi": 1, "en": 2},
    rows=Rows(("play:1", "play:2"), 3, "ff"),
)
GOOD = SiteFacts(1, offer=OFFER, sales=SOLD, counter=SOLD, tour=TOUR, model=TOUR, narration=GUIDE)
STAFF_AND_REFUNDED = "1 giao dịch của nhân viên, 2 giao dịch đã hoàn tiền toàn bộ"
YES, NO, NOT_APPLICABLE = Verdict.YES, Verdict.NO, Verdict.NOT_APPLICABLE


def offered(**facts: Any) -> SiteFacts:
    return replace(GOOD, offer=replace(OFFER, **facts))


def sold(**refused: int) -> SiteFacts:
    return replace(GOOD, sales=SaleFacts(Rows(), refused))


@pytest.mark.parametrize(
    ("site", "verdict", "reason"),
    [
        (GOOD, YES, None),
        (offered(day=None), NO, "chưa có bản chụp dịch vụ của ngày mở cửa trong kỳ"),
        (offered(complete=False), NO, "thiếu bản chụp dịch vụ của ngày mở cửa cuối kỳ"),
        (
            offered(on_offer=1, failure="no_product"),
            NO,
            "ngày mở cửa cuối kỳ 14/06/2026: không có vé nào bán trực tuyến",
        ),
        # Half of the day is not most of it.
        (
            offered(on_offer=2, failure="no_method"),
            NO,
            "ngày mở cửa cuối kỳ 14/06/2026: không có cách thanh toán trực tuyến",
        ),
        (sold(), NO, "chưa có giao dịch trong kỳ"),
        (
            sold(refunded=2, staff=1),
            NO,
            f"chưa có giao dịch trong kỳ được tính ({STAFF_AND_REFUNDED})",
        ),
        (
            replace(sold(), offer=OfferFacts()),
            NO,
            "chưa có bản chụp dịch vụ của ngày mở cửa trong kỳ; chưa có giao dịch trong kỳ",
        ),
        (replace(GOOD, paid=False, sales=SaleFacts()), NOT_APPLICABLE, "chỉ vào cửa miễn phí"),
        # The registry says free, and yet it sold.
        (replace(GOOD, paid=False), YES, None),
    ],
)
def test_a1_counts_what_is_offered_on_the_last_open_day_and_was_used(
    site: SiteFacts, verdict: Verdict, reason: str | None
) -> None:
    cell = a1(site)

    assert (cell.verdict, cell.reason.vi if cell.reason else None) == (verdict, reason)
    assert bool(cell.evidence) == (verdict == YES)


def test_a1_names_the_rows_that_make_it_count() -> None:
    cell = a1(GOOD)

    assert cell.evidence == ("offer_snapshot:1", "payment:1")
    assert (cell.evidence_count, cell.evidence_sha256) == (4, "bb aa")


@pytest.mark.parametrize(
    ("site", "verdict"),
    [
        (GOOD, YES),
        (replace(GOOD, offer=OfferFacts()), YES),
        (replace(GOOD, counter=SaleFacts(Rows(), {"cash": 9})), NO),
        (replace(GOOD, counter=SaleFacts()), NO),
        (replace(GOOD, paid=False, sales=SaleFacts()), NOT_APPLICABLE),
    ],
)
def test_a1b_counts_cashless_payment_at_the_counter_without_an_offer(
    site: SiteFacts, verdict: Verdict
) -> None:
    assert a1b(site).verdict == verdict


TOURS = [
    (TOUR, YES, None),
    (replace(TOUR, inside=False), NO, reasons.NOT_INSIDE.vi),
    (replace(TOUR, approved=False), NO, reasons.NOT_APPROVED.vi),
    (replace(TOUR, probes=0, probes_ok=0), NO, reasons.NO_PROBES.vi),
    (replace(TOUR, probes=100, probes_ok=95), YES, None),
    (
        replace(TOUR, probes=100, probes_ok=94),
        NO,
        "trang chỉ trả lời 94/100 lần kiểm tra hằng ngày (cần 95%)",
    ),
    (replace(TOUR, visits=Rows(), short_visits=9), NO, reasons.NO_VISIT.vi),
]


@pytest.mark.parametrize(
    ("tour", "verdict", "reason"), [*TOURS, (TourFacts(), NO, reasons.NO_TOUR.vi)]
)
def test_a2_counts_a_tour_that_is_approved_answers_and_was_walked(
    tour: TourFacts, verdict: Verdict, reason: str | None
) -> None:
    cell = a2(replace(GOOD, tour=tour))

    assert (cell.verdict, cell.reason.vi if cell.reason else None) == (verdict, reason)


@pytest.mark.parametrize(
    ("model", "verdict", "reason"), [*TOURS, (TourFacts(), NO, reasons.NO_MODEL.vi)]
)
def test_a4_asks_the_same_of_a_model(
    model: TourFacts, verdict: Verdict, reason: str | None
) -> None:
    cell = a4(replace(GOOD, model=model))

    assert (cell.verdict, cell.reason.vi if cell.reason else None) == (verdict, reason)


@pytest.mark.parametrize(
    ("site", "verdict", "reason"),
    [
        (GOOD, YES, None),
        (sold(), NO, "A1: chưa có giao dịch trong kỳ"),
        (replace(GOOD, tour=TourFacts()), NO, "A2: chưa có tham quan ảo được công bố"),
        (
            replace(sold(), tour=TourFacts()),
            NO,
            "A1: chưa có giao dịch trong kỳ; A2: chưa có tham quan ảo được công bố",
        ),
        (
            replace(GOOD, paid=False, sales=SaleFacts()),
            NO,
            "A1: chỉ vào cửa miễn phí",
        ),
    ],
)
def test_a3_counts_a_site_with_both_and_says_which_one_is_missing(
    site: SiteFacts, verdict: Verdict, reason: str | None
) -> None:
    cell = a3(site)

    assert (cell.verdict, cell.reason.vi if cell.reason else None) == (verdict, reason)


@pytest.mark.parametrize(
    ("guide", "verdict", "reason"),
    [
        (GUIDE, YES, None),
        (replace(GUIDE, approved=False), NO, reasons.NO_GUIDE.vi),
        (replace(GUIDE, required_stops=0), NO, reasons.NO_GUIDE.vi),
        (replace(GUIDE, covered={"vi": 2, "en": 3}), NO, reasons.NO_VIETNAMESE.vi),
        (replace(GUIDE, covered={"vi": 3, "en": 2}), NO, reasons.NO_OTHER_LANGUAGE.vi),
        # Two languages that each miss a stop are no second language.
        (replace(GUIDE, covered={"vi": 3, "en": 2, "fr": 2}), NO, reasons.NO_OTHER_LANGUAGE.vi),
        (
            replace(GUIDE, covered={"vi": 3}, unreviewed=3),
            NO,
            f"{reasons.NO_OTHER_LANGUAGE.vi}; {reasons.UNREVIEWED.vi}",
        ),
        (replace(GUIDE, heard={"en": 2}), NO, reasons.NOT_HEARD_VIETNAMESE.vi),
        (replace(GUIDE, heard={"vi": 2}), NO, reasons.NOT_HEARD_OTHER.vi),
    ],
)
def test_a5_counts_two_languages_at_every_required_stop_that_were_heard(
    guide: NarrationFacts, verdict: Verdict, reason: str | None
) -> None:
    cell = a5(replace(GOOD, narration=guide))

    assert (cell.verdict, cell.reason.vi if cell.reason else None) == (verdict, reason)


def test_an_excused_site_is_excused_everywhere_and_counted_nowhere() -> None:
    closed = replace(GOOD, excused=True)

    assert {cell.verdict for cell in cells_of(closed)} == {Verdict.EXCUSED}
    row = of_sites(word.A1, [GOOD, closed], year=2026)
    assert (row.num, row.den) == (1, 1)


BAD = replace(GOOD, sales=SaleFacts())
FREE = replace(GOOD, paid=False, sales=SaleFacts())


@pytest.mark.parametrize(
    ("good", "bad", "free", "shown", "status"),
    [
        (9, 1, 0, "90,0%", Status.REACHED),
        (8, 2, 0, "80,0%", Status.MISSED),
        # 9 of 11 sites, and 9 of the 10 that sell.
        (9, 1, 1, "81,8%", Status.REACHED_NARROWLY),
        (8, 2, 1, "72,7%", Status.MISSED),
        (0, 0, 0, "–", Status.NOT_APPLICABLE),
    ],
)
def test_both_denominators_are_shown_and_the_narrow_one_is_named(
    good: int, bad: int, free: int, shown: str, status: Status
) -> None:
    row = of_sites(word.A1, [GOOD] * good + [BAD] * bad + [FREE] * free, year=2026)

    assert (row.display, row.status) == (shown, status)
    assert [(one.num, one.den) for one in row.readings] == [
        (good, good + bad + free),
        (good, good + bad),
    ]


def test_a_past_target_shows_its_year_where_there_are_data_and_no_number_where_not() -> None:
    without = of_sites(word.A2, [GOOD], year=2026).milestones[0]
    with_data = of_sites(word.A2, [GOOD], year=2026, past=[GOOD, BAD]).milestones[0]

    assert (without.num, without.status) == (None, Status.NOT_ENOUGH_DATA)
    assert (with_data.num, with_data.den, with_data.status) == (2, 2, Status.REACHED)
    assert (with_data.target.year, with_data.target.percent) == (2025, 90)


def test_the_present_stands_beside_the_target_of_2030_and_no_year_between_has_one() -> None:
    targets = [word.A2.target_in(year) for year in range(2024, 2032)]

    assert [(one.year, one.percent) for one in targets if one] == (
        [(2025, 90)] * 2 + [(2030, 100)] * 6
    )


@pytest.mark.parametrize(
    ("pairs", "online", "shown", "status"),
    [
        (20, 19, "95,0%", Status.REACHED),
        (20, 18, "90,0%", Status.MISSED),
        (0, 0, "–", "không áp dụng"),
    ],
)
def test_a6_reads_the_services_as_pairs_and_prints_the_payments_beside_them(
    pairs: int, online: int, shown: str, status: str
) -> None:
    money = MoneyFacts(3, 600, 1, 200, 4, 1200)
    row = a6(Facts(sites=(replace(GOOD, pairs=PairFacts(pairs, online)),), money=money))

    assert (row.display, row.status) == (shown, status)
    assert [(one.num, one.den) for one in row.readings] == [(3, 8), (600, 2000)]


@pytest.mark.parametrize(
    ("entries", "probes", "shown", "readings", "available"),
    [
        (EntryFacts(10, 9, 5), ProbeFacts(100, 99), "90,0%", ["50,0%", "99,0%"], Status.REACHED),
        (EntryFacts(12, 9, 5, on_paper=1, by_hand=2, estimated=2), ProbeFacts(100, 98), "75,0%",
         ["41,6%", "98,0%"], Status.MISSED),
        (EntryFacts(), ProbeFacts(), "–", ["–", "–"], Status.NOT_APPLICABLE),
    ],
)  # fmt: skip
def test_a7_counts_people_and_flags_what_was_estimated(
    entries: EntryFacts, probes: ProbeFacts, shown: str, readings: list[str], available: Status
) -> None:
    row = a7(Facts(sites=(replace(GOOD, entries=entries),), probes=probes))

    assert (row.display, [one.display for one in row.readings]) == (shown, readings)
    assert bool(row.notes) == bool(entries.estimated)
    assert row.readings[1].status == available


@pytest.mark.parametrize(
    ("answers", "satisfied", "status", "certain"),
    [
        (29, 29, Status.NOT_ENOUGH_DATA, False),
        (30, 27, Status.REACHED, False),
        (50, 45, Status.REACHED, False),
        (50, 44, Status.MISSED, False),
        (1000, 950, Status.REACHED, True),
        (0, 0, Status.NOT_ENOUGH_DATA, False),
    ],
)
def test_b1_needs_thirty_answers_and_is_certain_only_with_its_lower_bound(
    answers: int, satisfied: int, status: Status, *, certain: bool
) -> None:
    survey = SurveyFacts(answers=answers, satisfied=satisfied, invited=2000)
    row = b1(Facts(sites=(replace(GOOD, survey=survey),)))

    assert row.status == status
    assert any(fact.code == "certain" for fact in row.facts) == certain


@pytest.mark.parametrize(
    ("due", "signed", "late", "shown", "status"),
    [
        (2, 2, 0, "100,0%", Status.REACHED),
        (2, 1, 1, "50,0%", Status.MISSED),
        (0, 0, 0, "–", Status.NOT_APPLICABLE),
    ],
)
def test_d1_counts_what_was_signed_in_time_and_shows_the_late_apart(
    due: int, signed: int, late: int, shown: str, status: Status
) -> None:
    row = d1(Facts(sites=(), reports=ReportFacts(due, signed, late)))

    assert (row.display, row.status) == (shown, status)
    assert [(fact.code, fact.value) for fact in row.facts] == [("late", late)]


@pytest.mark.parametrize(("all_", "good", "shown"), [(4, 3, "75,0%"), (0, 0, "–")])
def test_d4_counts_datasets_that_keep_what_the_catalogue_promises(
    all_: int, good: int, shown: str
) -> None:
    assert d4(Facts(sites=(), datasets=DatasetFacts(all_, good))).display == shown


def test_what_nothing_measures_stands_there_with_its_definition_and_no_number() -> None:
    table: dict[str, Indicator] = {row.code: row for row in TABLES[1](Facts(sites=(GOOD,)))}

    for code in ("C1", "D2", "D3", "E1", "E2", "F1"):
        row = table[code]
        assert (row.num, row.den, row.status) == (None, None, Status.NOT_ENOUGH_DATA), code
        assert row.definition.vi
        assert row.quotes
    assert {table[code].status for code in ("N1", "N2")} == {Status.OUTSIDE}


def test_an_organisation_of_less_than_thirty_days_gets_shares_and_no_status() -> None:
    table = TABLES[1](Facts(sites=(GOOD,), too_short=True))
    row = table[0]

    assert (row.code, row.display, row.status) == ("A1", "100,0%", Status.NOT_ENOUGH_DATA)
