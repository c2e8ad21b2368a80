"""A frozen report stays what it was, however much happens after it."""

from datetime import datetime, timedelta

import pytest

from guides.models import TourVersion
from payments.models import Payment
from reporting.domain.adoption import build_report
from reporting.domain.calendar import VIETNAM, ReportingWindow
from reporting.domain.freezing import Frozen, freeze
from reporting.domain.indicators.written import canonical, read_report
from reporting.models import FrozenEvidence, FrozenReport, SurveyAnswer
from sites.models import HeritageSite
from tests.factories import make_gate, make_ticket
from tests.reporting.making import (
    AT_FREEZE,
    IN_WINDOW,
    WINDOW,
    answer,
    counter_payment,
    excuse,
    made_event,
    make_body,
    person,
    refund,
    register,
    registered_site,
    sell,
    site_that_pays,
    snapshot,
)
from tests.reporting.showing import make_guide, make_tour, play, probe_days, track, visit
from ticketing.models import Ticket

pytestmark = pytest.mark.django_db


def site_with_everything(slug: str) -> HeritageSite:
    site = site_that_pays(slug)
    counter_payment(site)
    answer(site)
    tour = make_tour(site)
    probe_days(tour)
    visit(tour)
    guide = make_guide(site)
    for language in ("vi", "en"):
        track(guide, language=language)
        play(guide, language=language)
    return site


def a_year_goes_by(site: HeritageSite, bad: HeritageSite, late: Ticket) -> None:
    """Sales, refunds, late scans, answers, a registry that changes, three more frozen quarters."""
    start = AT_FREEZE + timedelta(days=2)
    made_event(
        gate=make_gate(site=site),
        ticket=late,
        happened_at=datetime(2026, 6, 14, 16, tzinfo=VIETNAM),
        received_at=start,
    )
    refund(Payment.objects.get(order__lines__product__entitlements__site=site), at=start)
    TourVersion.objects.filter(tour__site=site).update(state="withdrawn", ended_at=start)
    SurveyAnswer.objects.filter(site=site).update(
        hidden_at=start, hidden_by=person("lan"), hidden_reason="xúc phạm"
    )
    register(bad, in_scope_to=start.date(), at=start)
    excuse(site, first=WINDOW.first_day, until=start.date(), at=start)
    for year, quarter in ((2026, 3), (2026, 4), (2027, 1), (2027, 2)):
        window = ReportingWindow(year, quarter)
        day = window.first_day + timedelta(days=40)
        at = datetime(day.year, day.month, day.day, 10, tzinfo=VIETNAM)
        sell(registered_site(at=at, in_scope_from=day), at=at)
        snapshot(site, day=window.last_day)
        answer(site, at=at, score=1)
        assert isinstance(freeze(body=make_body(), window=window, at=window.freezes_at), Frozen)


def test_a_year_of_activity_later_a_frozen_report_is_the_same_bytes() -> None:
    site, bad = site_with_everything("whole"), registered_site("bad")
    late = make_ticket(sites=[site], at=IN_WINDOW, visit_date=WINDOW.last_day)
    first = freeze(body=make_body(), window=WINDOW, at=AT_FREEZE)
    assert isinstance(first, Frozen)
    body, sha256 = first.report.body, first.report.sha256
    evidence = list(FrozenEvidence.objects.order_by("pk").values_list("key", "content", "sha256"))

    a_year_goes_by(site, bad, late)
    again = freeze(body=make_body(), window=WINDOW, at=AT_FREEZE + timedelta(days=370))

    assert FrozenReport.objects.count() == 5
    assert isinstance(again, Frozen)
    assert (again.now, again.report.body, again.report.sha256) == (False, body, sha256)
    of_first = FrozenEvidence.objects.filter(report=first.report).order_by("pk")
    assert list(of_first.values_list("key", "content", "sha256")) == evidence
    # Computed anew as of its moment it says the same: it was never more than a reading of facts.
    anew = build_report(organisation=make_body().organisation, window=WINDOW, at=AT_FREEZE)
    assert canonical(anew) == body
    assert "2026-Q2" in {one.window for one in read_report(_next_body()).corrections}


def _next_body() -> str:
    return FrozenReport.objects.get(year=2026, quarter=3).body
