"""Each indicator rests on its rows: without one of them the number and the reason change."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Manager
from django.test.utils import CaptureQueriesContext

from guides.models import Play, TourVersion, TourVisit
from payments.models import ListedMovement
from reporting.domain.adoption import build_report
from reporting.domain.indicators.report import AdoptionReport
from reporting.models import CounterPayment, OfferSnapshot, PageProbe
from sites.models import HeritageSite
from tests.reporting.making import (
    AT_FREEZE,
    WINDOW,
    counter_payment,
    make_body,
    site_that_pays,
)
from tests.reporting.showing import make_guide, make_tour, play, probe_days, track, visit

pytestmark = pytest.mark.django_db

NOT_RECONCILED = (
    "chưa có giao dịch trong kỳ được tính "
    "(1 giao dịch chưa đối soát với nhà cung cấp hoặc ngân hàng)"
)


def report() -> AdoptionReport:
    return build_report(organisation=make_body().organisation, window=WINDOW, at=AT_FREEZE)


def site_with_everything() -> HeritageSite:
    site = site_that_pays("whole")
    counter_payment(site)
    tour = make_tour(site)
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
        ("A2", PageProbe.objects, "chưa có kết quả kiểm tra trang"),
        ("A2", TourVisit.objects, "chưa có lượt xem từ 10 giây của khách trong kỳ"),
        ("A2", TourVersion.objects, "chưa có tham quan ảo được công bố"),
        ("A3", TourVisit.objects, "A2: chưa có lượt xem từ 10 giây của khách trong kỳ"),
        ("A5", Play.objects, "chưa có lượt nghe tiếng Việt từ 80% trong kỳ"),
    ],
)
def test_without_one_row_the_number_and_the_reason_change(
    code: str, rows: Manager[Any], reason: str
) -> None:
    site_with_everything()
    assert told(code) == (1, "")

    rows.filter(pk=rows.order_by("pk")[0].pk).delete()

    assert told(code) == (0, reason)


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
