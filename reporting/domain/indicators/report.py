"""The adoption report as values: what is frozen, signed, shown and opened.

Nothing here asks the database. Words stand in Vietnamese first, then in English.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in both languages of the report."""

    vi: str
    en: str


class Status(StrEnum):
    """What an indicator has come to; the words of the report itself."""

    REACHED = "đạt"
    # Over the sites that ask for money alone; over all sites it is missed.
    REACHED_NARROWLY = "đạt theo mẫu số hẹp (chỉ điểm có thu phí)"
    MISSED = "không đạt"
    NOT_ENOUGH_DATA = "chưa đủ dữ liệu"
    NOT_APPLICABLE = "không áp dụng"
    # Without a target nothing is reached or missed.
    NO_TARGET = "không có chỉ tiêu"
    OUTSIDE = "ngoài phạm vi hệ thống"


class Verdict(StrEnum):
    """Whether one site counts for one indicator."""

    YES = "yes"
    NO = "no"
    EXCUSED = "excused"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked, of which year; `internal` where the sources give no number."""

    percent: int
    year: int
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A share in whole numbers, and as it is shown: cut after one decimal, with a comma."""

    label: Words
    num: int
    den: int
    display: str
    status: Status


@dataclass(frozen=True, slots=True)
class Fact:
    """A number beside an indicator: a count, an interval, a rate."""

    code: str
    label: Words
    # As shown; a number that programs read is in `value`.
    display: str
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the indicator table; null num and den where nothing was measured."""

    code: str
    title: Words
    # Of the sources: "Q1".
    quotes: tuple[str, ...]
    definition: Words
    formula: Words
    num: int | None
    den: int | None
    display: str
    status: Status
    # What the value is measured against now; the past milestone stands in `milestones`.
    target: Target | None = None
    milestones: tuple["Milestone", ...] = ()
    # The same by another denominator or another reading of the source.
    readings: tuple[Figure, ...] = ()
    facts: tuple[Fact, ...] = ()
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A target of a past year, and what that year came to, where data exist."""

    target: Target
    num: int | None
    den: int | None
    display: str
    status: Status


@dataclass(frozen=True, slots=True)
class Cell:
    """One site under one indicator: whether it counts, why not, and the rows that say so.

    `evidence` names rows that make it count ("payment:17"), the first of `evidence_count` rows;
    `evidence_sha256` is over the names of all of them.
    """

    code: str
    verdict: Verdict
    reason: Words | None = None
    evidence: tuple[str, ...] = ()
    evidence_count: int = 0
    evidence_sha256: str = ""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One line of the matrix."""

    slug: str
    name: Words
    kind: str
    paid: bool
    cells: tuple[Cell, ...]
    # Survey of this site; null below thirty answers.
    satisfied: int = 0
    answers: int = 0

    def cell(self, code: str) -> Cell | None:
        return next((cell for cell in self.cells if cell.code == code), None)


@dataclass(frozen=True, slots=True)
class ExcusedSite:
    """Closed for the whole window by a decision: in neither numerator nor denominator."""

    slug: str
    name: Words
    decision_number: str
    closed_from: date
    closed_until: date
    reason: Words


@dataclass(frozen=True, slots=True)
class NotApplicableSite:
    slug: str
    name: Words
    code: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Correction:
    """đính chính: an earlier quarter would be reported otherwise today. It is not rewritten."""

    window: str
    code: str
    # Empty: of the figure as a whole.
    site: str
    was: str
    now: str
    reason: Words


@dataclass(frozen=True, slots=True)
class RegistryChange:
    """A version of the registry that was approved since the report before."""

    site: str
    name: Words
    # `added`, `removed`, `altered`, `excused`, `excuse_withdrawn`.
    what: str
    reason: str
    decision_number: str
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class Denominator:
    """How many sites came and went since the report before."""

    before: int | None
    now: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class ContextNumber:
    """A number without a target, of the province or of one site and category."""

    code: str
    label: Words
    value: int
    display: str
    site: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A row that is named beside a site, and the hash of what it said at the moment."""

    site: str
    key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    organisation: str
    organisation_name: Words
    calendar: Words
    window: str
    first_day: date
    last_day: date
    due: date
    due_weekday: Words
    freeze_day: date
    # As of when facts are taken: the moment of the freeze, or of the draft.
    as_of: datetime
    software_version: str
    definitions: int
    # Number of the last link of the chain that a registry change made; 0 before the first.
    registry_version: int
    # Fewer days than the window has: it began, or the organisation joined, later.
    partial: bool
    days_of_operation: int
    # Not `production`: the activity is made up.
    environment: str
    made_up: bool


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """Everything that one report says."""

    head: Head
    indicators: tuple[Indicator, ...]
    sites: tuple[SiteRow, ...]
    denominator: Denominator
    registry_changes: tuple[RegistryChange, ...] = ()
    excused: tuple[ExcusedSite, ...] = ()
    not_applicable: tuple[NotApplicableSite, ...] = ()
    corrections: tuple[Correction, ...] = ()
    context: tuple[ContextNumber, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    # SHA-256 over the sorted sites, names and hashes of all of `evidence`.
    evidence_digest: str = ""
    open_questions: tuple[Words, ...] = ()

    def indicator(self, code: str) -> Indicator | None:
        return next((one for one in self.indicators if one.code == code), None)

    def site(self, slug: str) -> SiteRow | None:
        return next((row for row in self.sites if row.slug == slug), None)


def verdicts(rows: Sequence[SiteRow], code: str) -> dict[str, Verdict]:
    """What one column of the matrix says, by site."""
    return {row.slug: cell.verdict for row in rows if (cell := row.cell(code))}
