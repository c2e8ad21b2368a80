"""Gates and cancellations in the same instant: inside and cancelled never exceed the party."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from tests.at_once import at_once
from tests.factories import OPENING
from tests.ticketing.changes.parties import ask, make_group, some, ticket_of
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.cancelling import EVERYBODY, Cancelled, Wish
from ticketing.domain.enrolment import Seat
from ticketing.domain.redemption import redeem
from ticketing.models import Admission, Cancellation, Order, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


def do(act: Act) -> object:
    return act()


def scan(ticket: Ticket, seat: Seat, people: int) -> object:
    return redeem(presentation=present(ticket, people=people), seat=seat, at=OPENING)


def counts(ticket: Ticket) -> tuple[int, int]:
    """People inside by the admissions, and people cancelled by the facts."""
    ticket.refresh_from_db()
    inside = sum(Admission.objects.filter(ticket=ticket).values_list("people", flat=True))
    gone = sum(
        line.people
        for fact in Cancellation.objects.all()
        for line in fact.lines.filter(ticket=ticket)
    )
    assert gone == ticket.cancelled_people
    return inside, gone


@pytest.mark.parametrize("turn", range(6))
@pytest.mark.parametrize("known", [False, True], ids=["first-scan", "later-scan"])
def test_a_gate_and_a_buyer_never_use_the_same_place(turn: int, known: bool) -> None:  # noqa: FBT001 # a parameter of the test
    order = make_group()
    ticket = ticket_of(order)
    seats = [make_seat(ticket) for _ in range(4)]
    if known:
        scan(ticket, seats[0], 1)
    acts: list[Act] = [partial(scan, ticket, seat, 6) for seat in seats]
    acts += [partial(ask, order, some(5, ticket=ticket)) for _ in range(3)]

    at_once(do, acts)

    inside, gone = counts(ticket)
    assert inside + gone <= 25
    # Nobody is refused for nothing: what is left is less than what anybody asked for.
    assert 25 - inside - gone < 6


@pytest.mark.parametrize("turn", range(6))
def test_the_last_place_is_entered_or_paid_back(turn: int) -> None:
    order = make_group(people=1)
    ticket = ticket_of(order)
    seat = make_seat(ticket)

    acts: list[Act] = [partial(scan, ticket, seat, 1), partial(ask, order)]

    at_once(do, acts)

    inside, gone = counts(ticket)
    assert inside + gone == 1
    assert Order.objects.get().status == ("cancelled" if gone else "paid")


def test_the_same_request_sent_at_once_is_one_cancellation() -> None:
    order = make_group()
    wish = some(5, ticket=ticket_of(order))

    answers = at_once(lambda key: ask(order, wish, key=key), ["the-same-key"] * 6)

    assert all(isinstance(answer, Cancelled) for answer in answers)
    assert counts(ticket_of(order)) == (0, 5)


def test_two_wishes_for_the_same_people_do_not_both_come_true() -> None:
    order = make_group(people=10)
    wishes: list[Wish] = [some(6, ticket=ticket_of(order)), EVERYBODY] * 3

    at_once(lambda wish: ask(order, wish, key=uuid4().hex), wishes)

    assert counts(ticket_of(order)) == (0, 10)
    amounts = Cancellation.objects.values_list("amount_back", flat=True)
    assert sum(amounts) == 10 * 100_000
