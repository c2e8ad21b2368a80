"""Gates tell later what they did alone. Every word is kept once; the merge says what it means."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Q

from sites.models import Gate
from ticketing.domain import incidents
from ticketing.domain.device_care import read_clock
from ticketing.domain.merging import Settled, Verdict
from ticketing.domain.proving import Proof, Prover, read_code
from ticketing.domain.settling import (
    TicketTerms,
    lock_tickets,
    settle_tickets,
    tickets_between,
)
from ticketing.domain.told_events import ToldEvent
from ticketing.models import ClockReading, GateDevice, GateEvent, Incident, Outcome, Scan

Quarantine = GateEvent.Quarantine

KEEP_EVENTS = """
INSERT INTO ticketing_gateevent
    (device_id, sequence, event_id, kind, gate_id, ticket_id, claimed_ticket_id, mode, outcome,
     reason, people, document_seen, confirmed_by, operator, undoes, happened_at, offset_ms,
     pack_number, content_hash, quarantine, received_at)
SELECT %(device)s, told.*, %(at)s
FROM unnest(
    %(sequence)s::bigint[], %(event_id)s::uuid[], %(kind)s::text[], %(gate)s::bigint[],
    %(ticket)s::bigint[], %(claimed)s::bigint[], %(mode)s::text[], %(outcome)s::text[],
    %(reason)s::text[], %(people)s::smallint[], %(document_seen)s::bool[],
    %(confirmed_by)s::text[], %(operator)s::text[], %(undoes)s::uuid[],
    %(happened_at)s::timestamptz[], %(offset_ms)s::bigint[], %(pack_number)s::bigint[],
    %(content_hash)s::bytea[], %(quarantine)s::text[]) AS told
