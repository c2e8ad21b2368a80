"""From a figure to the row behind it: as it was at the freeze, or as it is in a draft."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.domain.answering import kept_report
from reporting.domain.calendar import ReportingWindow
from reporting.domain.evidence.witnesses import contents_of
from reporting.domain.indicators.written import sha256_of
from reporting.models import FrozenEvidence, ReportingBody


@dataclass(frozen=True, slots=True)
class RowBehind:
    site: str
    key: str
    content: Mapping[str, Any]
    sha256: str
    frozen: bool


def row_behind(
    *, body: ReportingBody, window: ReportingWindow, slug: str, key: str
) -> RowBehind | None:
    """A row that the report names beside the site; any other row is none of its business."""
    told = kept_report(body=body, window=window)
    if told is None:
        return None
    if told.frozen is not None:
        rows = FrozenEvidence.objects.filter(report=told.frozen, site__slug=slug, key=key)
        row = rows.first()
        content = json.loads(row.content) if row else {}
        return RowBehind(slug, key, content, row.sha256, frozen=True) if row else None
    named = any(one["site"] == slug and one["key"] == key for one in told.report["evidence"])
    text = contents_of([key]).get(key) if named else None
    if text is None:
        return None
    return RowBehind(slug, key, json.loads(text), sha256_of(text), frozen=False)
