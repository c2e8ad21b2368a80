"""Verdicts on entries of tickets that were used more than once, with their history."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from ticketing.domain.merging import Settled, Verdict
from ticketing.models import EntryVerdict


def keep_verdicts(
    settled: Mapping[int, Sequence[Settled]], *, used_before: Collection[int], at: datetime
) -> None:
    """Write a verdict where entries of a ticket compete; what changed is replaced, never edited.

    A ticket that was used once needs no verdict: its entry is valid. Only those of `used_before`
    can have one already.
    """
    in_force = {
        (row.device_id, row.scan_id): row
        for row in EntryVerdict.objects.filter(ticket__in=used_before, replaced_at__isnull=True)
    }
    contested = {row.ticket_id for row in in_force.values()}
    new = [
        _row(ticket_id, one, at=at)
        for ticket_id, ones in settled.items()
        if ticket_id in contested or any(one.verdict != Verdict.VALID for one in ones)
        for one in ones
    ]
    changed = [row for row in new if _differs(row, in_force.get((row.device_id, row.scan_id)))]
    replaced = [
        in_force[key].pk
        for key in ((row.device_id, row.scan_id) for row in changed)
        if key in in_force
    ]
    if replaced:
        EntryVerdict.objects.filter(pk__in=replaced).update(replaced_at=at)
    EntryVerdict.objects.bulk_create(changed)


def _row(ticket_id: int, one: Settled, *, at: datetime) -> EntryVerdict:
    return EntryVerdict(
        ticket_id=ticket_id,
        device_id=one.entry.device_id,
        scan_id=one.entry.scan_id,
        gate_id=one.entry.gate_id,
        at=one.entry.at,
        verdict=one.verdict,
        people=one.entry.people,
        counted=one.counted,
        decided_at=at,
    )


def _differs(row: EntryVerdict, before: EntryVerdict | None) -> bool:
    if before is None:
        return True
    return (row.verdict, row.counted, row.at) != (before.verdict, before.counted, before.at)
