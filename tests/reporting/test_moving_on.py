"""A frozen report stays what it was, however much happens after it."""

from datetime import datetime, timedelta

import pytest

from guides.models import Guide, NarrationVersion, Scene, Stop, Tour, TourVersion
from payments.models import Payment
from reporting.domain.adoption import build_report
from reporting.domain.calendar import VIETNAM, ReportingWindow
from reporting.domain.freezing import Frozen, freeze
from reporting.domain.indicators.written import canonical, read_report
from reporting.models import FrozenEvidence, FrozenReport, ReportingBody, SurveyAnswer
from sites.models import Closure, Gate, HeritageSite, SiteText, User
from tests.factories import make_gate, make_product, make_site, make_ticket
from tests.reporting.making import (
    AT_FREEZE,
    IN_WINDOW,
    SINCE,
    WINDOW,
    answer,
    counter_payment,
    excuse,
    made_event,
    make_body,
    paid_order,
    pay,
    person,
    refund,
    register,
    registered_site,
    scan,
    sell,
    site_that_pays,
    snapshot,
)
from tests.reporting.showing import make_guide, make_tour, play, probe_days, track, visit
from ticketing.models import Entitlement, Product, Ticket

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


def everything_present_changes(site: HeritageSite, clerk: User, body: ReportingBody) -> None:
    """Months after the freeze; what was so in the window was so all the same."""
    late = AT_FREEZE + timedelta(days=90)
    other = make_site(slug="other")
    Product.objects.update(on_sale=False)
    product = Product.objects.filter(entitlements__site=site)[0]
    Entitlement.objects.create(product=product, site=other)
    Entitlement.objects.filter(product=product, site=site).delete()
    Gate.objects.filter(site=site).update(site=other)
    Scene.objects.filter(tour__site=site).update(taken_in=other)
    Tour.objects.filter(site=site).update(is_sample=True)
    TourVersion.objects.filter(tour__site=site).update(state="withdrawn", ended_at=late)
    guide = Guide.objects.get(site=site)
    Stop.objects.create(guide=guide, number=9, slug="new")
    guide.stops_approved_by = guide.stops_approved_at = None
    guide.stops_hash = "1" * 64
    guide.save()
    Stop.objects.filter(guide=guide, number=1).update(required=False, number=2)
    NarrationVersion.objects.filter(narration__stop__guide=guide).update(
        status="withdrawn", withdrawn_at=late
    )
    ReportingBody.objects.filter(pk=body.pk).update(price_floor=10**9)
    HeritageSite.objects.filter(pk=site.pk).update(published=False)
    SiteText.objects.filter(site=site).update(name="another name")
    Closure.objects.create(site=site, whole_site=True, starts_at=SINCE)
    User.objects.create(username="new", email="buyer@example.com", is_staff=True, date_joined=late)
    clerk.delete()


def test_what_is_so_today_says_nothing_of_a_past_window() -> None:
    site, body = site_with_everything("whole"), make_body()
    clerk = User.objects.create(
        username="clerk", email="clerk@hue.example", is_staff=True, date_joined=SINCE
    )
    product = make_product(sites=[site])
    pay(paid_order(product=product, email="clerk@hue.example"))
    product = make_product(sites=[site])
    pay(paid_order(product=product))
    snapshot(site, hour=19, products=[product])
    ticket = make_ticket(sites=[site], at=IN_WINDOW, visit_date=IN_WINDOW.date())
    scan(gate=make_gate(site=site), ticket=ticket)
    before = build_report(organisation=body.organisation, window=WINDOW, at=AT_FREEZE)
    row = before.site("whole")
    assert row is not None
    assert {cell.code: cell.verdict.value for cell in row.cells if cell.code != "A4"} == {
        "A1": "yes", "A1b": "yes", "A2": "yes", "A3": "yes", "A5": "yes"
    }  # fmt: skip
    assert [(one.num, one.den) for one in before.indicators if one.code == "A6"] == [(2, 2)]

    everything_present_changes(site, clerk, body)

    again = build_report(organisation=body.organisation, window=WINDOW, at=AT_FREEZE)
    # A place is called by its name of today; the frozen bytes keep the one of then.
    assert (again.indicators, again.context) == (before.indicators, before.context)
    assert again.evidence == before.evidence
    assert [each.cells for each in again.sites] == [each.cells for each in before.sites]


def _next_body() -> str:
    return FrozenReport.objects.get(year=2026, quarter=3).body
