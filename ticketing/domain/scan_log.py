"""Gates tell later what they did alone. Every word is kept once; the merge says what it means."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Q

from sites.models import Gate
from ticketing.domain import incidents
from ticketing.domain.array_texts import bytestrings, moments, plain, texts, uuids
from ticketing.domain.device_care import Report, keep_report, read_clock
from ticketing.domain.merging import Settled, Verdict
from ticketing.domain.passes import OUTCOMES
from ticketing.domain.proving import Proof, Prover, read_code
from ticketing.domain.settling import (
    Log,
    TicketTerms,
    admission_columns,
    ask_for_tickets,
    judge_entries,
    keep_admissions,
    keep_findings,
    locked_tickets,
    tickets_between,
)
from ticketing.domain.told_events import ToldEvent
from ticketing.models import ClockReading, GateDevice, GateEvent, Incident, Outcome, Scan

Quarantine = GateEvent.Quarantine

# What was new is said only when it was not all.
KEEP_EVENTS = """
WITH kept AS (
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
RETURNING content_hash
)
SELECT count(*), CASE WHEN count(*) < %(events)s THEN array_agg(content_hash) END FROM kept
"""


class Kept(NamedTuple):
    """What became of one event. `settled` is what the merge makes of an entry."""

    event: ToldEvent
    status: str
    outcome: str
    settled: Settled | None = None


ADMITTED = Outcome.ADMITTED.value
STORED, REPEATED, CONFLICT, QUARANTINED = "stored", "repeated", "conflict", "quarantined"


@dataclass(slots=True)
class _Batch:
    """The events of one device, with all that is looked up for them together."""

    device: GateDevice
    site_id: int
    events: Sequence[ToldEvent]
    at: datetime
    gates: Mapping[str, int]
    terms: Mapping[int, TicketTerms] = field(default_factory=dict)
    proofs: Sequence[Proof] = ()
    hashes: Sequence[bytes] = ()
    quarantines: Sequence[str] = ()
    # What the database is given of the words themselves; the proofs add the rest.
    columns: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hashes = [event.content_hash for event in self.events]
        self.quarantines = self._quarantines()
        self.columns = _columns_of_words(self)

    def _quarantines(self) -> list[str]:
        """Why each event waits for a person, if it does; it is kept all the same."""
        if self.device.disabled_at is not None:
            return [Quarantine.DEVICE_DISABLED.value] * len(self.events)
        if self.device.quarantined_at is not None:
            return [Quarantine.DEVICE_CONTRADICTS.value] * len(self.events)
        here, none, foreign = {None, *self.gates}, "", Quarantine.FOREIGN_GATE.value
        return [none if event.gate_code in here else foreign for event in self.events]

    def gate_of(self, event: ToldEvent) -> int:
        return self.gates.get(event.gate_code or "", self.device.gate_id)


@transaction.atomic
def tell(
    *, device_id: int, events: Sequence[ToldEvent], at: datetime, report: Report | None = None
) -> list[Kept]:
    """Keep what a device tells, in any order and however often, and settle what it is about.

    `report` is what the device says of itself and of its clock. One answer for each event.
    """
    # Two uploads of one device wait for each other; scans at the gates do not.
    device = GateDevice.objects.select_for_update(no_key=True).get(pk=device_id)
    site_id = Gate.objects.values_list("site_id", flat=True).get(pk=device.gate_id)
    gates = dict(Gate.objects.filter(site=site_id).values_list("code", "pk"))
    device_at = report.device_at if report else None
    moved = _read_clock(device, device_at=device_at, at=at) if device_at else set()
    if report:
        keep_report(device_id=device_id, report=report, at=at)
    codes = [read_code(event) for event in events]
    claimed = {code.ticket_id for code in codes if code.ticket_id is not None}
    mentioned = claimed | moved | _undone_tickets(device_id, events)
    with _done_meanwhile(), connection.cursor() as cursor:
        ask_for_tickets(cursor, mentioned)
        batch = _Batch(device, site_id, events, at, gates)
        batch.terms = locked_tickets(cursor)
    prover = Prover(batch.terms)
    batch.proofs = [prover.prove(event, code) for event, code in zip(events, codes, strict=True)]
    return _keep_and_settle(batch)


def _keep_and_settle(batch: _Batch) -> list[Kept]:
    """Write the events and what follows from them; we think while PostgreSQL writes."""
    scans = [event.event_id for event in batch.events]
    log = Log(batch.terms.keys(), uploading=batch.device.pk, scans=scans)
    with _done_meanwhile(), connection.cursor() as cursor:
        cursor.execute(KEEP_EVENTS, {**batch.columns, **_columns_of_proofs(batch.proofs)})
        _add_entries(log, batch)
        settled = judge_entries(log, batch.terms)
        admissions = admission_columns(settled, batch.terms)
        new = _new_ones(batch, cursor.fetchone())
    if not all(new):
        # Some were known before, or contradict what was: read what the log really says.
        log = Log(batch.terms.keys())
        settled = judge_entries(log, batch.terms)
        admissions = admission_columns(settled, batch.terms)
    with _done_meanwhile():
        keep_admissions(admissions, used_before=log.used_before)
        answers = _answers(batch, _statuses(batch, new), settled)
        _report_strangers(batch, new)
        keep_findings(settled, log=log, at=batch.at)
        return answers


@contextmanager
def _done_meanwhile() -> Iterator[None]:
    """Statements are sent at once, and waited for when their answer is read or the block ends."""
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


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


def _columns_of_proofs(proofs: Sequence[Proof]) -> dict[str, str]:
    return {
        "ticket": plain([proof.ticket_id for proof in proofs]),
        "claimed": plain([proof.claimed_id for proof in proofs]),
        "outcome": texts([proof.outcome for proof in proofs]),
        "people": plain([proof.people for proof in proofs]),
    }


def _columns_of_words(batch: _Batch) -> dict[str, Any]:
    events = batch.events
    return {
        "device": batch.device.pk,
        "at": batch.at,
        "events": len(events),
        "sequence": plain([event.sequence for event in events]),
        "event_id": uuids([event.event_id for event in events]),
        "kind": texts([event.kind for event in events]),
        "gate": plain([batch.gate_of(event) for event in events]),
        "mode": texts([event.mode for event in events]),
        "reason": texts([event.reason for event in events]),
        "document_seen": plain([event.document_seen for event in events]),
        "confirmed_by": texts([event.confirmed_by for event in events]),
        "operator": texts([event.operator for event in events]),
        "undoes": uuids([event.undoes for event in events]),
        "happened_at": moments([event.happened_at for event in events]),
        "offset_ms": plain([event.offset_ms for event in events]),
        "pack_number": plain([event.pack_number for event in events]),
        "content_hash": bytestrings(batch.hashes),
        "quarantine": texts(batch.quarantines),
    }


def _new_ones(batch: _Batch, said: tuple[int, list[bytes] | None] | None) -> list[bool]:
    """Say of each event whether it was new."""
    count, some = said or (0, None)
    if count == len(batch.events):
        return [True] * count
    fresh = {bytes(content_hash) for content_hash in some or ()}
    return [_taken(fresh, content_hash) for content_hash in batch.hashes]


def _taken(fresh: set[bytes], content_hash: bytes) -> bool:
    """Whether the words are among the new ones; told twice in one upload, they are new once."""
    new = content_hash in fresh
    fresh.discard(content_hash)
    return new


def _add_entries(log: Log, batch: _Batch) -> None:
    """Add to the log that the merge reads what it will say if all is new and counts."""
    device_id, site_id, at = batch.device.pk, batch.site_id, batch.at
    rows = zip(batch.events, batch.proofs, batch.quarantines, strict=True)
    for event, proof, quarantine in rows:
        if quarantine:
            continue
        if event.undoes is not None:
            log.undone.add((device_id, event.undoes))
        elif proof.outcome == ADMITTED and proof.ticket_id is not None:
            who = (device_id, event.sequence, event.event_id, batch.gate_of(event), site_id)
            told = (proof.people, False, event.offset_ms, event.pack_number, at)
            log.add((proof.ticket_id, event.happened_at, *who, *told))


def _statuses(batch: _Batch, new: Sequence[bool]) -> list[str]:
    """Name each event new, known, or a second story under the same number."""
    fresh = [QUARANTINED if quarantine else STORED for quarantine in batch.quarantines]
    if all(new):
        return fresh
    known = _known_hashes(batch)
    statuses = [
        status if is_new else REPEATED if content_hash in known else CONFLICT
        for status, is_new, content_hash in zip(fresh, new, batch.hashes, strict=True)
    ]
    if CONFLICT in statuses:
        _quarantine(batch, statuses)
    return statuses


def _known_hashes(batch: _Batch) -> set[bytes]:
    ids = [event.event_id for event in batch.events]
    rows = GateEvent.objects.filter(device=batch.device, event_id__in=ids)
    return {bytes(content_hash) for (content_hash,) in rows.values_list("content_hash")}


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


def _report_strangers(batch: _Batch, new: Sequence[bool]) -> None:
    """Somebody was let in with a code that is no ticket of ours."""
    for event, proof, is_new in zip(batch.events, batch.proofs, new, strict=True):
        if is_new and proof.outcome == ADMITTED and proof.ticket_id is None:
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
    found = [mine.get(event.event_id) for event in batch.events]
    rows = zip(batch.events, statuses, batch.proofs, found, strict=True)
    return [
        Kept(event, status, _outcome(proof, one, batch.terms), one)
        for event, status, proof, one in rows
    ]


def _outcome(proof: Proof, settled: Settled | None, terms: Mapping[int, TicketTerms]) -> str:
    """What the merge makes of an entry; of a refused scan what the gate said."""
    if settled is not None and settled.breach is not None:
        return OUTCOMES[settled.breach]
    if settled is None or settled.verdict is not Verdict.DUPLICATE or proof.ticket_id is None:
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
        tell(device_id=device_id, events=[event], at=at)
    return Undone()


def _let_in(*, device_id: int, scan_id: UUID) -> bool:
    admitted = Q(outcome=Outcome.ADMITTED, device=device_id)
    return (
        Scan.objects.filter(admitted, scan_id=scan_id).exists()
        or GateEvent.objects.filter(admitted, event_id=scan_id).exists()
    )
