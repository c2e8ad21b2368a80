"""A ticket for a time opens its place at that time alone."""

from datetime import datetime, time, timedelta

import pytest

from tests.factories import make_gate, make_site
from tests.ticketing.capacity.rooms import (
    TOMORROW,
    line_for,
    make_capacity,
    make_counted_product,
    make_day,
    make_time,
    placed,
)
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.issuing import pay_order
from ticketing.domain.outcome_texts import outcome_text
from ticketing.domain.presentation import ScanResult
from ticketing.domain.redemption import redeem
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import Capacity, CapacityUse, Outcome, Ticket, TicketStatus

pytestmark = pytest.mark.django_db


def make_timed_ticket(*, elsewhere: bool = False, people: int = 1) -> Ticket:
    """A ticket for 09:00 to 10:00 tomorrow; `elsewhere`: its product opens another place too."""
    stage = make_capacity(kind=Capacity.Kind.TIMED)
    slot = make_time(stage, starts=time(9))
    if elsewhere:
        other = make_capacity(site=make_site())
        make_day(other)
        product = make_counted_product(stage, other)
    else:
        product = make_counted_product(stage)
    assert CapacityUse.objects.filter(product=product).exists()
    order = placed(line_for(product, slot=slot, people=people), one_code=True).order
    pay_order(order=order, at=order.created_at)
    return Ticket.objects.get(line__order=order)


def clock(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(TOMORROW, time(hour, minute), tzinfo=VIETNAM)


def scan(ticket: Ticket, at: datetime) -> ScanResult:
    return redeem(presentation=present(ticket), seat=make_seat(ticket), at=at)


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        (clock(9) - timedelta(microseconds=1), Outcome.WRONG_SLOT),
        (clock(9), Outcome.ADMITTED),
        (clock(10) - timedelta(microseconds=1), Outcome.ADMITTED),
        (clock(10), Outcome.WRONG_SLOT),
    ],
)
def test_people_enter_from_the_first_moment_until_just_before_the_last(
    at: datetime, outcome: Outcome
) -> None:
    result = scan(make_timed_ticket(), at)

    assert result.outcome == outcome
    assert result.ticket is not None
    assert (result.ticket.entry_from, result.ticket.entry_until) == (clock(9), clock(10))


def test_the_guard_hears_the_time_of_the_ticket_the_first_time_and_again() -> None:
    ticket = make_timed_ticket()
    seat, presentation = make_seat(ticket), present(ticket)

    told = [redeem(presentation=presentation, seat=seat, at=clock(11)) for _ in range(2)]

    assert told[0] == told[1]
    assert outcome_text(told[0], language="en") == (
        "People enter with this ticket from 09:00 to 10:00 on 23/11/2026."
    )
    assert outcome_text(told[0], language="vi") == (
        "Vé này vào cửa từ 09:00 đến 10:00 ngày 23/11/2026."
    )


def test_latecomers_of_a_party_find_the_door_shut_and_nobody_is_counted() -> None:
    ticket = make_timed_ticket(people=3)
    seat = make_seat(ticket)
    redeem(presentation=present(ticket, people=2), seat=seat, at=clock(9, 30))

    late = redeem(presentation=present(ticket), seat=seat, at=clock(10, 30))

    assert (late.outcome, late.admitted_people) == (Outcome.WRONG_SLOT, 0)
    assert late.ticket is not None
    assert late.ticket.left == 1


def test_another_place_of_the_same_ticket_opens_at_any_time() -> None:
    ticket = make_timed_ticket(elsewhere=True)
    sites = [row.site for row in ticket.product.entitlements.order_by("pk")]
    gates = [make_gate(site=site) for site in sites]

    outcomes = {
        redeem(
            presentation=present(ticket), seat=make_seat(ticket, gate=gate), at=clock(15)
        ).outcome
        for gate in gates
    }

    assert outcomes == {Outcome.WRONG_SLOT, Outcome.ADMITTED}


def test_a_cancelled_ticket_is_cancelled_at_every_time() -> None:
    ticket = make_timed_ticket()
    Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.CANCELLED)

    assert scan(ticket, clock(11)).outcome == Outcome.CANCELLED
