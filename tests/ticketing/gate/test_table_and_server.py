"""What the server does online is what the decision table says."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

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


@pytest.mark.parametrize("seed", range(60))
def test_the_server_and_the_table_answer_alike(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  # the same cases at every run
    policy = dice.choice(list(EntryPolicy))
    needs_document = policy != EntryPolicy.UNLIMITED and dice.random() < 0.4
    party = dice.choice([1, 1, 3])
    place, elsewhere = make_site(), make_site()
    ticket = make_ticket(
        product=make_product(
            sites=[place],
            category=(
                category := make_category(
                    code=f"kind-{needs_document}",
                    token_code=40 + needs_document,
                    needs_document=needs_document,
                )
            ),
            entry_policy=policy,
        ),
        category=category,
        party_size=party,
        status=dice.choice(
            [TicketStatus.VALID] * 6 + [TicketStatus.REVOKED, TicketStatus.CANCELLED]
        ),
        at=OPENING - timedelta(hours=1),
    )
    site = dice.choice([place] * 8 + [elsewhere])
    seat = make_seat(ticket, gate=make_gate(site=site))
    said: dict[str, Any] = {"site": site.ticket_bit, "before": None}

    for at in (
        OPENING,
        OPENING + dice.choice([timedelta(minutes=4), timedelta(minutes=5), timedelta(days=1)]),
    ):
        people = dice.choice([None, 1, 1])
        seen = needs_document and dice.random() < 0.7
        result = redeem(
            presentation=present(ticket, people=people, document_seen=seen), seat=seat, at=at
        )
        decision = by_the_table(ticket, at=at, people=people, seen=seen, **said)
        assert (result.outcome, result.admitted_people) == (decision.outcome, decision.people)
        said["before"] = decision if decision.people else said["before"]
