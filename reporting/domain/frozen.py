"""Reports that were frozen, read back."""

from collections.abc import Sequence

from reporting.domain.calendar import ReportingWindow
from reporting.domain.indicators.report import AdoptionReport
from reporting.domain.indicators.written import read_report
from reporting.models import FrozenReport, ReportingBody


def frozen_report(*, body: ReportingBody, window: ReportingWindow) -> FrozenReport | None:
    """The one frozen report of a window."""
    rows = FrozenReport.objects.filter(organisation=body.organisation_id)
    return rows.filter(year=window.year, quarter=window.quarter).first()


def former_report(*, body: ReportingBody, window: ReportingWindow) -> AdoptionReport | None:
    """What was reported for the window before, if it was frozen."""
    row = frozen_report(body=body, window=window.before())
    return read_report(row.body) if row else None


def frozen_before(
    *, body: ReportingBody, window: ReportingWindow, how_many: int
) -> Sequence[FrozenReport]:
    """The last frozen reports of earlier windows, oldest first."""
    rows = FrozenReport.objects.filter(organisation=body.organisation_id)
    earlier = [row for row in rows if (row.year, row.quarter) < (window.year, window.quarter)]
    return sorted(earlier, key=lambda row: (row.year, row.quarter))[-how_many:]
