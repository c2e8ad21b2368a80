"""Which entries were right, told from everything that any gate ever said: a pure function.

What is known is a set of scans, of undoings and of clock readings. Sets are joined in any order
and as often as one likes, and what follows from a set depends on nothing else: so gates may
bring their scans late, twice and in any order, over a hub or by themselves.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from ticketing.domain.passes import Breach, BrokenRule, Opened, PassRule, judge_pass
from ticketing.domain.visit_days import day_of
from ticketing.models import EntryPolicy

# Between two entries of a ticket that opens as often as one wants.
REENTRY_AFTER = timedelta(minutes=5)
NO_SEQUENCE = -1


class Verdict(StrEnum):
    VALID = "valid"
    DUPLICATE = "duplicate"
    RULED_OUT = "ruled_out"
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
# No site has this number.
SOMEWHERE = 0


class Settled(NamedTuple):
    """One entry, and how many of its people came in by right."""

    entry: Entry
    bucket: Bucket
    verdict: Verdict
    counted: int
    # Who used the ticket up.
    first: Entry | None = None
    # Which rule of a pass forbade it.
    breach: Breach | None = None


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
    rule: PassRule | None = None,
) -> list[Settled]:
    """Judge all entries of one ticket anew, in the order of their true times.

    As many people as the party has come in by right; whoever came later came twice. An entry that
    was undone lets nobody in. The `rule` of a pass, whose places are sites here, forbids what a
    gate would have refused that had known of every entry before.
    """
    taken_back = undone if isinstance(undone, AbstractSet) else frozenset(undone)
    told = set(entries)
    if rule is not None:
        return _settle_pass(told, rule=rule, policy=policy, party=party, undone=taken_back)
    if len(told) == 1:
        # Most tickets are used once, and an upload brings a thousand of them.
        return [_settle_only(told.pop(), policy=policy, party=party, undone=taken_back)]
    return _settle_many(told, policy=policy, party=party, undone=taken_back)


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


def _settle_pass(
    entries: AbstractSet[Entry],
    *,
    rule: PassRule,
    policy: int,
    party: int,
    undone: AbstractSet[tuple[int, UUID]],
) -> list[Settled]:
    """Gates that were alone let a pass in against its rule: that entry opens nothing."""
    standing = [entry for entry in entries if entry.key not in undone]
    ruled_out = dict(_ruled_out(standing, rule=rule, policy=policy))
    by_right = entries - ruled_out.keys()
    settled = _settle_many(by_right, policy=policy, party=party, undone=undone)
    for entry, (breach, first) in ruled_out.items():
        # A place too many is the same right used once more.
        verdict = DUPLICATE if breach == Breach.PLACES_USED else Verdict.RULED_OUT
        bucket = bucket_of(entry, policy=policy)
        settled.append(Settled(entry, bucket, verdict, 0, first, breach))
    return settled


def _ruled_out(
    entries: Collection[Entry], *, rule: PassRule, policy: int
) -> Iterator[tuple[Entry, tuple[Breach, Entry | None]]]:
    """Play the entries again as if every gate had been online."""
    opened: dict[int, Entry] = {}
    for entry in sorted(entries):
        place = SOMEWHERE if policy == ONCE else entry.site_id
        known = [Opened(there, first.at) for there, first in opened.items()]
        broken = judge_pass(rule=rule, opened=known, place=place, at=entry.at)
        if broken is None:
            opened.setdefault(place, entry)
        else:
            yield entry, (broken.breach, _who_was_before(broken, rule, list(opened.values())))


def _who_was_before(broken: BrokenRule, rule: PassRule, opened: Sequence[Entry]) -> Entry | None:
    """Who began the time, used up the places or went ahead; nobody, where a place is missing."""
    if broken.breach == Breach.TIME_OVER:
        return opened[0]
    return None if rule.sites_limit is None else opened[-1]


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
