"""The console of the gates: devices, shifts, incidents; a manager sees only their own places."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sites.models import Gate, HeritageSite, Membership, User
from tests.factories import make_gate, make_site, make_ticket
from tests.ticketing.gate.devices import Device, make_gate_device
from ticketing.domain.device_care import Report, keep_report
from ticketing.domain.enrolment import Enrolled, disable, enrol
from ticketing.domain.staff_pins import verifier_of
from ticketing.models import Admission, GateDevice, Incident, StaffPin

pytestmark = pytest.mark.django_db


@pytest.fixture
def gate() -> Gate:
    return make_gate(site=make_site(slug="dai-noi"), code="ngo-mon")


def manager_of(site: HeritageSite, *, role: str = "MANAGER") -> Client:
    user = User.objects.create(username=f"{role} of {site.slug}", is_staff=True)
    Membership.objects.create(user=user, role=role, site=site)
    client = Client()
    client.force_login(user)
    return client


def page(model: str, kind: str, *args: object) -> str:
    return reverse(f"admin:ticketing_{model}_{kind}", args=args)


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer
    return str(answer.content.decode())


def test_a_new_device_is_enrolled_with_the_code_that_is_shown_once(gate: Gate) -> None:
    client = manager_of(gate.site)

    answer = client.post(page("enrolment", "add"), {"gate": gate.pk, "role": "supervisor"})
    code = re.findall(r"· ([0-9A-Z]{4}-[0-9A-Z]{4})<", text(answer))[0]

    assert "no-store" in answer["Cache-Control"]
    assert "<path d=" in text(answer)
    enrolled = enrol(code=code, name="phone", at=timezone.now())
    assert isinstance(enrolled, Enrolled)
    assert (enrolled.device.gate, enrolled.device.role) == (gate, "supervisor")
    assert code not in text(client.get(page("enrolment", "changelist")))


def test_a_gate_of_another_place_is_no_choice(gate: Gate) -> None:
    client = manager_of(make_site())

    answer = client.post(page("enrolment", "add"), {"gate": gate.pk, "role": "guard"})

    assert "HUEGATE1" not in text(answer)
    assert GateDevice.objects.count() == 0


def test_the_live_page_tells_how_each_device_is_in_as_many_queries_for_three(gate: Gate) -> None:
    client = manager_of(gate.site)
    counts = []
    for name in ("working", "silent", "disabled"):
        device = make_gate_device(gate=gate).device
        GateDevice.objects.filter(pk=device.pk).update(name=name)
        heard = timezone.now() - timedelta(hours=name == "silent")
        report = Report(battery=71, waiting=12, pack_number=5)
        keep_report(device_id=device.pk, report=report, at=heard)
        if name == "disabled":
            disable(device=device, at=timezone.now())
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page("gatedevice", "changelist"), headers={"Accept-Language": "en"})
        counts.append(len(queries))
        shown = text(answer)

    assert counts[0] == counts[2]
    assert all(word in shown for word in ("Working", "Silent", "Disabled", "71", "12"))
    assert '<meta http-equiv="refresh"' in shown


def test_a_lost_device_is_disabled_from_the_list(gate: Gate) -> None:
    device = make_gate_device(gate=gate)
    order = {"action": "disable_devices", "_selected_action": [device.device.pk]}

    manager_of(make_site()).post(page("gatedevice", "changelist"), order)
    assert device.get_pack().status_code == 200
    manager_of(gate.site).post(page("gatedevice", "changelist"), order)

    assert device.get_pack().status_code == 403


def twice(gate: Gate) -> tuple[Device, Incident]:
    device = make_gate_device(gate=gate)
    ticket = make_ticket(sites=[gate.site])
    other = make_gate_device(gate=make_gate(site=gate.site))
    now = timezone.now()
    device.tell(device.scan(ticket, at=now))
    other.tell(other.scan(ticket, at=now + timedelta(minutes=1)))
    return other, Incident.objects.get()


def test_an_incident_is_closed_once_by_a_person_with_a_reason(gate: Gate) -> None:
    _device, incident = twice(gate)
    client = manager_of(gate.site)
    address = page("incident", "change", incident.pk)

    client.post(address, {"because": ""})
    assert Incident.objects.get().closed_at is None
    client.post(address, {"because": "a family with one phone"})
    client.post(address, {"because": "again"})

    closed = Incident.objects.get()
    assert closed.closing_reason == "a family with one phone"
    assert closed.closed_by is not None


def test_rows_of_another_place_are_not_there(gate: Gate) -> None:
    device, incident = twice(gate)
    stranger = manager_of(make_site())

    answers = [
        stranger.get(page("incident", "change", incident.pk)),
        stranger.get(page("gatedevice", "change", device.device.pk)),
        stranger.post(page("incident", "change", incident.pk), {"because": "mine"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert str(gate.site.slug) not in text(stranger.get(page("incident", "changelist")))


def test_an_auditor_looks_and_touches_nothing(gate: Gate) -> None:
    _device, incident = twice(gate)
    auditor = manager_of(gate.site, role="AUDITOR")

    assert auditor.get(page("incident", "change", incident.pk)).status_code == 200
    assert (
        auditor.post(page("incident", "change", incident.pk), {"because": "x"}).status_code == 403
    )
    assert auditor.get(page("enrolment", "add")).status_code == 403


def test_what_waits_in_quarantine_counts_when_a_person_releases_it(gate: Gate) -> None:
    device = make_gate_device(gate=gate)
    ticket = make_ticket(sites=[gate.site])
    disable(device=device.device, at=timezone.now())
    device.tell(device.scan(ticket, at=timezone.now()))
    event = device.device.events.get()
    address = page("gateevent", "change", event.pk)

    assert Admission.objects.count() == 0
    assert manager_of(make_site()).post(address, {"because": "mine"}).status_code == 404
    manager_of(gate.site).post(address, {"because": "the guard was there"})

    assert Admission.objects.get().people == 1


def test_the_pin_of_a_shift_is_shown_once_and_checked_without_it(gate: Gate) -> None:
    client = manager_of(gate.site)
    shift = {
        "site": gate.site.pk,
        "label": "T4",
        "role": "guard",
        "valid_from_0": "2026-11-22",
        "valid_from_1": "06:00",
        "valid_until_0": "2026-11-22",
        "valid_until_1": "18:00",
    }

    shown = text(client.post(page("staffpin", "add"), shift, follow=True))
    (digits,) = re.findall(r"T4: (\d{6})", shown)
    pin = StaffPin.objects.get()

    assert verifier_of(digits, salt=bytes(pin.salt), iterations=pin.iterations) == bytes(
        pin.verifier
    )
    assert digits not in text(client.get(page("staffpin", "changelist")))
    client.post(page("staffpin", "add"), shift | {"valid_until_0": "2026-11-24"}, follow=True)
    assert StaffPin.objects.count() == 1


def test_the_codes_of_the_walls_are_drawn_for_own_gates_alone(gate: Gate) -> None:
    make_gate(name="Somebody else's")

    shown = text(manager_of(gate.site).get(reverse("admin:ticketing_gatedevice_walls")))

    assert "dai-noi" in shown
    assert "Somebody else" not in shown
