"""What the server does online is what the decision table says."""

import random
from datetime import datetime, timedelta

import pytest

from sites.models import HeritageSite
from tests.factories import OPENING, make_category, make_gate, make_product, make_site, make_ticket
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.gate_facts import Answers, Claims, Code, Decision, Gate, Known, Revoked
from ticketing.domain.judging import judge
from ticketing.domain.redemption import redeem
from ticketing.models import EntryPolicy, Ticket, TicketStatus

pytestmark = pytest.mark.django_db

STATUSES = [*[TicketStatus.VALID] * 6, TicketStatus.REVOKED, TicketStatus.CANCELLED]


def by_the_table(
    ticket: Ticket,
    *,
    site: int,
    at: datetime,
    people: int | None,
    seen: bool,
    before: Decision | None,
) -> Decision:
    """Judge an online presentation of a known ticket after at most one earlier entry here."""
    scope = (*(one.site.ticket_bit or 0 for one in ticket.product.entitlements.all()),)
    inside = before.people if before else 0
    return judge(
        code=Code(
            claims=Claims(
                sites=scope,
                valid_from=int(ticket.valid_from.timestamp()),
                valid_until=int(ticket.valid_until.timestamp()),
                issued_at=int(ticket.issued_at.timestamp()),
                party_size=ticket.party_size,
                entry_policy=ticket.entry_policy,
            )
        ),
        gate=Gate(site=site, at=int(at.timestamp()), alone=False),
        known=Known(
            revoked=Revoked.NO if ticket.status == TicketStatus.VALID else Revoked(ticket.status),
            needs_document=ticket.needs_document,
            inside=inside,
            last_at=int(OPENING.timestamp()) if inside else None,
        ),
        answers=Answers(people=people, document_seen=seen or None),
    )


def some_ticket(dice: random.Random, *, place: HeritageSite) -> Ticket:
    """A ticket of any policy, party and state, for one place."""
    policy = dice.choice(list(EntryPolicy))
    needs_document = dice.random() < 0.4
    category = make_category(
        code=f"kind-{needs_document}",
        token_code=40 + needs_document,
        needs_document=needs_document,
    )
    return make_ticket(
        product=make_product(sites=[place], category=category, entry_policy=policy),
        category=category,
        party_size=dice.choice([1, 1, 3]),
        status=dice.choice(STATUSES),
        at=OPENING - timedelta(hours=1),
    )


@pytest.mark.parametrize("seed", range(60))
def test_the_server_and_the_table_answer_alike(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # the same cases at every run
    place, elsewhere = make_site(), make_site()
    ticket = some_ticket(dice, place=place)
    site = dice.choice([place] * 8 + [elsewhere])
    seat = make_seat(ticket, gate=make_gate(site=site))
    before: Decision | None = None

    for at in (OPENING, OPENING + timedelta(minutes=dice.choice([4, 5, 24 * 60]))):
        people = dice.choice([None, 1, 1])
        seen = ticket.needs_document and dice.random() < 0.7
        result = redeem(
            presentation=present(ticket, people=people, document_seen=seen), seat=seat, at=at
        )
        decision = by_the_table(
            ticket, site=site.ticket_bit or 0, at=at, people=people, seen=seen, before=before
        )
        assert (result.outcome, result.admitted_people) == (decision.outcome, decision.people)
        before = decision if decision.people else before
