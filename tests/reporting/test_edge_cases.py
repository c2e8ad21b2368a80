"""The edge cases of the calendar and of late facts, each by its number in docs/reporting.md."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from payments.models import Payment
from reporting.domain.adoption import build_report
from reporting.domain.calendar import VIETNAM, CalendarRules, ReportingWindow, window_of
from reporting.domain.freezing import Frozen, TooEarly, freeze
from reporting.domain.indicators.report import AdoptionReport, Status
from reporting.domain.indicators.written import canonical, read_report, sha256_of
from reporting.models import FrozenReport, ReportingBody
from sites.models import HeritageSite
from tests.factories import make_gate, make_product
from tests.reporting.making import (
    AT_FREEZE,
    WINDOW,
    made_event,
    make_body,
    paid_order,
    pay,
    refund,
    registered_site,
    sell,
    site_that_pays,
    snapshot,
)

pytestmark = pytest.mark.django_db

SECOND, THIRD = ReportingWindow(2026, 2), ReportingWindow(2026, 3)


def report_of(window: ReportingWindow, *, at: datetime | None = None) -> AdoptionReport:
    body = make_body()
    return build_report(organisation=body.organisation, window=window, at=at or window.freezes_at)


def frozen(window: ReportingWindow) -> FrozenReport:
    done = freeze(body=make_body(), window=window, at=window.freezes_at)
    assert isinstance(done, Frozen)
    return done.report


def verdict(report: AdoptionReport, site: HeritageSite, code: str = "A1") -> str:
    row = report.site(site.slug)
    assert row is not None
    cell = row.cell(code)
    assert cell is not None
    return str(cell.verdict)


def people(report: AdoptionReport) -> tuple[int | None, int | None]:
    row = report.indicator("A7")
    assert row is not None
    return row.num, row.den


def test_edge_1_the_label_year_changes_at_midnight_of_15_december_in_viet_nam() -> None:
    before = datetime(2026, 12, 14, 16, 59, 59, 999000, tzinfo=UTC)

    assert str(window_of(before)) == "2026-Q4"
    assert str(window_of(datetime(2026, 12, 14, 17, tzinfo=UTC))) == "2027-Q1"


def test_edge_2_leap_day_is_in_the_first_quarter_which_has_91_days() -> None:
    window = window_of(datetime(2028, 2, 29, 12, tzinfo=VIETNAM))

    assert (str(window), window.days) == ("2028-Q1", 91)


def test_edge_3_a_payment_belongs_to_the_quarter_in_which_it_settled() -> None:
    site = registered_site("late-evening")
    product = make_product(sites=[site])
    order = paid_order(product=product, at=datetime(2026, 3, 14, 23, 58, tzinfo=VIETNAM))
    pay(order, at=datetime(2026, 3, 15, 0, 1, tzinfo=VIETNAM))
    snapshot(site, products=[product])
    snapshot(site, products=[product], day=date(2026, 3, 14))

    assert verdict(report_of(ReportingWindow(2026, 1)), site) == "no"
    assert verdict(report_of(SECOND), site) == "yes"


def test_edge_4_a_refund_after_the_freeze_leaves_the_quarter_and_corrects_it_in_the_next() -> None:
    site = site_that_pays("only-one")
    payment = site_payment(site)
    row = frozen(SECOND)
    refund(payment, at=AT_FREEZE + timedelta(days=5))

    again = frozen(SECOND)
    third = report_of(THIRD)

    assert again.body == row.body
    assert verdict(read_report(row.body), site) == "yes"
    lines = [(one.window, one.code, one.site, one.was, one.now) for one in third.corrections]
    assert ("2026-Q2", "A1", "only-one", "yes", "no") in lines
    (line,) = [one for one in third.corrections if one.code == "A1"]
    assert "đã hoàn tiền toàn bộ" in line.reason.vi
    assert refunds(third) == 1
    assert refunds(read_report(row.body)) == 0


def test_edge_4_a_correction_is_told_once() -> None:
    site = site_that_pays("told-once")
    frozen(SECOND)
    refund(site_payment(site), at=AT_FREEZE + timedelta(days=5))

    assert read_report(frozen(THIRD).body).corrections
    assert report_of(ReportingWindow(2026, 4)).corrections == ()


@pytest.mark.parametrize(
    ("synced", "counted_in_second"), [((2026, 6, 17), True), ((2026, 6, 20), False)]
)
def test_edge_5_a_scan_without_network_counts_if_it_came_before_the_freeze_else_it_corrects(
    synced: tuple[int, int, int], *, counted_in_second: bool
) -> None:
    site = registered_site("offline")
    gate = make_gate(site=site)
    made_event(
        gate=gate,
        happened_at=datetime(2026, 6, 14, 16, tzinfo=VIETNAM),
        received_at=datetime(*synced, 9, tzinfo=VIETNAM),
    )
    row = frozen(SECOND)
    third = report_of(THIRD)

    assert people(read_report(row.body)) == ((1, 1) if counted_in_second else (0, 0))
    assert people(third) == (0, 0)
    lines = [(one.window, one.code, one.was, one.now) for one in third.corrections]
    assert lines == ([] if counted_in_second else [("2026-Q2", "A7", "0/0", "1/1")])
    assert frozen(SECOND).body == row.body


def test_edge_6_a_due_day_on_a_weekend_stays_is_named_and_is_warned_of_five_days_before() -> None:
    window = ReportingWindow(2027, 3)
    head = report_of(window, at=datetime(2027, 9, 18, tzinfo=VIETNAM)).head

    assert (head.due, head.due_weekday.vi) == (date(2027, 9, 25), "Thứ Bảy")
    assert window.due_on_weekend
    assert not window.is_warned(datetime(2027, 9, 19, 23, 59, tzinfo=VIETNAM))
    assert window.is_warned(datetime(2027, 9, 20, tzinfo=VIETNAM))
    assert not window.is_warned(datetime(2027, 9, 26, tzinfo=VIETNAM))


def test_edge_7_the_last_second_of_the_due_day_is_on_time_and_the_next_one_is_not() -> None:
    window = ReportingWindow(2026, 1)

    assert window.is_on_time(datetime(2026, 3, 25, 23, 59, 59, tzinfo=VIETNAM))
    assert not window.is_on_time(datetime(2026, 3, 26, tzinfo=VIETNAM))


@pytest.mark.parametrize(
    ("operates_from", "partial", "days", "status"),
    [
        (date(2026, 2, 1), True, 42, Status.REACHED),
        (date(2026, 2, 14), True, 29, Status.NOT_ENOUGH_DATA),
        (date(2025, 1, 1), False, 90, Status.REACHED),
    ],
)
def test_edge_8_an_organisation_that_starts_inside_a_window_is_flagged_and_needs_thirty_days(
    operates_from: date, days: int, status: Status, *, partial: bool
) -> None:
    ReportingBody.objects.filter(pk=make_body().pk).update(operates_from=operates_from)
    site = registered_site("young")
    product = make_product(sites=[site])
    snapshot(site, products=[product], day=date(2026, 3, 14))
    sell(site, product=product, at=datetime(2026, 3, 1, 9, tzinfo=VIETNAM))

    report = report_of(ReportingWindow(2026, 1))
    row = report.indicator("A1")

    assert (report.head.partial, report.head.days_of_operation) == (partial, days)
    assert row is not None
    assert (row.display, row.status) == ("100,0%", status)


def test_edge_9_a_site_of_the_last_day_is_in_the_denominator_and_one_that_left_is_not() -> None:
    registered_site("joined", in_scope_from=WINDOW.last_day)
    registered_site("left", in_scope_to=WINDOW.last_day)

    assert [row.slug for row in report_of(WINDOW).sites] == ["joined"]


def test_edge_10_a_frozen_report_run_again_gives_the_same_bytes() -> None:
    site_that_pays("same")
    row = frozen(SECOND)
    sell(site_that_pays("new-one"), at=datetime(2026, 9, 1, 9, tzinfo=VIETNAM))

    again = freeze(body=make_body(), window=SECOND, at=AT_FREEZE + timedelta(days=400))

    assert isinstance(again, Frozen)
    assert not again.now
    assert (again.report.body, again.report.sha256) == (row.body, sha256_of(row.body))
    assert canonical(read_report(row.body)) == row.body


def test_edge_10_nothing_is_frozen_before_its_day() -> None:
    early = freeze(body=make_body(), window=SECOND, at=AT_FREEZE - timedelta(seconds=1))

    assert early == TooEarly(AT_FREEZE)


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Ho_Chi_Minh"])
def test_edge_11_the_zone_of_the_server_changes_nothing(zone: str) -> None:
    site_that_pays("anywhere")
    at_home = canonical(report_of(SECOND))

    with timezone.override(ZoneInfo(zone)):
        there = report_of(SECOND, at=AT_FREEZE.astimezone(ZoneInfo(zone)))

    assert canonical(there) == at_home


def test_edge_12_the_first_quarter_sums_by_settlement_over_two_calendar_years() -> None:
    ReportingBody.objects.filter(pk=make_body().pk).update(operates_from=date(2025, 1, 1))
    site = registered_site("two-years")
    product = make_product(sites=[site])
    for at in ((2026, 1, 5), (2026, 3, 1)):
        sell(site, product=product, at=datetime(*at, 9, tzinfo=VIETNAM))
    late = paid_order(product=product, at=datetime(2026, 1, 2, 9, tzinfo=VIETNAM))
    pay(late, at=datetime(2025, 12, 20, 9, tzinfo=VIETNAM))

    report = report_of(ReportingWindow(2026, 1))

    cell = next(row for row in report.context if row.code == "tickets")
    assert cell.value == 3


def test_another_organisation_reports_by_its_own_calendar() -> None:
    rules = CalendarRules(first_month=1, first_day=1, due_after_days=14, freeze_after_days=5)
    window = window_of(datetime(2026, 12, 20, tzinfo=VIETNAM), rules=rules)

    assert (window.first_day, window.last_day) == (date(2026, 10, 1), date(2026, 12, 31))
    assert (window.due_day, window.freeze_day) == (date(2027, 1, 15), date(2027, 1, 6))


def site_payment(site: HeritageSite) -> Payment:
    return Payment.objects.get(order__lines__product__entitlements__site=site)


def refunds(report: AdoptionReport) -> int:
    return next(one.value for one in report.context if one.code == "refunds")
