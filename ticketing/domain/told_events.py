"""One event as a device tells it, before anything of it is believed."""

import hashlib
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import orjson

from ticketing.models import GateEvent


class ToldEvent(NamedTuple):
    """A scan or the undoing of one; the device's own words."""

    event_id: UUID
    happened_at: datetime
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
    offset_ms: int = 0
    pack_number: int = 0

    @property
    def content_hash(self) -> bytes:
        """Equal for equal words, however often and by whomever they are brought."""
        # In this order for ever: a device may repeat words that an earlier version has kept.
        told = {
            "event_id": self.event_id,
            "sequence": self.sequence,
            "kind": self.kind,
            "text": self.text,
            "ticket_id": self.ticket_id,
            "gate_code": self.gate_code,
            "mode": self.mode,
            "outcome": self.outcome,
            "reason": self.reason,
            "people": self.people,
            "document_seen": self.document_seen,
            "confirmed_by": self.confirmed_by,
            "operator": self.operator,
            "undoes": self.undoes,
            "happened_at": self.happened_at,
            "offset_ms": self.offset_ms,
            "pack_number": self.pack_number,
        }
        return hashlib.sha256(orjson.dumps(told)).digest()