ON CONFLICT DO NOTHING
RETURNING event_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of one event. `settled` is what the merge makes of an entry."""

    event: ToldEvent
    status: str
    outcome: str
    settled: Settled | None = None


STORED, REPEATED, CONFLICT, QUARANTINED = "stored", "repeated", "conflict", "quarantined"


@dataclass(slots=True)
class _Batch:
    """The events of one device, with all that is looked up for them together."""

    device: GateDevice
    events: Sequence[ToldEvent]
    at: datetime
    gates: Mapping[str, int]
    terms: Mapping[int, TicketTerms] = field(default_factory=dict)
    proofs: Sequence[Proof] = ()

    def quarantine_of(self, event: ToldEvent) -> str:
        """Why the event waits for a person, if it does; it is kept all the same."""
        if self.device.disabled_at is not None:
            return Quarantine.DEVICE_DISABLED
        if self.device.quarantined_at is not None:
            return Quarantine.DEVICE_CONTRADICTS
        if event.gate_code is not None and event.gate_code not in self.gates:
            return Quarantine.FOREIGN_GATE
        return Quarantine.NONE


@transaction.atomic
def tell(
    *, device_id: int, events: Sequence[ToldEvent], device_at: datetime | None, at: datetime
) -> list[Kept]:
    """Keep what a device tells, in any order and however often, and settle what it is about.

    `device_at` is the device's clock at `at`, when it says so. One answer for each event.
    """
    # Two uploads of one device wait for each other; scans at the gates do not.
    device = GateDevice.objects.select_for_update(no_key=True).get(pk=device_id)
    site_id = Gate.objects.values_list("site_id", flat=True).get(pk=device.gate_id)
    gates = dict(Gate.objects.filter(site=site_id).values_list("code", "pk"))
    batch = _Batch(device, events, at, gates)
    moved = _read_clock(device, device_at=device_at, at=at) if device_at else set()
    codes = [read_code(event) for event in events]
    claimed = {code.ticket_id for code in codes if code.ticket_id is not None}
    batch.terms = lock_tickets(claimed | moved | _undone_tickets(device_id, events))
    prover = Prover(batch.terms)
    batch.proofs = [prover.prove(event, code) for event, code in zip(events, codes, strict=True)]
    kept_ids = _keep(batch)
    statuses = _statuses(batch, kept_ids)
    settled = settle_tickets(batch.terms, at=at)
    _report_strangers(batch, kept_ids)
    return _answers(batch, statuses, settled)


def _read_clock(device: GateDevice, *, device_at: datetime, at: datetime) -> set[int]:
    """Note the reading; tickets whose true times it moves are settled anew."""
    around = ClockReading.objects.filter(device=device)
    before = around.filter(device_at__lt=device_at).order_by("-device_at").first()
    after = around.filter(device_at__gt=device_at).order_by("device_at").first()
    read_clock(device_id=device.pk, device_at=device_at, at=at)
    return tickets_between(
        device_id=device.pk,
        after=before.device_at if before else None,
        before=after.device_at if after else None,
    )


def _undone_tickets(device_id: int, events: Sequence[ToldEvent]) -> set[int]:
    undone = [event.undoes for event in events if event.undoes]
    if not undone:
        return set()
    scans = Scan.objects.filter(device=device_id, scan_id__in=undone, ticket__isnull=False)
    told = GateEvent.objects.filter(device=device_id, event_id__in=undone, ticket__isnull=False)
    return {pk for rows in (scans, told) for (pk,) in rows.values_list("ticket_id")}


def _keep(batch: _Batch) -> set[UUID]:
    """Insert what is new, in one statement."""
    events, proofs = batch.events, batch.proofs
    columns: dict[str, Any] = {
        "device": batch.device.pk,
        "at": batch.at,
        "sequence": [event.sequence for event in events],
        "event_id": [event.event_id for event in events],
        "kind": [event.kind for event in events],
        "gate": [batch.gates.get(event.gate_code or "", batch.device.gate_id) for event in events],
        "ticket": [proof.ticket_id for proof in proofs],
        "claimed": [proof.claimed_id for proof in proofs],
        "mode": [event.mode for event in events],
        "outcome": [proof.outcome for proof in proofs],
        "reason": [event.reason for event in events],
        "people": [proof.people for proof in proofs],
        "document_seen": [event.document_seen for event in events],
        "confirmed_by": [event.confirmed_by for event in events],
        "operator": [event.operator for event in events],
        "undoes": [event.undoes for event in events],
        "happened_at": [event.happened_at for event in events],
        "offset_ms": [event.offset_ms for event in events],
        "pack_number": [event.pack_number for event in events],
        "content_hash": [event.content_hash for event in events],
        "quarantine": [batch.quarantine_of(event) for event in events],
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP_EVENTS, columns)
        return {event_id for (event_id,) in cursor.fetchall()}


def _statuses(batch: _Batch, kept: Collection[UUID]) -> list[str]:
    """Name each event new, known, or a second story under the same number."""
    if len(kept) == len(batch.events):
        return [QUARANTINED if batch.quarantine_of(event) else STORED for event in batch.events]
    known = _known_hashes(batch)
    statuses: list[str] = []
    told: set[UUID] = set()
    for event in batch.events:
        is_new = event.event_id in kept and event.event_id not in told
        told.add(event.event_id)
        repeated = event.content_hash in known.get(event.event_id, ())
        fresh = QUARANTINED if batch.quarantine_of(event) else STORED
        statuses.append(fresh if is_new else REPEATED if repeated else CONFLICT)
    if CONFLICT in statuses:
        _quarantine(batch, statuses)
    return statuses


def _known_hashes(batch: _Batch) -> dict[UUID, set[bytes]]:
    ids = [event.event_id for event in batch.events]
    rows = GateEvent.objects.filter(device=batch.device, event_id__in=ids)
    return {
        event_id: {bytes(content_hash)}
        for event_id, content_hash in rows.values_list("event_id", "content_hash")
    }


def _quarantine(batch: _Batch, statuses: Sequence[str]) -> None:
    """The device contradicts itself: what it tells from now on waits for a person."""
    GateDevice.objects.filter(pk=batch.device.pk, quarantined_at__isnull=True).update(
        quarantined_at=batch.at
    )
    for event, status in zip(batch.events, statuses, strict=True):
        if status == CONFLICT:
            incidents.report(
                Incident.Kind.CONTRADICTION,
                device_id=batch.device.pk,
                scan_id=event.event_id,
                gate_id=batch.device.gate_id,
                happened_at=event.happened_at,
                at=batch.at,
            )


def _report_strangers(batch: _Batch, kept: Collection[UUID]) -> None:
    """Somebody was let in with a code that is no ticket of ours."""
    for event, proof in zip(batch.events, batch.proofs, strict=True):
        if event.event_id in kept and proof.outcome == Outcome.ADMITTED and not proof.ticket_id:
            kind = Incident.Kind.UNKNOWN_TICKET if proof.signed else Incident.Kind.DEVICE_FAULT
            incidents.report(
                kind,
                device_id=batch.device.pk,
                scan_id=event.event_id,
                gate_id=batch.device.gate_id,
                happened_at=event.happened_at,
                people=proof.people,
                at=batch.at,
            )


def _answers(
    batch: _Batch, statuses: Sequence[str], settled: Mapping[int, Sequence[Settled]]
) -> list[Kept]:
    mine = {
        one.entry.scan_id: one
        for ones in settled.values()
        for one in ones
        if one.entry.device_id == batch.device.pk
    }
    return [
        Kept(
            event=event,
            status=status,
            outcome=_outcome(proof, mine.get(event.event_id), batch.terms),
            settled=mine.get(event.event_id),
        )
        for event, status, proof in zip(batch.events, statuses, batch.proofs, strict=True)
    ]


def _outcome(proof: Proof, settled: Settled | None, terms: Mapping[int, TicketTerms]) -> str:
    """What the merge makes of an entry; of a refused scan what the gate said."""
    if settled is None or settled.verdict != Verdict.DUPLICATE or proof.ticket_id is None:
        return proof.outcome
    single = terms[proof.ticket_id].party == 1
    return Outcome.ALREADY_ADMITTED if single else Outcome.PARTY_EXHAUSTED


@dataclass(frozen=True, slots=True)
class Undone:
    """The entry does not count any more, since now or since an earlier word."""


@dataclass(frozen=True, slots=True)
class NothingToUndo:
    """The device let nobody in under this id."""


@transaction.atomic
def undo(
    *, device_id: int, scan_id: UUID, reason: str, operator: str, at: datetime
) -> Undone | NothingToUndo:
    """Take back an entry that the device made by mistake; its people have not come in."""
    GateDevice.objects.select_for_update(no_key=True).get(pk=device_id)
    if not _let_in(device_id=device_id, scan_id=scan_id):
        return NothingToUndo()
    if not GateEvent.objects.filter(device=device_id, undoes=scan_id).exists():
        event = ToldEvent(
            event_id=uuid5(scan_id, "undo"),
            sequence=None,
            kind=GateEvent.Kind.UNDO,
            mode=GateEvent.Mode.ONLINE,
            reason=reason,
            operator=operator,
            undoes=scan_id,
            happened_at=at,
        )
        tell(device_id=device_id, events=[event], device_at=None, at=at)
    return Undone()


def _let_in(*, device_id: int, scan_id: UUID) -> bool:
    admitted = Q(outcome=Outcome.ADMITTED, device=device_id)
    return (
        Scan.objects.filter(admitted, scan_id=scan_id).exists()
        or GateEvent.objects.filter(admitted, event_id=scan_id).exists()
    )
