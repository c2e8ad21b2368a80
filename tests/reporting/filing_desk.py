"""People and frozen reports for the department's pages."""

from datetime import date, datetime

from django.test import Client

from reporting.domain.calendar import VIETNAM, ReportingWindow
from reporting.domain.indicators.report import AdoptionReport
from reporting.domain.indicators.written import canonical, sha256_of
from reporting.models import FrozenEvidence, FrozenReport, ReportingBody
from sites.models import HeritageSite, Membership, Organisation, User
from tests.factories import make_organisation, make_site
from tests.reporting.made_reports import whole_province

FROZEN_AT = datetime(2026, 9, 18, tzinfo=VIETNAM)
PAYMENT = '{"amount":200000,"provider":"vnpay","settled_at":"2026-07-01T09:00:00+07:00"}'


def make_body(*, slug: str = "so-vhtt") -> ReportingBody:
    organisation = make_organisation(slug=slug)
    body, _made = ReportingBody.objects.get_or_create(
        organisation=organisation, defaults={"operates_from": date(2025, 1, 1)}
    )
    return body


def freeze_made(
    report: AdoptionReport | None = None, *, body: ReportingBody | None = None
) -> FrozenReport:
    """Keep a made report as if it had been frozen, with its sites and one payment."""
    report = report or whole_province()
    body = body or make_body()
    year, quarter = report.head.window.split("-Q")
    text = canonical(report)
    row = FrozenReport.objects.create(
        organisation=body.organisation,
        year=int(year),
        quarter=int(quarter),
        frozen_at=FROZEN_AT,
        definitions=1,
        body=text,
        sha256=sha256_of(text),
    )
    for each in report.sites[:2]:
        if not HeritageSite.objects.filter(slug=each.slug).exists():
            make_site(slug=each.slug, ticketed=False)
    site = HeritageSite.objects.get(slug=report.sites[0].slug)
    FrozenEvidence.objects.create(
        report=row, site=site, key="payment:1", content=PAYMENT, sha256=sha256_of(PAYMENT)
    )
    return row


def make_person(
    name: str,
    *,
    role: Membership.Role,
    organisation: Organisation | None = None,
    site: HeritageSite | None = None,
) -> User:
    user = User.objects.create_user(username=name, password="a-long-password", is_staff=True)
    Membership.objects.create(user=user, role=role, organisation=organisation, site=site)
    return user


def department(name: str = "department") -> User:
    body = make_body()
    return make_person(name, role=Membership.Role.MANAGER, organisation=body.organisation)


def auditor(name: str = "auditor") -> User:
    body = make_body()
    return make_person(name, role=Membership.Role.AUDITOR, organisation=body.organisation)


def manager_of(slug: str) -> User:
    site = HeritageSite.objects.get(slug=slug)
    return make_person(f"manager-{slug}", role=Membership.Role.MANAGER, site=site)


def browser_of(user: User, *, language: str = "vi") -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(user)
    return client


WINDOW = ReportingWindow(2026, 3)
