"""Reports as they are read again and again: the frozen one of a window, else its draft.

A report is read from its bytes once in a process, and whoever comes meanwhile waits for it; the
bytes change only where a draft does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Condition

from cachetools import LRUCache, cached
from django.db.models import JSONField, TextField
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast

from reporting.domain.bodies import rules_of
from reporting.domain.calendar import ReportingWindow
from reporting.domain.indicators.report import AdoptionReport, Indicator
from reporting.domain.indicators.written import read_report, read_table, sha256_of
from reporting.models import FrozenEvidence, FrozenReport, ReportingBody, RunningReport

WHOLE_REPORTS_KEPT = 6
TABLES_KEPT = 64


@dataclass(frozen=True, slots=True)
class Shown:
    """One report, and whether its figures are final."""

    report: AdoptionReport
    frozen: bool
    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Source:
    """Where the bytes of a window lie, and what changes when they do."""

    window: ReportingWindow
    pk: int
    frozen: bool
    at: datetime


def sources(body: ReportingBody) -> Sequence[Source]:
    """Every window that has a report, oldest first; two queries, however many."""
    rules = rules_of(body)
    found: dict[ReportingWindow, Source] = {}
    drafts = RunningReport.objects.filter(organisation=body.organisation_id)
    for pk, year, quarter, at in drafts.values_list("pk", "year", "quarter", "computed_at"):
        window = ReportingWindow(year, quarter, rules)
        found[window] = Source(window, pk, frozen=False, at=at)
    frozen = FrozenReport.objects.filter(organisation=body.organisation_id)
    for pk, year, quarter, at in frozen.values_list("pk", "year", "quarter", "frozen_at"):
        window = ReportingWindow(year, quarter, rules)
        found[window] = Source(window, pk, frozen=True, at=at)
    return [found[window] for window in sorted(found)]


@cached(LRUCache(WHOLE_REPORTS_KEPT), condition=Condition())
def read(source: Source) -> Shown:
    """The whole report of a window."""
    body = _bytes(source)
    return Shown(read_report(body), source.frozen, sha256_of(body), source.at)


@cached(LRUCache(TABLES_KEPT), condition=Condition())
def table_of(source: Source) -> tuple[Indicator, ...]:
    """The indicators alone: what a trend is drawn from."""
    # A report of a thousand sites is megabytes: the database hands out the part that is asked for.
    rows = _kind(source).objects.filter(pk=source.pk)
    indicators = Cast(KeyTransform("indicators", Cast("body", JSONField())), TextField())
    return read_table(rows.values_list(indicators, flat=True).get())


def evidence_of(source: Source, *, site: str, key: str) -> FrozenEvidence | None:
    """A row as it was at the freeze; null: not frozen, or not of this site."""
    if not source.frozen:
        return None
    rows = FrozenEvidence.objects.filter(report=source.pk, site__slug=site, key=key)
    return rows.first()


def _bytes(source: Source) -> str:
    return str(_kind(source).objects.values_list("body", flat=True).get(pk=source.pk))


def _kind(source: Source) -> type[FrozenReport | RunningReport]:
    return FrozenReport if source.frozen else RunningReport
