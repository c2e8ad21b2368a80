"""Which entries were right, told from everything that any gate ever said: a pure function.

What is known is a set of scans, of undoings and of clock readings. Sets are joined in any order
and as often as one likes, and what follows from a set depends on nothing else: so gates may
bring their scans late, twice and in any order, over a hub or by themselves.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from ticketing.domain.visit_days import day_of
from ticketing.models import EntryPolicy

# Between two entries of a ticket that opens as often as one wants.
REENTRY_AFTER = timedelta(minutes=5)
NO_SEQUENCE = -1


class Verdict(StrEnum):
    VALID = "valid"
    DUPLICATE = "duplicate"
    UNDONE = "undone"


class Reading(NamedTuple):
    """How slow a device's clock was at a moment of its own."""

    device_at: datetime
    offset_ms: int


class Entry(NamedTuple):
    """People let in by one scan. The first fields are the order in which entries count."""

    at: datetime
    device_id: int
    sequence: int
    scan_id: UUID
    gate_id: int
    site_id: int
    people: int

    @property
    def key(self) -> tuple[int, UUID]:
        return self.device_id, self.scan_id


class Bucket(NamedTuple):
    """What one count of people belongs to under the entry policy."""

    site_id: int | None
    day: date | None


# Looked up once: a thousand entries in a row ask for them.
ONCE, DAILY = EntryPolicy.ONCE.value, EntryPolicy.ONCE_PER_SITE_PER_DAY.value
UNLIMITED = EntryPolicy.UNLIMITED.value
VALID, DUPLICATE = Verdict.VALID, Verdict.DUPLICATE
NOWHERE_IN_PARTICULAR = Bucket(None, None)


class Settled(NamedTuple):
    """One entry, and how many of its people came in by right."""

    entry: Entry
    bucket: Bucket
    verdict: Verdict
    counted: int
    # Who used the ticket up.
    first: Entry | None = None


def corrected(happened_at: datetime, *, readings: Sequence[Reading], believed_ms: int) -> datetime:
    """The true time of a device's moment, between the readings before and after it.

    Readings are in the order of the device's own time. Without any, the device is believed.
    """
    return happened_at + timedelta(milliseconds=_offset_ms(happened_at, readings, believed_ms))


def _offset_ms(at: datetime, readings: Sequence[Reading], believed_ms: int) -> int:
    if not readings:
        return believed_ms
    after = bisect_right(readings, at, key=lambda reading: reading.device_at)
    if after == 0:
        return readings[0].offset_ms
    if after == len(readings):
        return readings[-1].offset_ms
    left, right = readings[after - 1], readings[after]
    share = (at - left.device_at) / (right.device_at - left.device_at)
    return round(left.offset_ms + share * (right.offset_ms - left.offset_ms))


def bucket_of(entry: Entry, *, policy: int) -> Bucket:
    """Where the entry counts."""
    if policy == ONCE:
        return NOWHERE_IN_PARTICULAR
    daily = policy == DAILY
    return Bucket(entry.site_id, day_of(entry.at) if daily else None)


def settle(
    entries: Iterable[Entry],
    *,
    policy: int,
    party: int,
    undone: Iterable[tuple[int, UUID]] = (),
    places: int | None = None,
) -> list[Settled]:
    """Judge all entries of one ticket anew, in the order of their true times.

    As many people as the party has come in by right; whoever came later came twice. An entry that
    was undone lets nobody in. A pass for so many `places` was used twice where it opened more.
    """
    taken_back = undone if isinstance(undone, AbstractSet) else frozenset(undone)
    told = set(entries)
    if len(told) == 1:
        # Most tickets are used once, and an upload brings a thousand of them.
        return [_settle_only(told.pop(), policy=policy, party=party, undone=taken_back)]
    settled = _settle_many(told, policy=policy, party=party, undone=taken_back)
    return settled if places is None else _stretched(settled, places)


def _settle_only(
    entry: Entry, *, policy: int, party: int, undone: AbstractSet[tuple[int, UUID]]
) -> Settled:
    """The same as the longer way for a single entry, in a third of the time."""
    bucket = bucket_of(entry, policy=policy)
    if (entry.device_id, entry.scan_id) in undone:
        return Settled(entry, bucket, Verdict.UNDONE, 0)
    counted = entry.people if policy == UNLIMITED else min(entry.people, party)
    return Settled(entry, bucket, VALID if counted == entry.people else DUPLICATE, counted)


def _settle_many(
    entries: Collection[Entry], *, policy: int, party: int, undone: AbstractSet[tuple[int, UUID]]
) -> list[Settled]:
    settled: list[Settled] = []
    for bucket, members in _by_bucket(entries, policy):
        standing = [entry for entry in members if entry.key not in undone]
        settled += [
            Settled(entry, bucket, Verdict.UNDONE, 0) for entry in members if entry.key in undone
        ]
        settled += (
            _revisits(standing, bucket) if policy == UNLIMITED else _fill(standing, bucket, party)
        )
    return settled


def _by_bucket(entries: Collection[Entry], policy: int) -> list[tuple[Bucket, list[Entry]]]:
    """Entries that count together, each list in the order in which they count."""
    placed = sorted((_place(bucket_of(one, policy=policy)), one) for one in entries)
    together = [
        [entry for _place_key, entry in group]
        for _key, group in groupby(placed, key=lambda pair: pair[0])
    ]
    return [(bucket_of(members[0], policy=policy), members) for members in together]


def _place(bucket: Bucket) -> tuple[int, int]:
    """A bucket as something that can be put in order."""
    return bucket.site_id or 0, bucket.day.toordinal() if bucket.day else 0


def _fill(entries: Sequence[Entry], bucket: Bucket, party: int) -> list[Settled]:
    """The first people fill the party."""
    settled: list[Settled] = []
    left = party
    for entry in entries:
        counted = min(entry.people, left)
        left -= counted
        verdict = Verdict.VALID if counted == entry.people else Verdict.DUPLICATE
        first = entries[0] if verdict == Verdict.DUPLICATE and entry != entries[0] else None
        settled.append(Settled(entry, bucket, verdict, counted, first))
    return settled


def _revisits(entries: Sequence[Entry], bucket: Bucket) -> list[Settled]:
    """Each comes as often as wanted, but a code handed back over the fence comes too soon."""
    settled: list[Settled] = []
    last: Entry | None = None
    for entry in entries:
        if last is None or entry.at - last.at >= REENTRY_AFTER:
            settled.append(Settled(entry, bucket, Verdict.VALID, entry.people))
            last = entry
        else:
            settled.append(Settled(entry, bucket, Verdict.DUPLICATE, 0, last))
    return settled


def _stretched(settled: Sequence[Settled], places: int) -> list[Settled]:
    """Gates that were alone let a pass in at more places than it opens: the first ones count."""
    opened: dict[int, Entry] = {}
    for entry in sorted(one.entry for one in settled if one.counted):
        opened.setdefault(entry.site_id, entry)
    firsts = list(opened.values())
    too_many = {entry.site_id for entry in firsts[places:]}
    return [
        one._replace(verdict=DUPLICATE, counted=0, first=firsts[places - 1])
        if one.counted and one.entry.site_id in too_many
        else one
        for one in settled
    ]


class People(NamedTuple):
    """Two numbers that are never mixed: who came in, and who did so by right."""

    let_in: int
    valid: int


def people(settled: Iterable[Settled]) -> People:
    standing = [one for one in settled if one.verdict != Verdict.UNDONE]
    return People(
        let_in=sum(one.entry.people for one in standing),
        valid=sum(one.counted for one in standing),
    )
