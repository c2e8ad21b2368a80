"""The adoption report of an organisation and a window, as of a moment."""

from datetime import datetime

from reporting.domain.calendar import ReportingWindow
from reporting.domain.heads import head_of
from reporting.domain.indicators.report import AdoptionReport, Denominator, SiteRow, Words
from reporting.domain.registry import sites_in_scope
from reporting.models import ReportingBody
from sites.models import Organisation


def build_report(
    *, organisation: Organisation, window: ReportingWindow, at: datetime
) -> AdoptionReport:
    """Compute a report from the facts that were known at a moment; nothing is written."""
    body = ReportingBody.objects.select_related("organisation").get(organisation=organisation)
    sites = sites_in_scope(organisation=organisation, day=window.last_day, known_at=at)
    return AdoptionReport(
        head=head_of(body=body, window=window, at=at),
        indicators=(),
        sites=tuple(SiteRow(site.slug, site.name, site.kind, site.paid, ()) for site in sites),
        denominator=Denominator(
            before=None,
            now=len(sites),
            added=(),
            removed=(),
            words=Words("mẫu số thay đổi: +0, −0", "denominator changed: +0, −0"),
        ),
    )
