"""What was found about each site in a window: the input of the indicators.

Everything here was counted by the database; what follows from it is decided by pure functions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that speak for a site: the names of the first, how many, and a hash over all names."""

    keys: tuple[str, ...] = ()
    count: int = 0
    sha256: str = ""


NO_ROWS = Rows()


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """What could be bought online on the last open day of the window."""

    # Null: no snapshot of an open day.
    day: date | None = None
    # Every later day of the window has a snapshot that says closed.
    complete: bool = False
    snapshots: int = 0
    on_offer: int = 0
    # What most snapshots of the day lacked.
    failure: str = ""
    rows: Rows = NO_ROWS

    @property
    def holds(self) -> bool:
        """More than half of the day: a product of one hour is no offer."""
        return self.complete and 2 * self.on_offer > self.snapshots


@dataclass(frozen=True, slots=True)
class SaleFacts:
    """Settled online payments: those that count, and how many do not, by reason."""

    counted: Rows = NO_ROWS
    refused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TourFacts:
    """The best tour (or model) of a site: published, approved, answering, visited."""

    published: int = 0
    approved: bool = False
    # Some scene was taken in the site.
    inside: bool = False
    probes: int = 0
    probes_ok: int = 0
    visits: Rows = NO_ROWS
    # Visits that were too short, and those of staff and probes.
    short_visits: int = 0
    staff_visits: int = 0
    probe_rows: Rows = NO_ROWS
    version_rows: Rows = NO_ROWS


@dataclass(frozen=True, slots=True)
class NarrationFacts:
    """What is told at the required stops of a site, and who listened to the end."""

    required_stops: int = 0
    # The guide was approved and published.
    approved: bool = False
    # Required stops with a track by language; a track has its transcript and its review.
    covered: Mapping[str, int] = field(default_factory=dict)
    # Tracks without a transcript, and machine voices that nobody reviewed.
    without_transcript: int = 0
    unreviewed: int = 0
    # Tracks that are too short to be a narration.
    too_short: int = 0
    # Plays of at least four fifths of a track, by language.
    heard: Mapping[str, int] = field(default_factory=dict)
    rows: Rows = NO_ROWS


@dataclass(frozen=True, slots=True)
class SurveyFacts:
    answers: int = 0
    satisfied: int = 0
    invited: int = 0
    # At the gate, without an order: printed apart.
    gate_answers: int = 0
    gate_satisfied: int = 0
    excluded: int = 0


@dataclass(frozen=True, slots=True)
class PairFacts:
    """Paid services: (site, product) pairs on sale with a sale in the window."""

    pairs: int = 0
    online: int = 0


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """People who came in."""

    people: int = 0
    by_code: int = 0
    before_arrival: int = 0
    on_paper: int = 0
    by_hand: int = 0
    estimated: int = 0


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """All that is known of one site in one window."""

    site_id: int
    paid: bool = True
    excused: bool = False
    offer: OfferFacts = field(default_factory=OfferFacts)
    sales: SaleFacts = field(default_factory=SaleFacts)
    # Cashless payments at the counter of the site.
    counter: SaleFacts = field(default_factory=SaleFacts)
    tour: TourFacts = field(default_factory=TourFacts)
    model: TourFacts = field(default_factory=TourFacts)
    narration: NarrationFacts = field(default_factory=NarrationFacts)
    survey: SurveyFacts = field(default_factory=SurveyFacts)
    pairs: PairFacts = field(default_factory=PairFacts)
    entries: EntryFacts = field(default_factory=EntryFacts)


@dataclass(frozen=True, slots=True)
class MoneyFacts:
    """Payments at the sites of a report, by way: how many, and how much."""

    online_count: int = 0
    online_amount: int = 0
    counter_cashless_count: int = 0
    counter_cashless_amount: int = 0
    cash_count: int = 0
    cash_amount: int = 0


@dataclass(frozen=True, slots=True)
class ProbeFacts:
    """The buy probes of every hour."""

    asked: int = 0
    succeeded: int = 0
    expected: int = 0


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """Reports due in the year so far, and those that were signed as they must be."""

    due: int = 0
    signed: int = 0
    late: int = 0
    # Organisation and window of those that nobody signed.
    unsigned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """Entries of the open catalogue, and those that are whole and up to date."""

    all: int = 0
    good: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the indicators of one report are computed from."""

    sites: tuple[SiteFacts, ...]
    money: MoneyFacts = MoneyFacts()
    probes: ProbeFacts = ProbeFacts()
    reports: ReportFacts = ReportFacts()
    datasets: DatasetFacts = DatasetFacts()
    # Of a past year with a target, where there are data.
    past: Mapping[int, tuple[SiteFacts, ...]] = field(default_factory=dict)
    # Fewer days of operation than a figure needs.
    too_short: bool = False
    # The year that the window belongs to.
    year: int = 2026
