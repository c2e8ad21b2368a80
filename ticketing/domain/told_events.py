"""One event as a device tells it, before anything of it is believed."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from ticketing.models import GateEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """A scan or the undoing of one; the device's own words."""

    event_id: UUID
    sequence: int | None
    kind: str = GateEvent.Kind.SCAN
    # The code as it was read, or only the id from a paper list (as the database keeps it).
    text: str = ""
    ticket_id: int | None = None
    # Null: the gate at which the device sits.
    gate_code: str | None = None
    mode: str = GateEvent.Mode.ISOLATED
    # Null: the gate let the bearer in, if the code is ours.
    outcome: str | None = None
    reason: str = ""
    people: int = 0
    document_seen: bool = False
    confirmed_by: str = ""
    operator: str = ""
    undoes: UUID | None = None
    happened_at: datetime
    offset_ms: int = 0
    pack_number: int = 0

    @property
    def content_hash(self) -> bytes:
        """Equal for equal words, however often and by whomever they are brought."""
        return hashlib.sha256(orjson.dumps(self)).digest()
