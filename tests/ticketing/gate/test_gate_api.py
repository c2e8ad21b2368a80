"""The gate path over HTTP, as a device sees it."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.at_once import at_once
from tests.factories import OPENING, make_gate, make_site, make_ticket
from tests.ticketing.gate.seats import make_device
from ticketing.domain.enrolment import disable, enrol, open_enrolment, seat_of
from ticketing.domain.ticket_token import to_text
from ticketing.models import GateDevice, Scan, Ticket
from ticketing.schemas.gate import ScanOut

pytestmark = pytest.mark.django_db


def post(path: str, body: Any, *, token: str = "", language: str = "en") -> Any:
    headers = {"Accept-Language": language}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return Client().post(
        f"/api/v1/gate/{path}", json.dumps(body), content_type="application/json", headers=headers
    )


def scan_body(ticket: Ticket, **fields: Any) -> dict[str, Any]:
    return {
        "scan_id": str(uuid4()),
        "token": to_text(bytes(ticket.token)),
        "scanned_at": timezone.now().isoformat(),
        **fields,
    }


def test_a_code_enrols_one_device_which_then_scans() -> None:
    ticket = make_ticket(language="vi")
    site = ticket.product.entitlements.get().site
    gate = make_gate(site=site, code="ngo-mon", name="Ngọ Môn")
    code = open_enrolment(gate=gate, at=timezone.now())

    enrolled = post("enrolments", {"code": code.lower(), "name": "Máy 1"})
    assert enrolled.status_code == 201
    assert enrolled.json()["gate"] == {"id": gate.pk, "code": "ngo-mon", "name": "Ngọ Môn"}
    assert enrolled.json()["site"]["slug"] == site.slug
    token = enrolled.json()["device_token"]

    first = post("scans", scan_body(ticket), token=token)
    second = post("scans", scan_body(ticket), token=token)

    assert (first.status_code, first.json()["outcome"]) == (200, "admitted")
    assert (second.status_code, second.json()["outcome"]) == (200, "already_admitted")
    for answer in (first, second):
        ScanOut.model_validate_json(answer.content)
    assert second.json()["first_admission"]["gate"] == {"code": "ngo-mon", "name": "Ngọ Môn"}
    assert "Ngọ Môn" in second.json()["message"]["vi"]


def test_the_token_of_a_device_is_kept_only_as_a_hash() -> None:
    enrolled = make_device(gate=make_gate())

    assert enrolled.token.encode() not in bytes(GateDevice.objects.get().token_hash)
    assert len(bytes(GateDevice.objects.get().token_hash)) == 32


def test_the_visitor_is_told_in_the_language_of_the_ticket_and_the_guard_in_vietnamese() -> None:
    english, vietnamese = make_ticket(language="en"), make_ticket(language="vi")
    messages = []
    for ticket in (english, vietnamese):
        gate = make_gate(site=ticket.product.entitlements.get().site)
        token = make_device(gate=gate).token
        messages.append(post("scans", scan_body(ticket), token=token).json()["message"])

    assert messages[0]["vi"] == messages[1]["vi"] == messages[1]["visitor"]
    assert messages[0]["visitor"] == "Welcome. People admitted: 1."
    assert [it["visitor_language"] for it in messages] == ["en", "vi"]


@pytest.mark.parametrize("header", [{}, {"token": "wrong"}, {"token": "\x00"}])
def test_without_a_token_of_ours_there_is_a_401_and_no_scan(header: dict[str, str]) -> None:
    answer = post("scans", scan_body(make_ticket()), **header)

    assert (answer.status_code, answer.json()["code"]) == (401, "device_unknown")
    assert answer["Content-Type"] == "application/problem+json"
    assert not Scan.objects.exists()


def test_a_disabled_device_is_told_so() -> None:
    ticket = make_ticket()
    enrolled = make_device(gate=make_gate(site=ticket.product.entitlements.get().site))
    assert seat_of(enrolled.token)
    disable(device=enrolled.device, at=timezone.now())

    answer = post("scans", scan_body(ticket), token=enrolled.token)

    assert (answer.status_code, answer.json()["outcome"]) == (200, "device_blocked")


@pytest.mark.parametrize(
    "fields",
    [
        {"scan_id": "not-a-uuid"},
        {"token": ""},
        {"token": "A" * 513},
        {"scanned_at": "2026-11-22T08:00:00"},
        {"scanned_at": None},
        {"scanned_at": 1795312800},
        {"scanned_at": "0001-01-01T00:00:00+14:00"},
        {"people": "1"},
        {"document_seen": 1},
        {"people": 0},
        {"people": 256},
    ],
)
def test_bad_input_is_a_problem_that_names_the_field(fields: dict[str, Any]) -> None:
    ticket = make_ticket()
    token = make_device(gate=make_gate()).token

    answer = post("scans", scan_body(ticket, **fields), token=token)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert next(iter(fields)) in answer.json()["errors"][0]["where"]
    assert not Scan.objects.exists()


def test_a_used_wrong_or_old_code_is_refused_alike() -> None:
    gate = make_gate()
    used = open_enrolment(gate=gate, at=OPENING)
    enrol(code=used, name="one", at=OPENING)
    old = open_enrolment(gate=gate, at=timezone.now() - timedelta(minutes=31))

    answers = [post("enrolments", {"code": it, "name": "x"}) for it in (used, old, "0000-0000")]

    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.usefixtures("one_minute")
def test_trying_codes_is_stopped(settings: Any) -> None:
    settings.WRONG_SECRETS_PER_MINUTE = 3
    caller = {"code": "0000-0000", "name": "x"}

    statuses = [post("enrolments", caller).status_code for _ in range(5)]

    assert statuses == [403, 403, 403, 429, 429]


@pytest.mark.django_db(transaction=True)
def test_one_code_and_eight_phones_in_the_same_instant_make_one_device() -> None:
    code = open_enrolment(gate=make_gate(site=make_site()), at=OPENING)

    at_once(lambda number: enrol(code=code, name=f"phone {number}", at=OPENING), list(range(8)))

    assert GateDevice.objects.count() == 1
