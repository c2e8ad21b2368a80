"""The figures of a window are frozen once; what comes later stands in the next report."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from reporting.domain.adoption import build_report
from reporting.domain.bodies import bodies, window_at
from reporting.domain.calendar import ReportingWindow
from reporting.domain.chain import Told, add_link
from reporting.domain.evidence.witnesses import contents_of
from reporting.domain.frozen import frozen_report
from reporting.domain.indicators.report import AdoptionReport
from reporting.domain.indicators.versions import NEWEST
from reporting.domain.indicators.written import canonical, sha256_of
from reporting.models import (
    ChainLink,
    FrozenEvidence,
    FrozenReport,
    ReportingBody,
    RunningReport,
)
from sites.models import HeritageSite

BATCH = 2000


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Settlement files and late scans still come in until then."""

    freezes_at: datetime


@dataclass(frozen=True, slots=True)
class Frozen:
    report: FrozenReport
    # Whether this call did it; the same window is frozen once.
    now: bool


def freeze(*, body: ReportingBody, window: ReportingWindow, at: datetime) -> Frozen | TooEarly:
    """Keep what the window came to, as it was known at the moment of the freeze.

    However late this runs, the facts are those of the freeze; run again, the bytes are the same.
    """
    if at < window.freezes_at:
        return TooEarly(window.freezes_at)
    return _freeze(body, window, at)


@transaction.atomic
def _freeze(body: ReportingBody, window: ReportingWindow, at: datetime) -> Frozen:
    before = frozen_report(body=body, window=window)
    if before is not None:
        return Frozen(before, now=False)
    report = build_report(organisation=body.organisation, window=window, at=window.freezes_at)
    return Frozen(_keep(body, window, report, at), now=True)


def _keep(
    body: ReportingBody, window: ReportingWindow, report: AdoptionReport, at: datetime
) -> FrozenReport:
    text = canonical(report)
    row = FrozenReport.objects.create(
        organisation=body.organisation,
        year=window.year,
        quarter=window.quarter,
        frozen_at=at,
        definitions=NEWEST,
        body=text,
        sha256=sha256_of(text),
    )
    _keep_evidence(row, report)
    told = Told(ChainLink.Subject.REPORT, row.pk, row.sha256)
    add_link(organisation=body.organisation, told=told, at=at)
    RunningReport.objects.filter(
        organisation=body.organisation, year=window.year, quarter=window.quarter
    ).delete()
    return row


def _keep_evidence(row: FrozenReport, report: AdoptionReport) -> None:
    said = contents_of({each.key for each in report.evidence})
    slugs = [site.slug for site in report.sites]
    ids = dict(HeritageSite.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    FrozenEvidence.objects.bulk_create(
        (
            FrozenEvidence(
                report=row,
                site_id=ids[each.site],
                key=each.key,
                content=said[each.key],
                sha256=each.sha256,
            )
            for each in report.evidence
        ),
        batch_size=BATCH,
    )


def freeze_what_is_due(*, at: datetime) -> int:
    """Freeze the window before the present one of every organisation, once it is time."""
    done = 0
    for body in bodies():
        window = window_at(body=body, at=at).before()
        if body.operates_from > window.last_day:
            continue
        match freeze(body=body, window=window, at=at):
            case Frozen(now=True):
                done += 1
            case _:
                pass
    return done


def refresh_running(*, body: ReportingBody, window: ReportingWindow, at: datetime) -> str:
    """Compute the draft of a window anew and keep it for whoever asks; return its text."""
    report = build_report(organisation=body.organisation, window=window, at=at)
    text = canonical(report)
    RunningReport.objects.update_or_create(
        organisation=body.organisation,
        year=window.year,
        quarter=window.quarter,
        defaults={"computed_at": at, "body": text},
    )
    return text


def refresh_all(*, at: datetime) -> int:
    """Draft the open window of every organisation, and the last one while it is not frozen."""
    done = 0
    for body in bodies():
        window = window_at(body=body, at=at)
        for each in (window.before(), window):
            in_time = body.operates_from <= each.last_day
            if in_time and frozen_report(body=body, window=each) is None:
                refresh_running(body=body, window=each, at=at)
                done += 1
    return done
