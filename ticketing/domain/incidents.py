"""Incidents: opened by the merge, withdrawn when late scans explain them, closed by a person."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from sites.models import User
from ticketing.domain import array_texts
from ticketing.domain.merging import Entry, Settled, Verdict
from ticketing.domain.passes import Breach
from ticketing.models import Incident

Kind = Incident.Kind
REVOKED_WHOLE = """
SELECT ticket_id, listed_at, revocation.number
FROM ticketing_revocation revocation JOIN ticketing_ticket ticket ON ticket.id = ticket_id
WHERE ticket_id = ANY(%(tickets)s::bigint[]) AND people = party_size
"""
# Those that the merge decides anew every time.
MERGED = (
    *(Kind.DUPLICATE, Kind.OUT_OF_ORDER, Kind.TIME_OVER),
    *(Kind.BEFORE_KNOWN, Kind.DEVICE_FAULT, Kind.USED_THEN_REVOKED),
)
AGAINST_THE_RULE = {Breach.OUT_OF_ORDER: Kind.OUT_OF_ORDER, Breach.TIME_OVER: Kind.TIME_OVER}


class AcceptedEvent(NamedTuple):
    """An entry that was told later: what the gate knew, and when we heard of it."""

    entry: Entry
    pack_number: int
    received_at: datetime


def keep_incidents(
    settled: Mapping[int, Sequence[Settled]],
    *,
    events: Mapping[int, Sequence[AcceptedEvent]],
    used_before: Collection[int],
    at: datetime,
) -> None:
    """Make the incidents of these tickets those that follow from the log now.

    Only tickets of `used_before` can have any already.
    """
    wanted = {(row.kind, row.device_id, row.scan_id): row for row in _too_many(settled, at)}
    wanted |= {
        (row.kind, row.device_id, row.scan_id): row
        for row in _revoked(events, at)
        if _stands(row, settled)
    }
    before = Incident.objects.filter(ticket__in=used_before, kind__in=MERGED)
    known = {(row.kind, row.device_id, row.scan_id): row for row in before}
    gone = [row.pk for key, row in known.items() if key not in wanted and not row.withdrawn_at]
    if gone:
        Incident.objects.filter(pk__in=gone).update(withdrawn_at=at)
    for key, row in known.items():
        if key in wanted and _says_other(row, wanted[key]):
            Incident.objects.filter(pk=row.pk).update(**_facts(wanted[key]), withdrawn_at=None)
    Incident.objects.bulk_create(row for key, row in wanted.items() if key not in known)


def _too_many(settled: Mapping[int, Sequence[Settled]], at: datetime) -> Iterator[Incident]:
    """People who came in twice, and those of a pass at a place or a time that it did not open."""
    for ticket_id, ones in settled.items():
        for one in ones:
            if one.verdict in {Verdict.DUPLICATE, Verdict.RULED_OUT}:
                kind = Kind.DUPLICATE
                if one.breach is not None:
                    kind = AGAINST_THE_RULE.get(one.breach, kind)
                row = _incident(kind, one.entry, ticket_id=ticket_id, at=at)
                row.people = one.entry.people - one.counted
                if one.first is not None:
                    row.first_at, row.first_gate_id = one.first.at, one.first.gate_id
                yield row


def _stands(row: Incident, settled: Mapping[int, Sequence[Settled]]) -> bool:
    """Whether the entry was not taken back."""
    key = row.device_id, row.scan_id
    ones = settled[row.ticket_id] if row.ticket_id is not None else ()
    return any(one.entry.key == key and one.verdict != Verdict.UNDONE for one in ones)


class _Revoked(NamedTuple):
    """The end of a whole ticket, and the number of the list that says so first."""

    ticket_id: int
    listed_at: datetime
    number: int


def _revoked(events: Mapping[int, Sequence[AcceptedEvent]], at: datetime) -> Iterator[Incident]:
    """Entries on tickets that were void: the gate did not know, or it should have."""
    if not events:
        return
    with connection.cursor() as cursor:
        cursor.execute(REVOKED_WHOLE, {"tickets": array_texts.plain(events)})
        whole = [_Revoked(*row) for row in cursor.fetchall()]
    for revocation in whole:
        for event in events[revocation.ticket_id]:
            kind = _kind(event, revocation)
            if kind is not None:
                yield _incident(kind, event.entry, ticket_id=revocation.ticket_id, at=at)


def _kind(event: AcceptedEvent, revocation: _Revoked) -> Incident.Kind | None:
    if event.entry.at >= revocation.listed_at:
        knew = event.pack_number >= revocation.number
        return Kind.DEVICE_FAULT if knew else Kind.BEFORE_KNOWN
    # Who gave the money back did not know of this entry yet.
    return Kind.USED_THEN_REVOKED if event.received_at >= revocation.listed_at else None


def _incident(kind: Incident.Kind, entry: Entry, *, ticket_id: int, at: datetime) -> Incident:
    return Incident(
        kind=kind,
        device_id=entry.device_id,
        scan_id=entry.scan_id,
        gate_id=entry.gate_id,
        ticket_id=ticket_id,
        at=entry.at,
        people=entry.people,
        opened_at=at,
    )


def _facts(row: Incident) -> dict[str, Any]:
    return {
        "at": row.at,
        "people": row.people,
        "first_at": row.first_at,
        "first_gate": row.first_gate_id,
    }


def _says_other(row: Incident, wanted: Incident) -> bool:
    return row.withdrawn_at is not None or _facts(row) != _facts(wanted)


@dataclass(frozen=True, slots=True)
class Closed:
    incident: Incident


@dataclass(frozen=True, slots=True)
class NotOpen:
    """Somebody closed it before, or it was withdrawn, or it never was."""


def close(*, incident_id: int, by: User, reason: str, at: datetime) -> Closed | NotOpen:
    """A person has looked into it. The reason stays with it."""
    open_ones = Incident.objects.filter(
        pk=incident_id, closed_at__isnull=True, withdrawn_at__isnull=True
    )
    if not open_ones.update(closed_at=at, closed_by=by, closing_reason=reason.strip()):
        return NotOpen()
    return Closed(Incident.objects.get(pk=incident_id))


def report(
    kind: Incident.Kind,
    *,
    device_id: int,
    scan_id: UUID,
    gate_id: int,
    happened_at: datetime,
    people: int = 0,
    at: datetime,
) -> None:
    """Open an incident that no ticket of ours explains; a repeat changes nothing."""
    row = Incident(
        kind=kind,
        device_id=device_id,
        scan_id=scan_id,
        gate_id=gate_id,
        at=happened_at,
        people=people,
        opened_at=at,
    )
    Incident.objects.bulk_create([row], ignore_conflicts=True)
