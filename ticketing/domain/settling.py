"""The merge in the database: what gates told, settled anew for the tickets that it is about.

`merging` decides; this reads the log, and writes what follows: how many are inside, verdicts with
their history, and incidents. The caller holds the rows of the tickets, so that a gate that is
online and a second merge wait.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.backends.utils import CursorWrapper

from sites.models import HeritageSite
from ticketing.domain import array_texts
from ticketing.domain.incidents import AcceptedEvent, keep_incidents
from ticketing.domain.merging import (
    NO_SEQUENCE,
    Entry,
    Reading,
    Settled,
    Verdict,
    corrected,
    settle,
)
from ticketing.domain.passes import PassRule, rule_from
from ticketing.domain.verdicts import keep_verdicts
from ticketing.models import ClockReading, EntryPolicy, GateEvent

LOCK_TICKETS = """
SELECT id, entry_policy, party_size - cancelled_people, token, rule
FROM ticketing_ticket WHERE id = ANY(%(tickets)s::bigint[]) ORDER BY id FOR UPDATE
"""

# Scans of gates that were online, and what was told later and is not in quarantine.
ENTRIES = """
SELECT scan.ticket_id, received_at, device_id, NULL::bigint, scan_id, gate_id, gate.site_id,
       people, true, 0::bigint, 0::bigint, received_at
FROM ticketing_scan scan JOIN heritage_sites_gate gate ON gate.id = gate_id
WHERE scan.ticket_id = ANY(%(tickets)s::bigint[]) AND outcome = 'admitted'
UNION ALL
SELECT event.ticket_id, happened_at, device_id, sequence, event_id, gate_id, gate.site_id,
       people, false, offset_ms, pack_number, received_at
FROM ticketing_gateevent event JOIN heritage_sites_gate gate ON gate.id = gate_id
WHERE event.ticket_id = ANY(%(tickets)s::bigint[]) AND outcome = 'admitted' AND (
    quarantine = ''
    OR EXISTS (SELECT FROM ticketing_eventrelease WHERE event_id = event.id))
"""
UNDONE = """
SELECT device_id, undoes FROM ticketing_gateevent undoing
WHERE undoes = ANY(%(scans)s::uuid[]) AND (
    quarantine = ''
    OR EXISTS (SELECT FROM ticketing_eventrelease WHERE event_id = undoing.id))
"""

KEEP_ADMISSIONS = """
INSERT INTO ticketing_admission AS a
    (ticket_id, site_id, day, people, people_limit,
     first_at, first_scan_id, first_gate_id, last_at, last_scan_id)
SELECT * FROM unnest(
    %(ticket)s::bigint[], %(site)s::bigint[], %(day)s::date[], %(people)s::int[],
    %(people_limit)s::smallint[], %(first_at)s::timestamptz[], %(first_scan)s::uuid[],
    %(first_gate)s::bigint[], %(last_at)s::timestamptz[], %(last_scan)s::uuid[])
ON CONFLICT ON CONSTRAINT admission_once_per_ticket_site_and_day DO UPDATE SET
    people = EXCLUDED.people, people_limit = EXCLUDED.people_limit,
    first_at = EXCLUDED.first_at, first_scan_id = EXCLUDED.first_scan_id,
    first_gate_id = EXCLUDED.first_gate_id,
    last_at = EXCLUDED.last_at, last_scan_id = EXCLUDED.last_scan_id
"""
# What the log does not say any more: entries undone, or on another day by a corrected clock.
DROP_ADMISSIONS = """
DELETE FROM ticketing_admission a
WHERE ticket_id = ANY(%(tickets)s) AND NOT EXISTS (
    SELECT FROM unnest(%(ticket)s::bigint[], %(site)s::bigint[], %(day)s::date[])
        AS kept (ticket, site, day)
    WHERE kept.ticket = a.ticket_id AND kept.site IS NOT DISTINCT FROM a.site_id
      AND kept.day IS NOT DISTINCT FROM a.day)
