"""What must be true of the database, counted in another way than the domain does."""

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Sum

from ticketing.domain.device_care import Report
from ticketing.domain.scan_log import tell
from ticketing.domain.settling import lock_tickets, settle_tickets
from ticketing.domain.told_events import ToldEvent
from ticketing.management.gate_simulation.scanner import Scanner
from ticketing.models import (
    Admission,
    ClockReading,
    EntryVerdict,
    EventRelease,
    GateEvent,
    Incident,
    Scan,
)

# Every scan that let people in and was not taken back, once, whoever told it.
KNOWN_ENTRIES = """
SELECT DISTINCT ON (device_id, scan_id) ticket_id, site_id, people, party_size,
       (rule->>'sites_limit')::int AS opens
FROM (
    SELECT s.device_id, s.scan_id, s.ticket_id, g.site_id, s.people, 0 AS told_later
    FROM ticketing_scan s JOIN heritage_sites_gate g ON g.id = s.gate_id
    WHERE s.outcome = 'admitted' AND s.ticket_id = ANY(%(tickets)s)
    UNION ALL
    SELECT e.device_id, e.event_id, e.ticket_id, g.site_id, e.people, 1
    FROM ticketing_gateevent e JOIN heritage_sites_gate g ON g.id = e.gate_id
    WHERE e.outcome = 'admitted' AND e.quarantine = '' AND e.ticket_id = ANY(%(tickets)s)
) told JOIN ticketing_ticket ON ticketing_ticket.id = ticket_id
WHERE NOT EXISTS (SELECT FROM ticketing_gateevent u
                  WHERE u.undoes = told.scan_id AND u.device_id = told.device_id)
ORDER BY device_id, scan_id, told_later
"""
# People of a ticket at each place beyond its party; of a pass, also at places beyond its number.
EXCESS = f"""
SELECT ticket_id, CASE
    WHEN max(opens) IS NULL THEN sum(greatest(people - party_size, 0))
    ELSE sum(people) - least(count(*), max(opens)) * max(party_size) END
FROM (
    SELECT ticket_id, sum(people) AS people, max(party_size) AS party_size, max(opens) AS opens
    FROM ({KNOWN_ENTRIES}) entries GROUP BY ticket_id, site_id) places
GROUP BY ticket_id
"""  # noqa: S608  # our own text in our own text


def excess_of(tickets: Collection[int]) -> dict[int, int]:
    """People let in beyond the party, at each place, of what the server was told until now."""
    with connection.cursor() as cursor:
        cursor.execute(EXCESS, {"tickets": list(tickets)})
        return {ticket: int(people) for ticket, people in cursor.fetchall() if people}


def incidents_of(tickets: Collection[int]) -> dict[int, int]:
    """People too many, as the incidents say that stand now."""
    standing = Incident.objects.filter(
        kind=Incident.Kind.DUPLICATE, withdrawn_at__isnull=True, ticket__in=tickets
    )
    rows = standing.values_list("ticket_id").annotate(Sum("people"))
    return {ticket: people for ticket, people in rows if ticket is not None}


def lost_scans(scanners: Iterable[Scanner]) -> int:
    """Scans that a device showed to its guard and the server never heard of."""
    lost = 0
    for scanner in scanners:
        kept = set(
            GateEvent.objects.filter(device=scanner.post.seat.device_id).values_list(
                "event_id", flat=True
            )
        )
        lost += sum(event.event_id not in kept for event in scanner.log)
    return lost


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the merge came to, whatever way it took."""

    admissions: frozenset[tuple[object, ...]]
    incidents: frozenset[tuple[object, ...]]
    verdicts: frozenset[tuple[object, ...]]


def ledger() -> Ledger:
    entries = ("ticket_id", "site_id", "day", "people", "first_at", "first_scan_id", "last_at")
    # An incident about what was known when something was told depends on when it was told.
    incidents = Incident.objects.filter(
        withdrawn_at__isnull=True, kind=Incident.Kind.DUPLICATE
    ).values_list("device_id", "scan_id", "people", "at", "first_at", "first_gate_id")
    verdicts = EntryVerdict.objects.filter(replaced_at__isnull=True).exclude(
        verdict=EntryVerdict.Verdict.VALID
    )
    return Ledger(
        admissions=frozenset(Admission.objects.values_list(*entries)),
        incidents=frozenset(incidents),
        verdicts=frozenset(
            verdicts.values_list("device_id", "scan_id", "verdict", "people", "counted", "at")
        ),
    )


def same_in_any_order(scanners: Sequence[Scanner], *, dice: random.Random) -> bool:
    """Forget all that was told later, hear it again in another order, and compare."""
    before = ledger()
    with transaction.atomic():
        _forget_what_was_told()
        for scanner, events, upload in _other_order(scanners, dice):
            device_at, at = scanner.uploads[upload]
            tell(
                device_id=scanner.post.seat.device_id,
                events=events,
                report=Report(device_at=device_at),
                at=at,
            )
        same = ledger() == before
        transaction.set_rollback(True)
    return same


def _other_order(
    scanners: Sequence[Scanner], dice: random.Random
) -> list[tuple[Scanner, list[ToldEvent], int]]:
    pieces: list[tuple[Scanner, list[ToldEvent], int]] = []
    for scanner in scanners:
        events = dice.sample(scanner.log, len(scanner.log))
        size = max(1, -(-len(events) // max(len(scanner.uploads), 1)))
        pieces += [
            (scanner, events[number * size : (number + 1) * size], number)
            for number in range(len(scanner.uploads))
        ]
    dice.shuffle(pieces)
    return pieces


def _forget_what_was_told() -> None:
    told = GateEvent.objects.filter(ticket__isnull=False)
    undone = GateEvent.objects.filter(undoes__isnull=False).values("undoes")
    online = Scan.objects.filter(scan_id__in=undone, ticket__isnull=False)
    touched = {ticket for rows in (told, online) for (ticket,) in rows.values_list("ticket_id")}
    for table in (EventRelease, Incident, EntryVerdict, GateEvent, ClockReading):
        table.objects.all().delete()
    terms = lock_tickets(touched)
    at = Scan.objects.latest("received_at").received_at + timedelta(days=1)
    settle_tickets(terms, at=at)
