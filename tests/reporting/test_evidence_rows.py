"""Each indicator rests on its rows: without one of them the number and the reason change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Manager, QuerySet
from django.test.utils import CaptureQueriesContext

from guides.models import Play, Tour, TourVersion, TourVisit
from payments.models import ListedMovement
from reporting.domain.adoption import build_report
from reporting.domain.calendar import ReportingWindow
from reporting.domain.freezing import Frozen, freeze
from reporting.domain.indicators.measured import ESTIMATED, NOT_UP_TO_DATE, TO_BE_CONFIRMED
from reporting.domain.indicators.report import AdoptionReport, Status
from reporting.models import (
    CounterPayment,
    FiledPaper,
    Filing,
    HandCount,
    OfferSnapshot,
    PageProbe,
)
from sites.models import HeritageSite
from tests.factories import make_gate, make_paid_order, make_product
from tests.reporting.making import (
    AT_FREEZE,
    IN_WINDOW,
    WINDOW,
    answer,
    counter_payment,
    make_body,
    paid_order,
    person,
    registered_site,
    scan,
    site_that_pays,
)
from tests.reporting.showing import make_guide, make_tour, play, probe_days, track, visit
from ticketing.models import Ticket

pytestmark = pytest.mark.django_db

NEXT = ReportingWindow(2026, 3)

NOT_RECONCILED = (
    "chưa có giao dịch trong kỳ được tính "
    "(1 giao dịch chưa đối soát với nhà cung cấp hoặc ngân hàng)"
)


def report() -> AdoptionReport:
    return build_report(organisation=make_body().organisation, window=WINDOW, at=AT_FREEZE)


def site_with_everything() -> HeritageSite:
    site = site_that_pays("whole")
    counter_payment(site)
    # Of each kind one; photographs and a reconstruction.
    for kind in ("photographed", "reconstruction"):
        tour = make_tour(site, kind=kind)
        probe_days(tour, ok=1)
        visit(tour)
    guide = make_guide(site)
    for language in ("vi", "en"):
        track(guide, language=language)
        play(guide, language=language)
    return site


def told(code: str) -> tuple[int | None, str]:
    found = report()
    row, indicator = found.site("whole"), found.indicator(code)
    assert row is not None
    assert indicator is not None
    cell = row.cell(code)
    assert cell is not None
    return indicator.num, cell.reason.vi if cell.reason else ""


def photographed(rows: Manager[Any]) -> QuerySet[Any]:
    return rows.filter(tour__kind="photographed")


def rebuilt(rows: Manager[Any]) -> QuerySet[Any]:
    return rows.filter(tour__kind="reconstruction")


@pytest.mark.parametrize(
    ("code", "rows", "reason"),
    [
        ("A1", OfferSnapshot.objects, "chưa có bản chụp dịch vụ của ngày mở cửa trong kỳ"),
        (
            "A1",
            ListedMovement.objects,
            NOT_RECONCILED,
        ),
        ("A1b", CounterPayment.objects, "chưa có giao dịch trong kỳ"),
        ("A2", PageProbe.objects.filter(subject="tour"), "chưa có kết quả kiểm tra trang"),
        ("A2", photographed(TourVisit.objects), "chưa có lượt xem từ 10 giây của khách trong kỳ"),
        ("A2", photographed(TourVersion.objects), "chưa có tham quan ảo được công bố"),
        (
            "A3",
            photographed(TourVisit.objects),
            "A2: chưa có lượt xem từ 10 giây của khách trong kỳ",
        ),
        ("A4", PageProbe.objects.filter(subject="model"), "chưa có kết quả kiểm tra trang"),
        ("A4", rebuilt(TourVisit.objects), "chưa có lượt xem từ 10 giây của khách trong kỳ"),
        ("A4", rebuilt(TourVersion.objects), "chưa có mô hình 3D/4D được công bố"),
        ("A5", Play.objects, "chưa có lượt nghe tiếng Việt từ 80% trong kỳ"),
    ],
)
def test_without_one_row_the_number_and_the_reason_change(
    code: str, rows: Manager[Any] | QuerySet[Any], reason: str
) -> None:
    site_with_everything()
    assert told(code) == (1, "")

    rows.filter(pk=rows.order_by("pk")[0].pk).delete()

    assert told(code) == (0, reason)


@pytest.mark.parametrize(
    ("kind", "counts", "other", "reason"),
    [
        ("reconstruction", "A4", "A2", "chưa có tham quan ảo được công bố"),
        ("photographed", "A2", "A4", "chưa có mô hình 3D/4D được công bố"),
    ],
)
def test_photographs_and_a_reconstruction_never_count_as_each_other(
    kind: str, counts: str, other: str, reason: str
) -> None:
    tour = make_tour(registered_site("whole"), kind=kind)
    probe_days(tour, ok=1)
    visit(tour)
    # What the tour is called now does not change what was published.
    Tour.objects.update(kind="photographed" if kind == "reconstruction" else "reconstruction")

    assert (told(counts), told(other)) == ((1, ""), (0, reason))

    # A page that answered as the other kind is no proof.
    PageProbe.objects.update(subject="tour" if kind == "reconstruction" else "model")
    assert told(counts) == (0, "chưa có kết quả kiểm tra trang")


def figure(code: str, *, window: ReportingWindow = WINDOW) -> tuple[int | None, int | None, str]:
    """Numerator, denominator, and in which words it falls short: the notes, else the status."""
    found = build_report(
        organisation=make_body().organisation, window=window, at=window.freezes_at
    ).indicator(code)
    assert found is not None
    said = "; ".join(note.vi for note in found.notes if note != TO_BE_CONFIRMED)
    return found.num, found.den, said or str(found.status)


def remove(table: str, where: str = "true") -> None:
    """As somebody who owns the database could: without its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"DELETE FROM {table} WHERE {where}")  # noqa: S608 - our own words
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_without_one_list_entry_or_snapshot_a_service_is_not_payable_online() -> None:
    site_that_pays("whole")
    assert figure("A6") == (1, 1, Status.REACHED)

    row = ListedMovement.objects.get()
    remove("payments_listedmovement")
    assert figure("A6") == (
        0,
        1,
        "Không được tính: 1 giao dịch chưa đối soát với nhà cung cấp hoặc ngân hàng.",
    )
    row.save(force_insert=True)
    assert figure("A6")[:2] == (1, 1)
    remove("reporting_offersnapshot")
    assert figure("A6")[:2] == (0, 1)


