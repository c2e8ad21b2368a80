"""Which bytes answer for a window: the frozen report, else its draft, else one computed now."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reporting.domain.bodies import bodies
from reporting.domain.calendar import ReportingWindow
from reporting.domain.freezing import refresh_running
from reporting.domain.indicators.written import sha256_of
from reporting.models import Filing, FrozenReport, ReportingBody, RunningReport


@dataclass(frozen=True, slots=True)
class Told:
    """A report as it is answered; `state` is that of its filing."""

    state: str
    # Its bytes are fetched when they are read: of a large report they are megabytes.
    frozen: FrozenReport | None = None
    drafted: str = ""

    @property
    def text(self) -> str:
        return self.frozen.body if self.frozen else self.drafted

    @property
    def report(self) -> Mapping[str, Any]:
        read: Mapping[str, Any] = json.loads(self.text)
        return read

    @property
    def sha256(self) -> str:
        return self.frozen.sha256 if self.frozen else sha256_of(self.text)


def body_asked(slug: str | None) -> ReportingBody | None:
    """The organisation that was asked for, else the first one that reports."""
    found = [body for body in bodies() if slug in {None, body.organisation.slug}]
    return found[0] if found else None


def kept_report(*, body: ReportingBody, window: ReportingWindow) -> Told | None:
    """What is there already; nothing is computed."""
    rows = FrozenReport.objects.filter(organisation=body.organisation_id).defer("body")
    frozen = rows.filter(year=window.year, quarter=window.quarter).first()
    if frozen is not None:
        filing = Filing.objects.filter(report=frozen).first()
        return Told(filing.status if filing else "frozen", frozen)
    draft = RunningReport.objects.filter(
        organisation=body.organisation_id, year=window.year, quarter=window.quarter
    ).first()
    return Told("draft", drafted=draft.body) if draft else None


def is_reportable(*, body: ReportingBody, window: ReportingWindow, at: datetime) -> bool:
    """Whether the window has begun, and the organisation worked in it."""
    return window.starts_at <= at and body.operates_from <= window.last_day


def computed_report(*, body: ReportingBody, window: ReportingWindow, at: datetime) -> Told:
    """Compute a draft and keep it for whoever asks next."""
    return Told("draft", drafted=refresh_running(body=body, window=window, at=at))
