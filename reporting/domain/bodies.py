"""Who owes a report, and by which calendar."""

from collections.abc import Sequence
from datetime import datetime

from reporting.domain.calendar import CalendarRules, ReportingWindow, midnight, window_of
from reporting.domain.evidence.span import Span
from reporting.domain.heads import is_made_up
from reporting.domain.registry import RegisteredSite
from reporting.domain.trial_lines import trial_lines
from reporting.models import FormerState, ReportingBody


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


def span_of(
    *,
    body: ReportingBody,
    window: ReportingWindow,
    sites: Sequence[RegisteredSite],
    at: datetime,
) -> Span:
    """What to look at for a window; an organisation that began later is asked from then on."""
    return span_between(body=body, first=window, last=window, sites=sites, at=at)


def span_between(
    *,
    body: ReportingBody,
    first: ReportingWindow,
    last: ReportingWindow,
    sites: Sequence[RegisteredSite],
    at: datetime,
) -> Span:
    """From the start of one window to the end of another."""
    begins = max(first.first_day, body.operates_from)
    lines = trial_lines()
    return Span(
        starts_at=midnight(begins),
        ends_at=last.ends_at,
        first_day=begins,
        last_day=last.last_day,
        known_at=at,
        site_ids=tuple(site.site_id for site in sites),
        price_floor=_floor_at(body, min(last.ends_at, at)),
        test_accounts=lines.accounts,
        test_providers=lines.providers,
        made_up=is_made_up(),
    )


def _floor_at(body: ReportingBody, then: datetime) -> int:
    """The price floor at the end of a window: a later one does not judge earlier payments."""
    former = FormerState.objects.filter(subject=FormerState.Subject.BODY, subject_id=body.pk)
    first = former.filter(held_until__gte=then).order_by("held_until", "pk").first()
    return int(first.state["price_floor"]) if first else body.price_floor
