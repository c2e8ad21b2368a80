"""What belongs to the table and not to the window: past years with a target, reports due."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from reporting.domain.bodies import bodies, rules_of, span_between
from reporting.domain.calendar import ReportingWindow, midnight, windows_of_year
from reporting.domain.evidence.collecting import collect
from reporting.domain.indicators.definitions import PAST_YEAR
from reporting.domain.indicators.facts import ReportFacts, SiteFacts
from reporting.domain.registry import RegisteredSite, excuses_known
from reporting.models import Filing, OfferSnapshot, ReportingBody


def past_years(
    *,
    body: ReportingBody,
    window: ReportingWindow,
    sites: Sequence[RegisteredSite],
    at: datetime,
) -> Mapping[int, tuple[SiteFacts, ...]]:
    """Facts of the year 2025, whose target is past, where this platform was looking then."""
    if window.year <= PAST_YEAR:
        return {}
    first, *_between, last = windows_of_year(PAST_YEAR, rules=rules_of(body))
    watched = OfferSnapshot.objects.filter(
        day__range=(first.first_day, last.last_day),
        site_id__in=[site.site_id for site in sites],
        taken_at__lte=at,
    )
    if not watched.exists():
        return {}
    span = span_between(body=body, first=first, last=last, sites=sites, at=at)
    closed = excuses_known(
        organisation=body.organisation, first=first.first_day, last=last.last_day, known_at=at
    )
    return {PAST_YEAR: collect(span, sites=sites, closed=sorted(closed)).sites}


def reports_due(*, body: ReportingBody, window: ReportingWindow, at: datetime) -> ReportFacts:
    """Reports of every obliged organisation that were due in the year so far, and signed in time.

    The sources name no day for the yearly report, so it is never due here.
    """
    due = {
        (each.organisation_id, one.year, one.quarter): f"{each.organisation.slug} {one}"
        for each in bodies()
        for one in windows_of_year(window.year, rules=rules_of(each))
        if midnight(one.due_day + timedelta(days=1)) <= at
        and each.operates_from <= one.last_day
        and one.last_day <= window.last_day
    }
    signed = {
        (filing.organisation_id, filing.year, filing.quarter): bool(filing.on_time)
        for filing in Filing.objects.filter(year=window.year, stamped_at__lte=at)
        if _known(filing, at)
    }
    in_time = sum(signed.get(one, False) for one in due)
    late = sum(one in signed and not signed[one] for one in due)
    unsigned = tuple(sorted(name for one, name in due.items() if one not in signed))
    return ReportFacts(due=len(due), signed=in_time, late=late, unsigned=unsigned)


def _known(filing: Filing, at: datetime) -> bool:
    """Whether the signed file had been brought back by then."""
    return filing.papers.filter(kind="signed", made_at__lte=at).exists()