def test_without_one_scan_people_with_a_code_are_fewer() -> None:
    site = registered_site("whole")
    gate, product = make_gate(site=site), make_product(sites=[site])
    for _number in range(2):
        order = paid_order(product=product)
        scan(gate=gate, ticket=Ticket.objects.get(line__order=order))
    HandCount.objects.create(
        site=site, day=IN_WINDOW.date(), people=3, estimated=True, counted_by=person("lan"),
        received_at=IN_WINDOW,
    )  # fmt: skip
    assert figure("A7") == (2, 5, ESTIMATED.vi)

    remove("ticketing_scan", "id = (SELECT min(id) FROM ticketing_scan)")
    assert figure("A7") == (1, 4, ESTIMATED.vi)
    remove("reporting_handcount")
    assert figure("A7") == (1, 1, Status.NO_TARGET)
    remove("ticketing_scan")
    assert figure("A7") == (0, 0, Status.NOT_APPLICABLE)


def test_without_one_answer_thirty_are_too_few() -> None:
    site = registered_site("whole")
    product = make_product(sites=[site])
    for number in range(30):
        order = make_paid_order(product=product, at=IN_WINDOW)
        answer(site, order=order, score=5 if number else 4)
    assert figure("B1") == (30, 30, Status.REACHED)

    remove("reporting_surveyanswer", "score = 4")

    assert figure("B1") == (29, 29, Status.NOT_ENOUGH_DATA)


def test_without_its_signed_file_a_report_is_not_signed() -> None:
    registered_site("whole")
    done = freeze(body=make_body(), window=WINDOW, at=AT_FREEZE)
    assert isinstance(done, Frozen)
    filing = Filing.objects.create(
        organisation=done.report.organisation, year=2026, quarter=2, status="signed",
        report=done.report, signer="TEST", stamped_at=AT_FREEZE, on_time=True,
    )  # fmt: skip
    FiledPaper.objects.create(
        filing=filing, kind="signed", sha256="0" * 64, content=b"%PDF", made_at=AT_FREEZE
    )
    assert figure("D1", window=NEXT) == (1, 2, "Chưa ký: department 2026-Q1.")

    remove("reporting_filedpaper")

    assert figure("D1", window=NEXT) == (
        0,
        2,
        "Chưa ký: department 2026-Q1, department 2026-Q2.",
    )


def test_without_the_frozen_report_open_data_are_out_of_date() -> None:
    registered_site("whole")
    done = freeze(body=make_body(), window=WINDOW, at=AT_FREEZE)
    assert isinstance(done, Frozen)
    assert figure("D4", window=NEXT) == (3, 3, Status.NO_TARGET)

    remove("reporting_frozenreport")

    assert figure("D4", window=NEXT) == (0, 3, NOT_UP_TO_DATE.vi)


def test_every_row_that_is_named_is_in_the_digest() -> None:
    site_with_everything()
    before = report()

    named = {key for row in before.sites for cell in row.cells for key in cell.evidence}
    kinds = {key.partition(":")[0] for key in named}
    assert {one.key for one in before.evidence} == named
    assert kinds == {
        "offer_snapshot", "payment", "counter_payment", "tour_version", "page_probe",
        "tour_visit", "play",
    }  # fmt: skip
    PageProbe.objects.update(url="https://elsewhere.example/")
    assert report().evidence_digest != before.evidence_digest


def test_the_same_facts_give_the_same_report() -> None:
    site_with_everything()

    assert report() == report()


def statements(asked: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        asked()
    return len(queries)


def test_a_report_of_three_sites_asks_no_more_than_one_of_one() -> None:
    site_that_pays()
    one = statements(report)
    site_that_pays()
    site_that_pays()

    assert statements(report) == one
