"""What comes to a gate, and what the gate answers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ticketing.domain.passes import BrokenRule
from ticketing.models import Outcome, Scan


@dataclass(frozen=True, slots=True)
class Presentation:
    """One code held before a scanner."""

    # Made by the device before it sends, so that a repeat is known.
    scan_id: UUID
    text: str
    # By the clock of the device: evidence, not what is judged by.
    scanned_at: datetime
    # How many enter now; None means everybody who is left of the party.
    people: int | None = None
    document_seen: bool = False
    # The guard found the ticket by the short code that people can read; no camera saw it.
    typed: bool = False

    @property
    def mode(self) -> Scan.Mode:
        return Scan.Mode.TYPED if self.typed else Scan.Mode.ONLINE


@dataclass(frozen=True, slots=True)
class FirstAdmission:
    at: datetime
    gate_code: str
    gate_name: str


@dataclass(frozen=True, slots=True)
class TicketFacts:
    product_id: int
    category: int
    party_size: int
    left: int
    valid_from: datetime
    valid_until: datetime
    language: str
    # Other codes were issued in its place.
    replaced: bool = False
    # Of a ticket for a time: when its people enter; `entry_until` is exclusive.
    entry_from: datetime | None = None
    entry_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """`ticket` is there only when the code is proven to be ours, `broken` when a pass ruled so."""

    outcome: Outcome
    admitted_people: int = 0
    first_admission: FirstAdmission | None = None
    ticket: TicketFacts | None = None
    broken: BrokenRule | None = None
