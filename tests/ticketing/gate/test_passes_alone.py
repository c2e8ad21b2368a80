"""Passes at gates that are alone: the merge finds what their rules forbid."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import OPENING, make_gate, make_pass, make_site, make_ticket
from tests.ticketing.gate.devices import Device, make_gate_device
from ticketing.domain import gate_pack
from ticketing.models import Admission, EntryVerdict, Incident, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    gate_pack.forget()
    with time_machine.travel(OPENING, tick=False) as traveller:
        yield traveller


def sell_pass(*, places: int = 2, **rules: Any) -> tuple[Ticket, list[Device]]:
    """A ticket of a pass, and a device at each of its places in order."""
    # The sites come in another order than their numbers in the database.
    sites = [make_site() for _ in range(places)][::-1]
    product = make_pass(sites=sites, **rules)
    devices = [make_gate_device(gate=make_gate(site=site)) for site in sites]
    return make_ticket(product=product, at=OPENING), devices


def heard(device: Device, ticket: Ticket, *, minute: int) -> tuple[str, int]:
    (result,) = device.tell(device.scan(ticket, at=OPENING + timedelta(minutes=minute)))
    return result["outcome"], result["counted_people"]


def standing() -> list[tuple[str, int | None, int | None]]:
    rows = Incident.objects.filter(withdrawn_at__isnull=True).order_by("at")
    return [(row.kind, row.gate_id, row.first_gate_id) for row in rows]


def test_a_place_before_its_turn_is_an_incident_until_the_earlier_entry_is_told() -> None:
    ticket, (palace, tomb) = sell_pass(in_order=True)

    early = heard(tomb, ticket, minute=40)
    found = standing()
    late = heard(palace, ticket, minute=5)

    assert early == ("wrong_site", 0)
    assert found == [("out_of_order", tomb.device.gate_id, None)]
    # The palace was first after all, and had only not told it.
    assert late == ("admitted", 1)
    assert standing() == []
    assert sorted(Admission.objects.values_list("people", flat=True)) == [1, 1]
    # What was said first stays as history.
    (replaced,) = EntryVerdict.objects.filter(replaced_at__isnull=False)
    assert replaced.verdict == "ruled_out"
    assert not EntryVerdict.objects.filter(verdict="ruled_out", replaced_at=None).exists()


def test_who_goes_back_to_a_place_that_was_left_out_is_an_incident_naming_who_was_ahead() -> None:
    ticket, (palace, tomb, _museum) = sell_pass(places=3, in_order=True, sites_limit=2)

    assert heard(tomb, ticket, minute=0) == ("admitted", 1)
    assert heard(palace, ticket, minute=30) == ("wrong_site", 0)

    assert standing() == [("out_of_order", palace.device.gate_id, tomb.device.gate_id)]
    assert Admission.objects.count() == 1


def test_after_the_time_from_the_first_entry_a_pass_is_an_incident_naming_that_entry() -> None:
    ticket, (palace, tomb) = sell_pass(use_within_minutes=60)

    assert heard(tomb, ticket, minute=60) == ("admitted", 1)
    # Told later, this began the hour.
    assert heard(palace, ticket, minute=0) == ("admitted", 1)

    assert standing() == [("time_over", tomb.device.gate_id, palace.device.gate_id)]
    assert Admission.objects.get().first_gate_id == palace.device.gate_id
    assert Incident.objects.get().people == 1


def test_a_place_more_than_a_pass_opens_stays_a_duplicate_and_says_that_it_is_used_up() -> None:
    ticket, (palace, tomb) = sell_pass(sites_limit=1)

    assert heard(palace, ticket, minute=0) == ("admitted", 1)
    assert heard(tomb, ticket, minute=30) == ("party_exhausted", 0)

    assert standing() == [("duplicate", tomb.device.gate_id, palace.device.gate_id)]


def test_the_rules_of_three_passes_cost_no_question_more_than_those_of_one() -> None:
    def questions(passes: int) -> int:
        site = make_site()
        device = make_gate_device(gate=make_gate(site=site))
        products = [make_pass(sites=[site, make_site()], in_order=True) for _ in range(passes)]
        scans = [device.scan(make_ticket(product=each, at=OPENING)) for each in products]
        device.tell()
        with CaptureQueriesContext(connection) as asked:
            device.tell(*scans)
        return len(asked)

    assert questions(1) == questions(3)
