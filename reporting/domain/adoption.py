"""The adoption report of an organisation and a window, as of a moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from reporting.domain.bodies import span_of
from reporting.domain.calendar import ReportingWindow
from reporting.domain.corrections import corrections
from reporting.domain.denominators import denominator, registry_changes
from reporting.domain.evidence.collecting import Found, collect
from reporting.domain.evidence.witnesses import contents_of, digest
from reporting.domain.frozen import former_report
from reporting.domain.heads import head_of, is_long_enough
from reporting.domain.indicators import questions
from reporting.domain.indicators.facts import DatasetFacts, Facts, ReportFacts, SiteFacts
from reporting.domain.indicators.report import (
    AdoptionReport,
    EvidenceRow,
    ExcusedSite,
    Head,
    NotApplicableSite,
    SiteRow,
    Verdict,
)
from reporting.domain.indicators.sites import cells_of
from reporting.domain.indicators.versions import NEWEST, TABLES
from reporting.domain.indicators.written import sha256_of
from reporting.domain.open_data import datasets_kept
from reporting.domain.past import past_years, reports_due
from reporting.domain.registry import (
    ExcusedBy,
    RegisteredSite,
    excuses_known,
    sites_in_scope,
)
from reporting.models import ReportingBody
from sites.models import Organisation


@transaction.atomic
def build_report(
    *,
    organisation: Organisation,
    window: ReportingWindow,
    at: datetime,
    definitions: int = NEWEST,
) -> AdoptionReport:
    """Compute a report from the facts that were known at a moment; nothing is written."""
    body = ReportingBody.objects.select_related("organisation").get(organisation=organisation)
    head = head_of(body=body, window=window, at=at, definitions=definitions)
    sites = sites_in_scope(organisation=organisation, day=window.last_day, known_at=at)
    closed = excuses_known(
        organisation=organisation, first=window.first_day, last=window.last_day, known_at=at
    )
    # First: both ask about other windows, and leave their own temporary tables behind.
    corrected = corrections(body=body, window=window, at=at)
    past = past_years(body=body, window=window, sites=sites, at=at)
    span = span_of(body=body, window=window, sites=sites, at=at)
    found = collect(span, sites=sites, closed=sorted(closed))
    due = reports_due(body=body, window=window, at=at)
    kept = datasets_kept(body=body, at=at)
    former = former_report(body=body, window=window)
    since = former.head.as_of if former else window.starts_at
    rows = site_rows(sites, found)
    evidence = evidence_of(rows)
    return AdoptionReport(
        head=head,
        indicators=TABLES[definitions](_facts(head, found, past, due, kept, window.year)),
        sites=rows,
        denominator=denominator(body=body, window=window, sites=sites, former=former, at=at),
        registry_changes=registry_changes(body=body, since=since, at=at),
        excused=_excused(sites, found.sites, closed),
        not_applicable=_not_applicable(rows),
        corrections=corrected,
        context=found.context,
        evidence=evidence,
        evidence_digest=digest((row.site, row.key, row.sha256) for row in evidence),
        open_questions=questions.OPEN,
    )


def _facts(
    head: Head,
    found: Found,
    past: Mapping[int, tuple[SiteFacts, ...]],
    due: ReportFacts,
    kept: DatasetFacts,
    year: int,
) -> Facts:
    return Facts(
        sites=found.sites,
        money=found.money,
        probes=found.probes,
        reports=due,
        datasets=kept,
        past=past,
        too_short=not is_long_enough(head),
        year=year,
    )


def site_rows(sites: Sequence[RegisteredSite], found: Found) -> tuple[SiteRow, ...]:
    """The matrix: every site in scope, in the order of its address."""
    return tuple(
        SiteRow(
            site.slug,
            site.name,
            site.kind,
            site.paid,
            cells_of(facts),
            satisfied=facts.survey.satisfied,
            answers=facts.survey.answers,
        )
        for site, facts in zip(sites, found.sites, strict=True)
    )


def evidence_of(rows: Sequence[SiteRow]) -> tuple[EvidenceRow, ...]:
    """Every named row once for each site, with the hash of what it says now."""
    named = {(row.slug, key) for row in rows for cell in row.cells for key in cell.evidence}
    said = contents_of({key for _site, key in named})
    return tuple(
        EvidenceRow(site, key, sha256_of(said[key])) for site, key in sorted(named) if key in said
    )


def _excused(
    sites: Sequence[RegisteredSite],
    facts: Sequence[SiteFacts],
    closed: dict[int, ExcusedBy],
) -> tuple[ExcusedSite, ...]:
    return tuple(
        ExcusedSite(
            site.slug, site.name, by.decision_number, by.closed_from, by.closed_until, by.reason
        )
        for site, each in zip(sites, facts, strict=True)
        if each.excused
        for by in [closed[site.site_id]]
    )


def _not_applicable(rows: Sequence[SiteRow]) -> tuple[NotApplicableSite, ...]:
    return tuple(
        NotApplicableSite(row.slug, row.name, cell.code, cell.reason)
        for row in rows
        for cell in row.cells
        if cell.verdict == Verdict.NOT_APPLICABLE and cell.reason
    )
