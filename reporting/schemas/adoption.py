"""The adoption report over HTTP: what is frozen, with links to the rows behind it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ninja import Schema

from reporting.domain.answering import Told
from reporting.domain.audience import Audience, for_audience


class WordsOut(Schema):
    """One thing in Vietnamese and in English."""

    vi: str
    en: str


class TargetOut(Schema):
    percent: int
    year: int
    internal: bool


class FigureOut(Schema):
    label: WordsOut
    num: int
    den: int
    display: str
    status: str


class FactOut(Schema):
    code: str
    label: WordsOut
    display: str
    value: int | None


class MilestoneOut(Schema):
    """A target of a past year, and what that year came to."""

    target: TargetOut
    num: int | None
    den: int | None
    display: str
    status: str


class IndicatorOut(Schema):
    """One indicator: whole numbers, what is shown (cut, with a comma), target and status."""

    code: str
    title: WordsOut
    quotes: list[str]
    definition: WordsOut
    formula: WordsOut
    num: int | None
    den: int | None
    display: str
    target: TargetOut | None
    status: str
    milestones: list[MilestoneOut]
    readings: list[FigureOut]
    facts: list[FactOut]
    notes: list[WordsOut]


class EvidenceLinkOut(Schema):
    key: str
    url: str


class CellOut(Schema):
    """One site under one indicator, with the first of the rows that make it count."""

    code: str
    verdict: str
    reason: WordsOut | None
    evidence: list[EvidenceLinkOut]
    evidence_count: int
    evidence_sha256: str


class SiteOut(Schema):
    slug: str
    name: WordsOut
    kind: str
    paid: bool
    cells: list[CellOut]
    satisfied: int
    answers: int


class ExcusedOut(Schema):
    slug: str
    name: WordsOut
    decision_number: str
    closed_from: date
    closed_until: date
    reason: WordsOut


class NotApplicableOut(Schema):
    slug: str
    name: WordsOut
    code: str
    reason: WordsOut


class CorrectionOut(Schema):
    """An earlier quarter would be reported otherwise today; `site` is empty for a whole figure."""

    window: str
    code: str
    site: str
    was: str
    now: str
    reason: WordsOut


class RegistryChangeOut(Schema):
    site: str
    name: WordsOut
    what: str
    reason: str
    decision_number: str
    approved_at: datetime


class DenominatorOut(Schema):
    before: int | None
    now: int
    added: list[str]
    removed: list[str]
    words: WordsOut


class ContextOut(Schema):
    code: str
    label: WordsOut
    value: int
    display: str
    site: str
    category: str


class EvidenceRowOut(Schema):
    site: str
    key: str
    sha256: str


class HeadOut(Schema):
    """Who reports about which days, by which versions."""

    organisation: str
    organisation_name: WordsOut
    calendar: WordsOut
    window: str
    first_day: date
    last_day: date
    due: date
    due_weekday: WordsOut
    freeze_day: date
    as_of: datetime
    software_version: str
    definitions: int
    registry_version: int
    partial: bool
    days_of_operation: int
    environment: str
    made_up: bool


class AdoptionOut(Schema):
    """`state`: draft, frozen, signed, sent or acknowledged. `audience` says how much is told."""

    window: str
    state: str
    audience: str
    sha256: str
    frozen_at: datetime | None
    head: HeadOut
    indicators: list[IndicatorOut]
    sites: list[SiteOut]
    denominator: DenominatorOut
    registry_changes: list[RegistryChangeOut]
    excused: list[ExcusedOut]
    not_applicable: list[NotApplicableOut]
    corrections: list[CorrectionOut]
    context: list[ContextOut]
    evidence: list[EvidenceRowOut]
    evidence_digest: str
    open_questions: list[WordsOut]


class EvidenceOut(Schema):
    """One row behind a site; `frozen`: as it was at the freeze, else as it is now."""

    site: str
    key: str
    content: dict[str, Any]
    sha256: str
    frozen: bool


def adoption_out(told: Told, *, audience: Audience, path: str) -> dict[str, Any]:
    """What this audience is told, as JSON; `AdoptionOut` says how it looks."""
    report = for_audience(told.report, audience, is_draft=told.state == "draft")
    window = report["head"]["window"]
    return {
        **report,
        "window": window,
        "state": told.state,
        "audience": audience.name,
        "sha256": told.sha256,
        "frozen_at": told.frozen.frozen_at if told.frozen else None,
        "sites": [_site(row, f"{path}/{window}/evidence") for row in report["sites"]],
    }


def _site(row: Mapping[str, Any], path: str) -> dict[str, Any]:
    return {
        **row,
        "cells": [
            {
                **cell,
                "evidence": [
                    {"key": key, "url": f"{path}/{row['slug']}/{key}"} for key in cell["evidence"]
                ],
            }
            for cell in row["cells"]
        ],
    }
