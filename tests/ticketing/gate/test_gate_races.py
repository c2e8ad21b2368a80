"""Gates that tell in the same instant as others scan: nothing is counted twice or lost."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Sum

from tests.at_once import at_once
from tests.factories import OPENING, make_gate, make_site, make_ticket
from tests.ticketing.gate.devices import Device, make_gate_device
from tests.ticketing.gate.seats import present
from ticketing.domain.enrolment import seat_of
from ticketing.domain.redemption import redeem
from ticketing.domain.scan_log import tell
from ticketing.domain.ticket_token import to_text
from ticketing.domain.told_events import ToldEvent
from ticketing.models import Admission, GateEvent, Incident, Outcome, Scan, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


def devices(count: int) -> list[Device]:
    site = make_site()
    return [make_gate_device(gate=make_gate(site=site)) for _ in range(count)]


def event(ticket: Ticket, *, sequence: int = 1, minute: int = 0) -> ToldEvent:
    return ToldEvent(
        event_id=uuid4(),
        sequence=sequence,
        text=to_text(bytes(ticket.token)),
        outcome=Outcome.ADMITTED,
        people=1,
        happened_at=OPENING + timedelta(minutes=minute),
    )


def tell_once(device: Device, *events: ToldEvent) -> Any:
    return tell(device_id=device.device.pk, events=events, at=OPENING)


def test_one_ticket_told_by_four_gates_in_the_same_instant_is_valid_once() -> None:
    gates = devices(4)
    ticket = make_ticket(sites=[gates[0].device.gate.site])

    at_once(lambda gate: tell_once(gate, event(ticket, minute=gates.index(gate))), gates)

    assert Admission.objects.get().first_at == OPENING
    assert Incident.objects.filter(withdrawn_at=None).count() == 3
    assert GateEvent.objects.count() == 4


def test_gates_that_tell_and_gates_that_ask_agree_on_who_is_inside() -> None:
    gates = devices(6)
    ticket = make_ticket(sites=[gates[0].device.gate.site], party_size=4)

    def act(gate: Device) -> None:
        if gates.index(gate) % 2:
            tell_once(gate, event(ticket))
            return
        seat = seat_of(gate.token)
        assert seat is not None
        redeem(presentation=present(ticket, people=1), seat=seat, at=OPENING)

    at_once(act, gates)

    told = GateEvent.objects.count()
    online = Scan.objects.filter(outcome=Outcome.ADMITTED).count()
    too_many = Incident.objects.aggregate(people=Sum("people"))["people"] or 0
    assert told == 3
    assert Admission.objects.get().people == min(told + online, 4) == told + online - too_many


def test_one_batch_told_twice_in_the_same_instant_is_kept_once() -> None:
    (gate,) = devices(1)
    tickets = [make_ticket(sites=[gate.device.gate.site]) for _ in range(5)]
    events = [event(ticket, sequence=number) for number, ticket in enumerate(tickets, 1)]

    answers = at_once(lambda order: tell_once(gate, *events[::order]), [1, -1, 1])

    statuses = [one.status for answer in answers for one in answer]
    assert sorted(statuses) == ["repeated"] * 10 + ["stored"] * 5
    assert Admission.objects.count() == 5
    assert Incident.objects.count() == 0


def test_batches_that_share_tickets_in_opposite_orders_do_not_block_each_other() -> None:
    gates = devices(4)
    tickets = [make_ticket(sites=[gates[0].device.gate.site]) for _ in range(12)]

    def act(gate: Device) -> Any:
        order = -1 if gates.index(gate) % 2 else 1
        events = [event(one, sequence=number) for number, one in enumerate(tickets, 1)]
        return tell_once(gate, *events[::order])

    at_once(act, gates)

    assert Admission.objects.count() == 12
    assert Incident.objects.count() == 36
