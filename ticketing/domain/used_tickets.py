"""Entries that a gate must know of to refuse a ticket by itself, as records of 24 bytes.

Big-endian: ticket id (8), number of the site (1; 255: nowhere in particular), day (2; days since
2025-01-01, 0: any), people inside (1), first and last entry (4 each, seconds since 1970), id of
the gate of the first (4). A later record of the same ticket, site and day replaces an earlier
one; one without people says that the entry was undone.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from sites.models import HeritageSite
from ticketing.domain.ticket_ids import from_column
from ticketing.domain.visit_days import day_of
from ticketing.models import Admission, EntryPolicy, GateEvent, Outcome, Scan, Ticket

RECORD = struct.Struct(">QBHBIII")
RECORD_BYTES = RECORD.size
ANYWHERE = 255
MOST_PEOPLE = 255
LATEST = 2**32 - 1
FIRST_DAY = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What one count of people belongs to under the entry policy."""

    ticket_id: int
    site_bit: int | None
    day: date | None

    def record(self, *, people: int = 0, first: int = 0, last: int = 0, gate: int = 0) -> bytes:
        return RECORD.pack(
            from_column(self.ticket_id),
            ANYWHERE if self.site_bit is None else self.site_bit,
            max((self.day - FIRST_DAY).days, 0) if self.day else 0,
            min(people, MOST_PEOPLE),
            _in_four_bytes(first),
            _in_four_bytes(last),
            gate,
        )


def _in_four_bytes(seconds: int) -> int:
    """A device whose clock is a century off must not stop the pack of all others."""
    return min(max(seconds, 0), LATEST)


def all_used(*, site: HeritageSite, at: datetime) -> Iterator[bytes]:
    """Every entry of tickets that may still come to this site."""
    tickets = Ticket.objects.filter(product__entitlements__site=site, valid_until__gt=at)
    recent = Q(day__isnull=True) | Q(day__gte=day_of(at))
    return _records(_of_site(site).filter(recent, ticket__in=tickets.values("pk")))


def used_since(*, site: HeritageSite, since: datetime, at: datetime) -> Iterator[bytes]:
    """What changed after an instant, undone entries too."""
    scans = Scan.objects.filter(received_at__gt=since)
    events = GateEvent.objects.filter(
        Q(received_at__gt=since) | Q(eventrelease__released_at__gt=since)
    )
    undone = events.filter(kind=GateEvent.Kind.UNDO).values_list("undoes", flat=True)
    cleared = set(_buckets_of(undone))
    touched = {*_tickets_of(scans), *_tickets_of(events)}
    touched |= {bucket.ticket_id for bucket in cleared}
    here = Ticket.objects.filter(product__entitlements__site=site, pk__in=touched)
    admissions = list(_of_site(site).filter(ticket__in=here.values("pk")))
    yield from _records(admissions)
    for bucket in cleared - {_bucket(admission) for admission in admissions}:
        if bucket.site_bit in {None, site.ticket_bit}:
            yield bucket.record()


def _tickets_of(rows: QuerySet[Scan] | QuerySet[GateEvent]) -> Iterator[int]:
    admitted = rows.filter(outcome=Outcome.ADMITTED, ticket__isnull=False)
    yield from (ticket_id for (ticket_id,) in admitted.values_list("ticket_id"))


def _of_site(site: HeritageSite) -> QuerySet[Admission]:
    """Entries at this site or nowhere in particular; of a pass with rules, at every site."""
    return Admission.objects.filter(
        Q(site=site) | Q(site__isnull=True) | Q(ticket__rule__isnull=False)
    ).select_related("site")


def _records(admissions: Iterable[Admission]) -> Iterator[bytes]:
    for admission in admissions:
        yield _bucket(admission).record(
            people=admission.people,
            first=int(admission.first_at.timestamp()),
            last=int(admission.last_at.timestamp()),
            gate=admission.first_gate_id,
        )


def _bucket(admission: Admission) -> Bucket:
    site = admission.site
    return Bucket(admission.ticket_id, site.ticket_bit if site else None, admission.day)


def _buckets_of(scan_ids: Iterable[UUID | None]) -> Iterator[Bucket]:
    """Where scans that were undone had counted."""
    told = [scan_id for scan_id in scan_ids if scan_id]
    what = ("ticket_id", "ticket__entry_policy", "gate__site__ticket_bit")
    yield from _buckets(
        Scan.objects.filter(scan_id__in=told, ticket__isnull=False).values_list(
            *what, "received_at"
        )
    )
    yield from _buckets(
        GateEvent.objects.filter(event_id__in=told, ticket__isnull=False).values_list(
            *what, "happened_at"
        )
    )


def _buckets(rows: Iterable[tuple[int, int, int | None, datetime]]) -> Iterator[Bucket]:
    for ticket_id, policy, bit, at in rows:
        daily = policy == EntryPolicy.ONCE_PER_SITE_PER_DAY
        everywhere = policy == EntryPolicy.ONCE
        yield Bucket(ticket_id, None if everywhere else bit, day_of(at) if daily else None)
