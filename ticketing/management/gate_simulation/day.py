"""The day itself: arrivals at their true times, cuts, restarts, uploads, and what must hold."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from heapq import merge
from itertools import count
from typing import NamedTuple

from ticketing.domain import gate_pack
from ticketing.domain.proving import read_code
from ticketing.domain.scan_log import Kept
from ticketing.domain.ticket_ids import to_hex
from ticketing.management.gate_simulation.checks import excess_of, incidents_of
from ticketing.management.gate_simulation.crowd import Arrival, Crowd, make_crowd
from ticketing.management.gate_simulation.scanner import Scanner, Shown
from ticketing.management.gate_simulation.world import PLACES_OF_A_PASS, World, make_world
from ticketing.models import Entitlement, Outcome, Ticket, TicketStatus

SYNC_EVERY = timedelta(minutes=15)
CLOCK_WRONG_BY_AT_MOST_S = 300
# Said of somebody who has a right, these would be untrue.
UNTRUE = frozenset(
    {
        *(Outcome.ALREADY_ADMITTED, Outcome.PARTY_EXHAUSTED, Outcome.WRONG_SITE, Outcome.EXPIRED),
        *(Outcome.NOT_YET_VALID, Outcome.UNKNOWN, Outcome.FORGED, Outcome.WRONG_SLOT),
        *(Outcome.REVOKED, Outcome.CANCELLED, Outcome.UNPAID, Outcome.DEVICE_BLOCKED),
    }
)


class Happening(NamedTuple):
    at: datetime
    # Tells apart what happens in the same instant.
    order: int
    act: Callable[[datetime], None]


@dataclass(slots=True)
class Day:
    """The truth about the day, which no gate knows, and what was found wrong with it."""

    world: World
    crowd: Crowd
    scanners: dict[int, Scanner]
    dice: random.Random
    # Which sites each product opens.
    sites: dict[int, frozenset[int]]
    sync_every: timedelta = SYNC_EVERY
    # People inside by right or not, by ticket and site.
    inside: Counter[tuple[int, int]] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    let_in: int = 0
    presented: int = 0
    wrongly_refused: list[str] = field(default_factory=list)
    late_incidents: list[str] = field(default_factory=list)
    restarts: int = 0
    syncs: int = 0

    def live(self) -> None:
        """Let everything happen in the order of the true times, and tell what is left at night."""
        for happening in merge(self._arrivals(), self._syncs(), self._revocations()):
            happening.act(happening.at)
        for number in range(2):
            for scanner in self.scanners.values():
                scanner.cuts = ()
                self._sync(scanner, self.world.at(20, number))

    def _arrivals(self) -> Iterator[Happening]:
        happenings = [
            Happening(arrival.at, order, partial(self._arrive, arrival))
            for order, arrival in enumerate(self.crowd.arrivals)
        ]
        happenings += [
            Happening(one.at + one.undone_after, -order, partial(self._undo, one))
            for order, one in enumerate(self.crowd.arrivals, 1)
            if one.undone_after
        ]
        return iter(sorted(happenings, key=lambda happening: happening[:2]))

    def _syncs(self) -> Iterator[Happening]:
        numbers = count(10_000_000)
        at = self.world.at(6, 30)
        while at < self.world.at(19):
            for index, scanner in enumerate(self.scanners.values()):
                moment = at + timedelta(seconds=7 * index)
                yield Happening(moment, next(numbers), partial(self._sync, scanner))
            at += self.sync_every

    def _revocations(self) -> Iterator[Happening]:
        numbers = count(20_000_000)
        for ticket_id, at in sorted(self.crowd.revoked.items(), key=lambda pair: pair[1]):
            yield Happening(at, next(numbers), partial(self._revoke, ticket_id))

    def _arrive(self, arrival: Arrival, at: datetime) -> None:
        scanner = self.scanners[arrival.post.seat.device_id]
        has_right = self._has_right(arrival)
        # Back in the network, what waits goes first.
        self._flush(scanner, at)
        shown = scanner.present(arrival)
        self.presented += 1
        self.outcomes[shown.outcome] += 1
        self.alone[shown.outcome] += shown.alone
        self.doubts.update(shown.doubts)
        self.let_in += shown.people
        self.inside[arrival.ticket.pk, arrival.post.site_bit] += shown.people
        if has_right and shown.outcome in UNTRUE:
            self.wrongly_refused.append(_sentence(arrival, shown))
        if arrival.undone_after and not shown.people:
            arrival.undone_after = None

    def _has_right(self, arrival: Arrival) -> bool:
        revoked_at = self.crowd.revoked.get(arrival.ticket.pk)
        key = (arrival.ticket.pk, arrival.post.site_bit)
        return (
            arrival.post.gate.site_id in self.sites[arrival.ticket.product_id]
            and _is_in_time(arrival)
            and self._has_place_left(arrival)
            and (revoked_at is None or arrival.at < revoked_at)
            and self.inside[key] + arrival.people <= arrival.ticket.party_size
        )

    def _has_place_left(self, arrival: Arrival) -> bool:
        """Whether a pass may open this place: it did before, or opens one more."""
        if not arrival.ticket.rule:
            return True
        opened = {
            bit for (pk, bit), people in self.inside.items() if people and pk == arrival.ticket.pk
        }
        return arrival.post.site_bit in opened or len(opened) < PLACES_OF_A_PASS

    def _undo(self, arrival: Arrival, at: datetime) -> None:
        if arrival.undone_after:
            self.scanners[arrival.post.seat.device_id].undo(arrival, at=at)
            self.inside[arrival.ticket.pk, arrival.post.site_bit] -= arrival.people
            self.let_in -= arrival.people

    def _revoke(self, ticket_id: int, at: datetime) -> None:
        Ticket.objects.filter(pk=ticket_id).update(status=TicketStatus.REVOKED)
        gate_pack.forget_refreshed()
        gate_pack.refresh(site=self.world.posts[0].gate.site, at=at)

    def _sync(self, scanner: Scanner, at: datetime) -> None:
        if scanner.is_cut(at):
            if self.dice.randrange(6) == 0:
                scanner.restart()
                self.restarts += 1
            return
        self._flush(scanner, at)
        scanner.fetch(at)
        self.syncs += 1

    def _flush(self, scanner: Scanner, at: datetime) -> None:
        if scanner.waiting and not scanner.is_cut(at):
            self._check(scanner.flush(at))

    def _check(self, told: Sequence[Kept]) -> None:
        """Every double use that the server can know of now has its incident now."""
        about = {ticket for one in told if (ticket := read_code(one.event).ticket_id) is not None}
        incidents = incidents_of(about)
        self.late_incidents += [
            f"{to_hex(ticket)}: {people} too many, {incidents.get(ticket, 0)} found"
            for ticket, people in excess_of(about).items()
            if incidents.get(ticket, 0) != people
        ]


def _is_in_time(arrival: Arrival) -> bool:
    ticket = arrival.ticket
    if ticket.entry_from is None or ticket.entry_until is None:
        return True
    elsewhere = ticket.entry_site_id != arrival.post.gate.site_id
    return elsewhere or ticket.entry_from <= arrival.at < ticket.entry_until


def make_day(
    *,
    seed: int,
    entries: int,
    day: date,
    loses_every: int = 0,
    sync_every: timedelta = SYNC_EVERY,
) -> Day:
    """Places, people and devices for a day; the same seed makes the same day.

    `loses_every`: one device is broken and loses every so many of its scans.
    """
    dice = random.Random(seed)  # noqa: S311  # the same day for the same seed, no secret
    world = make_world(day=day, entries=entries)
    scanners = {
        post.seat.device_id: Scanner(
            post=post,
            dice=dice,
            wrong_by=timedelta(
                seconds=dice.randint(-CLOCK_WRONG_BY_AT_MOST_S, CLOCK_WRONG_BY_AT_MOST_S)
            ),
            cuts=_cuts(world, dice),
        )
        for post in world.posts
    }
    next(iter(scanners.values())).loses_every = loses_every
    crowd = make_crowd(world, entries=entries, dice=dice)
    sites = {product: _sites(product) for product in {a.ticket.product_id for a in crowd.arrivals}}
    return Day(
        world=world,
        crowd=crowd,
        scanners=scanners,
        dice=dice,
        sites=sites,
        sync_every=sync_every,
    )


def _cuts(world: World, dice: random.Random) -> list[tuple[datetime, datetime]]:
    """The network is away three times a day, for minutes or for hours."""
    starts = [world.at(7) + timedelta(minutes=dice.randrange(9 * 60)) for _ in range(3)]
    return [(start, start + timedelta(minutes=dice.choice([5, 45, 150]))) for start in starts]


def _sites(product_id: int) -> frozenset[int]:
    opened = Entitlement.objects.filter(product=product_id).values_list("site_id", flat=True)
    return frozenset(opened)


def _sentence(arrival: Arrival, shown: Shown) -> str:
    where = "alone" if shown.alone else "online"
    return (
        f"{arrival.at:%H:%M:%S} {arrival.post.gate.code} {arrival.ticket}: {shown.outcome} {where}"
    )
