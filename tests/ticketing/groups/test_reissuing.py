"""Tickets that are exchanged for others, on the real database and beside a gate."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from tests.at_once import at_once
from tests.factories import OPENING, make_gate, make_order, make_product, make_site, make_ticket
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.presentation import ScanResult
from ticketing.domain.redemption import redeem
from ticketing.domain.reissuing import (
    Exchange,
    Fixed,
    Held,
    WhyFixed,
    exchange,
    hold_unused,
    people_of_line,
)
from ticketing.domain.ticket_token import read_unproven, to_text
from ticketing.models import Admission, EntryPolicy, Outcome, Reissue, Scan, Ticket, TicketStatus

pytestmark = pytest.mark.django_db


@transaction.atomic
def split_into(ticket: Ticket, *parties: int) -> list[Ticket] | Fixed:
    """Exchange for these parties, and one of everybody else who is left."""
    held = hold_unused(order=ticket.line.order, ticket_ids=[ticket.pk], at=OPENING)
    if isinstance(held, Fixed):
        return held
    rest = held[0].unused - sum(parties)
    wanted = Exchange(kind=Reissue.Kind.SPLIT, parties=[*parties, *[rest] * (rest > 0)])
    return exchange(held=held, wanted=wanted, at=OPENING)


def held(ticket: Ticket) -> list[Held] | Fixed:
    with transaction.atomic():
        found = hold_unused(order=ticket.line.order, ticket_ids=[ticket.pk], at=OPENING)
    return found if isinstance(found, Fixed) else list(found)


def test_new_tickets_have_ids_and_tokens_of_their_own_and_all_else_of_the_old_one() -> None:
    old = make_ticket(party_size=25, at=OPENING)

    new = split_into(old, 1, 1)

    assert isinstance(new, list)
    old.refresh_from_db()
    assert (old.status, old.travelled_people) == (TicketStatus.REVOKED, 25)
    assert [(one.number, one.party_size) for one in new] == [(1, 1), (2, 1), (3, 23)]
    for ticket in Ticket.objects.filter(made_by=old.ended_by):
        read = read_unproven(to_text(bytes(ticket.token)))
        assert read is not None
        assert read.claims.party_size == ticket.party_size
        assert ticket.status == TicketStatus.VALID
        assert (ticket.line_id, ticket.valid_until) == (old.line_id, old.valid_until)
    assert len({bytes(ticket.token) for ticket in [old, *new]}) == 4
    assert people_of_line(old.line_id) == 25


def test_people_who_were_let_in_stay_with_the_old_ticket() -> None:
    old = make_ticket(party_size=25, at=OPENING)
    seat = make_seat(old)
    redeem(presentation=present(old, people=18), seat=seat, at=OPENING)

    new = split_into(old, 3)

    assert isinstance(new, list)
    assert [ticket.party_size for ticket in new] == [3, 4]
    old.refresh_from_db()
    assert old.travelled_people == 7
    assert people_of_line(old.line_id) == 25


def test_the_gate_says_that_the_old_code_was_replaced_and_admits_the_new_one() -> None:
    old = make_ticket(party_size=2, at=OPENING)
    seat = make_seat(old)
    new = split_into(old, 1)
    assert isinstance(new, list)

    refused = redeem(presentation=present(old), seat=seat, at=OPENING)
    admitted = redeem(presentation=present(new[0]), seat=seat, at=OPENING)

    assert refused.outcome == Outcome.REVOKED
    assert refused.ticket is not None
    assert refused.ticket.replaced
    assert admitted.outcome == Outcome.ADMITTED


def test_a_ticket_that_still_opens_other_places_is_exchanged_only_before_its_first_entry() -> None:
    palace, tomb = make_site(), make_site()
    combo = make_ticket(sites=[palace, tomb], party_size=5, at=OPENING)
    daily = make_ticket(party_size=5, entry_policy=EntryPolicy.ONCE_PER_SITE_PER_DAY, at=OPENING)
    once = make_ticket(
        sites=[palace, tomb], party_size=5, entry_policy=EntryPolicy.ONCE, at=OPENING
    )
    for ticket in (combo, daily, once):
        redeem(presentation=present(ticket, people=2), seat=make_seat(ticket), at=OPENING)

    assert held(combo) == Fixed(WhyFixed.ALREADY_IN_USE, combo.pk)
    assert held(daily) == Fixed(WhyFixed.ALREADY_IN_USE, daily.pk)
    assert held(once) == [Held(once, 3)]


def test_what_cannot_be_exchanged_says_why() -> None:
    used = make_ticket(at=OPENING)
    redeem(presentation=present(used), seat=make_seat(used), at=OPENING)
    cancelled = make_ticket(at=OPENING, status=TicketStatus.CANCELLED)
    over = make_ticket(at=OPENING - timedelta(days=1))
    stranger = make_ticket(at=OPENING)
    stranger.line.order = cancelled.line.order
    unpaid = make_order(product=make_product(), at=OPENING)

    assert held(used) == Fixed(WhyFixed.NOBODY_LEFT, used.pk)
    assert held(cancelled) == Fixed(WhyFixed.TICKET_NOT_VALID, cancelled.pk)
    assert held(over) == Fixed(WhyFixed.TICKET_EXPIRED, over.pk)
    assert held(stranger) == Fixed(WhyFixed.UNKNOWN_TICKET, stranger.pk)
    with transaction.atomic():
        found = hold_unused(order=unpaid, ticket_ids=[], at=OPENING)
    assert found == Fixed(WhyFixed.ORDER_NOT_PAID)


def test_no_more_and_no_fewer_people_come_out_than_went_in() -> None:
    ticket = make_ticket(party_size=5, at=OPENING)

    for parties in ([5, 1], [4], [6, -1]):
        with transaction.atomic(), pytest.raises(ValueError, match="do not fit"):
            exchange(
                held=[Held(ticket, 5)],
                wanted=Exchange(kind=Reissue.Kind.SPLIT, parties=parties),
                at=OPENING,
            )


def test_the_database_keeps_no_valid_ticket_that_was_replaced() -> None:
    ticket = make_ticket(party_size=2, at=OPENING)
    split_into(ticket, 1)

    with transaction.atomic(), pytest.raises(IntegrityError, match="replaced_is_not_valid"):
        Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.VALID)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("inside", [0, 2])
def test_a_split_and_gates_in_the_same_instant_never_let_in_more_than_the_party(
    inside: int,
) -> None:
    for _ in range(8):
        ticket = make_ticket(party_size=6, at=OPENING)
        gate = make_gate(site=ticket.product.entitlements.get().site)
        seats = [make_seat(ticket, gate=gate) for _ in range(3)]
        if inside:
            redeem(presentation=present(ticket, people=inside), seat=seats[0], at=OPENING)
        entering = [
            partial(redeem, presentation=present(ticket, people=1), seat=seat, at=OPENING)
            for seat in seats
        ]
        acts: list[Callable[[], object]] = [partial(split_into, ticket, 1), *entering]

        answers = at_once(lambda act: act(), acts)

        assert people_of_line(ticket.line_id) == 6
        ticket.refresh_from_db()
        stayed = ticket.party_size - ticket.travelled_people
        let_in = Admission.objects.filter(ticket=ticket).aggregate(people=Sum("people"))["people"]
        assert (let_in or 0) == stayed
        scans = [answer for answer in answers if isinstance(answer, ScanResult)]
        assert {scan.outcome for scan in scans} <= {Outcome.ADMITTED, Outcome.REVOKED}
        for new in Ticket.objects.filter(made_by=ticket.ended_by):
            redeem(presentation=present(new), seat=seats[0], at=OPENING)
        in_total = Scan.objects.filter(ticket__line=ticket.line_id, outcome="admitted")
        assert in_total.aggregate(people=Sum("people"))["people"] == 6


def test_who_was_cancelled_does_not_travel() -> None:
    old = make_ticket(party_size=25, at=OPENING)
    redeem(presentation=present(old, people=18), seat=make_seat(old), at=OPENING)
    Ticket.objects.filter(pk=old.pk).update(cancelled_people=3)

    new = split_into(old, 1)

    assert isinstance(new, list)
    assert [(ticket.party_size, ticket.cancelled_people) for ticket in new] == [(1, 0), (3, 0)]
    assert people_of_line(old.line_id) == 25
