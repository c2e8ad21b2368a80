"""Who comes to which gate, and when: a day of the load model, with cheats among the people."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from ticketing.domain.visit_days import VIETNAM
from ticketing.management.gate_simulation.world import SHARES, Post, World, shuffled
from ticketing.models import Ticket

# Entries in each hour from seven on, in percent: the busiest has a fifth of the day.
HOURS = {7: 8, 8: 17, 9: 20, 10: 14, 11: 5, 12: 4, 13: 7, 14: 11, 15: 9, 16: 5}
# Of a thousand entries: codes that are shown to somebody else again, tickets that are revoked
# before they come, entries that the guard takes back, and people at the wrong place.
SHARED, REVOKED, TAKEN_BACK, LOST_WAY = 8, 3, 4, 4
# Of a hundred people with a ticket for an hour: those who come at any hour.
OUT_OF_TIME = 25
HALL = list(SHARES)[-1]


@dataclass(slots=True)
class Arrival:
    """Somebody shows a code at a gate, at a true time."""

    at: datetime
    post: Post
    ticket: Ticket
    people: int
    scan_id: UUID
    # The same code was shown before by somebody who let it be copied.
    copied: bool = False
    undone_after: timedelta | None = None


@dataclass(slots=True)
class Crowd:
    arrivals: list[Arrival]
    # When each of these tickets is revoked.
    revoked: dict[int, datetime] = field(default_factory=dict)


def make_crowd(world: World, *, entries: int, dice: random.Random) -> Crowd:
    """So many arrivals in the order of their true times."""
    crowd = Crowd([])
    plan = list(_plan(world, entries=entries, dice=dice))
    for ticket, site, people in plan:
        arrival = _arrive(world, ticket, site, people, dice)
        crowd.arrivals.append(arrival)
        crowd.arrivals += _mischief(world, crowd, arrival, dice)
    crowd.arrivals.sort(key=lambda arrival: arrival.at)
    return crowd


def _plan(world: World, *, entries: int, dice: random.Random) -> Iterator[tuple[Ticket, str, int]]:
    """Which ticket goes where, so many times."""
    left = entries
    for ticket, site, people in _with_plans(world, entries=entries, dice=dice):
        left -= 1
        yield ticket, site, people
    sites = [site for site in SHARES for _ in range(SHARES[site])]
    supply = {site: iter(shuffled(tickets, dice)) for site, tickets in world.singles.items()}
    while left > 0 and sites:
        site = dice.choice(sites)
        single = next(supply[site], None)
        if single is None:
            sites = [name for name in sites if name != site]
            continue
        left -= 1
        yield single, site, 1


def _with_plans(
    world: World, *, entries: int, dice: random.Random
) -> Iterator[tuple[Ticket, str, int]]:
    """Combos go to each of their places; passes try one too many; groups come in two halves."""
    combos = shuffled(world.combos, dice)[: entries * 38 // 100 // len(SHARES)]
    yield from ((ticket, site, 1) for ticket in combos for site in SHARES)
    for site, share in SHARES.items():
        for ticket in world.groups[site][: entries * share // 10_000]:
            # The second half is all who are left.
            yield ticket, site, ticket.party_size - 7
            yield ticket, site, 7
    passes = world.passes[: entries * 3 // 100]
    yield from ((ticket, site, 1) for ticket in passes for site in SHARES)
    yield from ((ticket, HALL, 1) for ticket in shuffled(world.timed, dice)[: entries * 6 // 100])


def _arrive(world: World, ticket: Ticket, site: str, people: int, dice: random.Random) -> Arrival:
    hour = dice.choices(list(HOURS), weights=list(HOURS.values()))[0]
    if ticket.entry_from and dice.randrange(100) >= OUT_OF_TIME:
        hour = ticket.entry_from.astimezone(VIETNAM).hour
    at = world.at(hour) + timedelta(seconds=dice.uniform(0, 3600))
    return Arrival(at, dice.choice(_posts(world, site)), ticket, people, _uuid(dice))


def _posts(world: World, site: str) -> list[Post]:
    return [post for post in world.posts if post.gate.site.slug == site]


def _mischief(
    world: World, crowd: Crowd, arrival: Arrival, dice: random.Random
) -> Iterator[Arrival]:
    chance = dice.randrange(1000)
    site = arrival.post.gate.site.slug
    if chance < SHARED:
        # A screenshot: at any gate of the place, minutes or hours later.
        at = arrival.at + timedelta(seconds=dice.choice([5, 90, 600, 7200]))
        post = dice.choice(_posts(world, site))
        yield Arrival(at, post, arrival.ticket, arrival.people, _uuid(dice), copied=True)
    elif chance < SHARED + REVOKED:
        before = timedelta(minutes=dice.choice([1, 20, 90]))
        crowd.revoked.setdefault(arrival.ticket.pk, arrival.at - before)
    elif chance < SHARED + REVOKED + TAKEN_BACK and not ticket_is_a_pass(arrival.ticket):
        arrival.undone_after = timedelta(seconds=20)
        at = arrival.at + timedelta(minutes=3)
        yield Arrival(at, arrival.post, arrival.ticket, arrival.people, _uuid(dice))
    elif (
        chance < SHARED + REVOKED + TAKEN_BACK + LOST_WAY
        and arrival.ticket.product_id != world.combos[0].product_id
        and not ticket_is_a_pass(arrival.ticket)
    ):
        lost = dice.choice([post for post in world.posts if post.gate.site.slug != site])
        at = arrival.at - timedelta(minutes=30)
        yield Arrival(at, lost, arrival.ticket, arrival.people, _uuid(dice))


def ticket_is_a_pass(ticket: Ticket) -> bool:
    """A pass that is taken back at one place may be refused at the next until that is told."""
    return ticket.rule is not None


def _uuid(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)