"""


class TicketTerms(NamedTuple):
    """What the merge must know of a ticket."""

    policy: int
    party: int
    token: bytes
    # Of a pass; its places are sites here.
    rule: PassRule | None


Told = dict[tuple[int, UUID], tuple[Entry, AcceptedEvent | None]]


def lock_tickets(ticket_ids: Collection[int]) -> dict[int, TicketTerms]:
    """Hold the rows, in the order of their ids; those that do not exist are left out."""
    with connection.cursor() as cursor:
        ask_for_tickets(cursor, ticket_ids)
        return locked_tickets(cursor)


def ask_for_tickets(cursor: CursorWrapper, ticket_ids: Collection[int]) -> None:
    """The first half of `lock_tickets`, for who has something to do until the rows are there."""
    cursor.execute(LOCK_TICKETS, {"tickets": array_texts.plain(sorted(ticket_ids))})


def locked_tickets(cursor: CursorWrapper) -> dict[int, TicketTerms]:
    """The second half: wait for the rows."""
    rows = cursor.fetchall()
    rules = _rules({row[0]: row[-1] for row in rows if row[-1] is not None})
    return {
        pk: TicketTerms(policy, party, token, rules.get(pk))
        for pk, policy, party, token, _rule in rows
    }


def _rules(kept: Mapping[int, str]) -> dict[int, PassRule]:
    """The rules of passes by sites, where the token numbers places; no query where none is."""
    rules = {pk: rule for pk, text in kept.items() if (rule := rule_from(json.loads(text)))}
    bits = {bit for rule in rules.values() for bit in rule.sequence}
    if not bits:
        return rules
    sites = dict(HeritageSite.objects.filter(ticket_bit__in=bits).values_list("ticket_bit", "pk"))
    return {
        pk: replace(rule, sequence=tuple(sites[bit] for bit in rule.sequence if bit in sites))
        for pk, rule in rules.items()
    }


class Log:
    """Who was let in with some tickets: what the database holds, and what an upload adds.

    The caller holds the tickets' rows, so nobody else adds to their log meanwhile. The same scan
    told twice counts once.
    """

    def __init__(
        self,
        tickets: Collection[int],
        *,
        uploading: int | None = None,
        scans: Sequence[UUID] = (),
    ) -> None:
        """Read what is known; `uploading` is the device that will add these scans to it."""
        self.told: dict[int, Told] = defaultdict(dict)
        with connection.cursor() as cursor:
            cursor.execute(ENTRIES, {"tickets": array_texts.plain(tickets)})
            rows = cursor.fetchall()
        devices = {row[2] for row in rows if not row[8]}
        self._readings = _readings(devices if uploading is None else devices | {uploading})
        # Online scans first: what the server itself decided stands.
        for row in sorted(rows, key=lambda row: not row[8]):
            self.add(row)
        # Only what follows from these is in the database already.
        self.used_before = set(self.told)
        self.undone = _undone([row[4] for row in rows] + list(scans))

    def add(self, row: Sequence[Any]) -> None:
        """Add what is new in the log, in the order of the columns of `ENTRIES`."""
        entry = _entry(row, self._readings)
        event = None if row[8] else AcceptedEvent(entry, row[10], row[11])
        self.told[row[0]].setdefault((row[2], row[4]), (entry, event))


Judged = Mapping[int, Sequence[Settled]]


def judge_entries(log: Log, terms: Mapping[int, TicketTerms]) -> dict[int, list[Settled]]:
    """Judge every entry of these tickets anew, and write nothing yet."""
    return {
        ticket_id: settle(
            [entry for entry, _event in told.values()],
            policy=terms[ticket_id].policy,
            party=terms[ticket_id].party,
            undone=log.undone,
            rule=terms[ticket_id].rule,
        )
        for ticket_id, told in log.told.items()
    }


def keep_findings(settled: Judged, *, log: Log, at: datetime) -> None:
    """Write verdicts with their history, and incidents."""
    keep_verdicts(settled, used_before=log.used_before, at=at)
    events = {
        ticket_id: found
        for ticket_id, told in log.told.items()
        if (found := [event for _entry, event in told.values() if event is not None])
    }
    keep_incidents(settled, events=events, used_before=log.used_before, at=at)


def settle_tickets(terms: Mapping[int, TicketTerms], *, at: datetime) -> None:
    """Judge every entry of these tickets anew and write what follows from it."""
    if terms:
        log = Log(terms.keys())
        settled = judge_entries(log, terms)
        keep_findings(settled, log=log, at=at)
        keep_admissions(admission_columns(settled, terms), used_before=log.used_before)


def _entry(row: Sequence[Any], readings: Mapping[int, Sequence[Reading]]) -> Entry:
    _ticket, happened_at, device_id, sequence, scan_id, gate_id, site_id, people, online = row[:9]
    at = (
        happened_at
        if online
        else corrected(happened_at, readings=readings.get(device_id, ()), believed_ms=row[9])
    )
    number = NO_SEQUENCE if sequence is None else sequence
    return Entry(at, device_id, number, scan_id, gate_id, site_id, people)


def _readings(devices: Collection[int]) -> dict[int, list[Reading]]:
    found: dict[int, list[Reading]] = defaultdict(list)
    if devices:
        rows = ClockReading.objects.filter(device__in=devices).order_by("device_at")
        for device_id, device_at, offset_ms in rows.values_list(
            "device_id", "device_at", "offset_ms"
        ):
            found[device_id].append(Reading(device_at, offset_ms))
    return found


def _undone(scan_ids: Sequence[UUID]) -> set[tuple[int, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(UNDONE, {"scans": array_texts.uuids(scan_ids)})
        return {(device_id, scan_id) for device_id, scan_id in cursor.fetchall()}


def admission_columns(settled: Judged, terms: Mapping[int, TicketTerms]) -> dict[str, str]:
    """The rows that gates online ask, as they follow from the log."""
    kept = [
        (ticket_id, members[0], members[-1], sum([one.counted for one in members]))
        for ticket_id, ones in settled.items()
        for members in _by_bucket(ones)
    ]
    firsts = [first.entry for _ticket, first, _last, _people in kept]
    lasts = [last.entry for _ticket, _first, last, _people in kept]
    columns = {
        "ticket": array_texts.plain([row[0] for row in kept]),
        "site": array_texts.plain([row[1].bucket.site_id for row in kept]),
        "day": array_texts.moments([row[1].bucket.day for row in kept]),
        "people": array_texts.plain([row[3] for row in kept]),
        "people_limit": array_texts.plain([_limit(terms[row[0]]) for row in kept]),
        "first_at": array_texts.moments([entry.at for entry in firsts]),
        "first_scan": array_texts.uuids([entry.scan_id for entry in firsts]),
        "first_gate": array_texts.plain([entry.gate_id for entry in firsts]),
    }
    once = all(first is last for first, last in zip(firsts, lasts, strict=True))
    columns["last_at"] = (
        columns["first_at"] if once else array_texts.moments([entry.at for entry in lasts])
    )
    columns["last_scan"] = (
        columns["first_scan"] if once else array_texts.uuids([entry.scan_id for entry in lasts])
    )
    return columns


def keep_admissions(columns: Mapping[str, str], *, used_before: Collection[int]) -> None:
    """Make the rows that gates online ask those that follow from the log."""
    with connection.cursor() as cursor:
        if used_before:
            gone = {name: columns[name] for name in ("ticket", "site", "day")}
            cursor.execute(DROP_ADMISSIONS, {"tickets": list(used_before), **gone})
        if columns["ticket"] != array_texts.NOTHING:
            cursor.execute(KEEP_ADMISSIONS, columns)


def _by_bucket(settled: Sequence[Settled]) -> list[list[Settled]]:
    """Entries that let people in by right, together where they count together."""
    counted = [one for one in settled if one.counted and one.verdict != Verdict.UNDONE]
    if len(counted) == 1:
        return [counted]
    found: dict[Any, list[Settled]] = defaultdict(list)
    for one in counted:
        found[one.bucket].append(one)
    return list(found.values())


def _limit(terms: TicketTerms) -> int | None:
    return None if terms.policy == EntryPolicy.UNLIMITED else terms.party


def tickets_between(*, device_id: int, after: datetime | None, before: datetime | None) -> set[int]:
    """Tickets that a device let in within a span of its own time: a new reading moves them."""
    events = GateEvent.objects.filter(device=device_id, outcome="admitted", ticket__isnull=False)
    if after is not None:
        events = events.filter(happened_at__gt=after)
    if before is not None:
        events = events.filter(happened_at__lt=before)
    return {ticket_id for (ticket_id,) in events.values_list("ticket_id")}
