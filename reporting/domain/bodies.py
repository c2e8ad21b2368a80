"""Who owes a report, and by which calendar."""

from collections.abc import Sequence
from datetime import datetime

from reporting.domain.calendar import CalendarRules, ReportingWindow, window_of
from reporting.models import ReportingBody


def rules_of(body: ReportingBody) -> CalendarRules:
    return CalendarRules(
        first_month=body.first_month,
        first_day=body.first_day,
        due_after_days=body.due_after_days,
        freeze_after_days=body.freeze_after_days,
        freeze_before_due_days=body.freeze_before_due_days,
    )


def window_at(*, body: ReportingBody, at: datetime) -> ReportingWindow:
    """The window that is open at a moment, by the calendar of this body."""
    return window_of(at, rules=rules_of(body))


def bodies() -> Sequence[ReportingBody]:
    return list(ReportingBody.objects.select_related("organisation").order_by("organisation__slug"))
