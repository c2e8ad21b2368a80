"""Which sites came and went since the report before, and by which versions of the registry."""

from collections.abc import Sequence
from datetime import datetime

from reporting.domain.calendar import ReportingWindow
from reporting.domain.indicators.report import AdoptionReport, Denominator, RegistryChange, Words
from reporting.domain.registry import RegisteredSite, name_of, names_of, sites_in_scope
from reporting.models import Excuse, RegistryEntry, ReportingBody


def denominator(
    *,
    body: ReportingBody,
    window: ReportingWindow,
    sites: Sequence[RegisteredSite],
    former: AdoptionReport | None,
    at: datetime,
) -> Denominator:
    """Compare with what was reported before; where nothing was, with the registry of then."""
    now = {site.slug for site in sites}
    before = {row.slug for row in former.sites} if former else _slugs_before(body, window, at)
    added, removed = sorted(now - before), sorted(before - now)
    return Denominator(
        before=len(before),
        now=len(now),
        added=tuple(added),
        removed=tuple(removed),
        words=Words(
            f"mẫu số thay đổi: +{len(added)}, −{len(removed)}",
            f"denominator changed: +{len(added)}, −{len(removed)}",
        ),
    )


def _slugs_before(body: ReportingBody, window: ReportingWindow, at: datetime) -> set[str]:
    last_day = window.before().last_day
    found = sites_in_scope(organisation=body.organisation, day=last_day, known_at=at)
    return {site.slug for site in found}


def registry_changes(
    *, body: ReportingBody, since: datetime, at: datetime
) -> tuple[RegistryChange, ...]:
    """Versions that two people put into force since a moment, in the order of their approval."""
    entries = RegistryEntry.objects.filter(
        organisation=body.organisation, approved_at__gt=since, approved_at__lte=at
    )
    excuses = Excuse.objects.filter(
        organisation=body.organisation, approved_at__gt=since, approved_at__lte=at
    )
    rows: list[RegistryEntry | Excuse] = [
        *entries.select_related("site"),
        *excuses.select_related("site"),
    ]
    names = names_of([row.site_id for row in rows])
    changes = [
        RegistryChange(
            site=row.site.slug,
            name=name_of(names, row.site_id, row.site.slug),
            what=_what(row),
            reason=row.reason if isinstance(row, RegistryEntry) else row.reason_vi,
            decision_number=row.decision_number,
            approved_at=row.approved_at or at,
        )
        for row in rows
    ]
    return tuple(sorted(changes, key=lambda one: (one.approved_at, one.site, one.what)))


def _what(row: RegistryEntry | Excuse) -> str:
    if isinstance(row, Excuse):
        return "excuse_withdrawn" if row.withdrawn else "excused"
    if row.in_scope_to is not None:
        return "removed"
    earlier = RegistryEntry.objects.filter(
        organisation=row.organisation_id, site=row.site_id, approved_at__lt=row.approved_at
    )
    return "altered" if earlier.exists() else "added"
