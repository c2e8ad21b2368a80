"""Money of a revoked ticket waits until every gate knows, and has told what it did before."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from sites.models import HeritageSite
from tests.factories import OPENING, make_gate, make_site, make_ticket
from tests.ticketing.gate.devices import Device, make_gate_device
from ticketing.domain import gate_pack
from ticketing.domain.enrolment import disable
from ticketing.domain.gate_knowledge import LONGEST_ALONE, gates_know
from ticketing.models import Ticket, TicketStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    gate_pack.forget()
    with time_machine.travel(OPENING, tick=False) as traveller:
        yield traveller
    gate_pack.forget()


@pytest.fixture
def site() -> HeritageSite:
    return make_site()


def device_at(site: HeritageSite) -> Device:
    """A device that holds a pack, and so can judge alone."""
    device = make_gate_device(gate=make_gate(site=site))
    hear(device, device.take_pack().number)
    return device


def hear(device: Device, number: int, *, waiting: int = 0) -> None:
    device.post("heartbeat", {"pack_number": number, "waiting": waiting})


def revoke(ticket: Ticket, clock: time_machine.Traveller) -> None:
    Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.REVOKED)
    clock.shift(10)


def know(ticket: Ticket) -> bool:
    return gates_know(ticket_ids=[ticket.pk], at=timezone.now())


def test_gates_know_when_each_has_the_list_and_has_told_everything(
    site: HeritageSite, clock: time_machine.Traveller
) -> None:
    ticket = make_ticket(sites=[site])
    first, second = device_at(site), device_at(site)
    assert not know(ticket)
    revoke(ticket, clock)
    assert not know(ticket)

    hear(first, first.take_pack().number)
    assert not know(ticket)
    # It holds the list, and three scans from before are still on their way.
    number = second.take_pack().number
    hear(second, number, waiting=3)
    assert not know(ticket)
    hear(second, number)

    assert know(ticket)


def test_after_the_longest_time_alone_nobody_is_waited_for(
    site: HeritageSite, clock: time_machine.Traveller
) -> None:
    ticket = make_ticket(sites=[site], validity_days=3)
    device, _silent = device_at(site), device_at(site)
    revoke(ticket, clock)
    hear(device, device.take_pack().number)
    listed_at = timezone.now()

    clock.move_to(listed_at + LONGEST_ALONE - timedelta(seconds=1))
    assert not know(ticket)
    clock.shift(1)

    assert know(ticket)


def test_gates_that_cannot_let_anybody_in_alone_are_not_waited_for(
    site: HeritageSite, clock: time_machine.Traveller
) -> None:
    ticket = make_ticket(sites=[site])
    device, stolen = device_at(site), device_at(site)
    make_gate_device(gate=make_gate(site=site))  # it never had a list
    device_at(make_site())  # another place
    disable(device=stolen.device, at=OPENING)
    revoke(ticket, clock)

    hear(device, device.take_pack().number)

    assert know(ticket)


def test_a_part_of_a_party_is_known_by_itself(
    site: HeritageSite, clock: time_machine.Traveller
) -> None:
    ticket = make_ticket(sites=[site], party_size=25)
    device = device_at(site)
    for people, expected in ((3, True), (5, False)):
        Ticket.objects.filter(pk=ticket.pk).update(cancelled_people=people)
        clock.shift(10)
        if expected:
            hear(device, device.take_pack().number)
        assert know(ticket) is expected


def test_all_of_several_tickets_must_be_known(
    site: HeritageSite, clock: time_machine.Traveller
) -> None:
    void, valid = make_ticket(sites=[site]), make_ticket(sites=[site])
    device = device_at(site)
    revoke(void, clock)
    hear(device, device.take_pack().number)

    assert know(void)
    assert not gates_know(ticket_ids=[void.pk, valid.pk], at=timezone.now())
