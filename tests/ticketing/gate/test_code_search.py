"""Search by the short code of a ticket: off, unless the site has switched it on."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sites.models import HeritageSite, Membership, User
from tests.factories import OPENING, make_gate, make_site, make_ticket
from tests.ticketing.gate.seats import make_device
from tests.ticketing.gate.test_gate_api import post, scan_body
from ticketing.domain.code_search import (
    NoSuchTicket,
    SearchIsOff,
    TicketFound,
    search_by_code,
    short_code,
)
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.ticket_token import from_text
from ticketing.models import CodeSearch, GateDevice, Scan, Ticket

pytestmark = pytest.mark.django_db


def site_of(ticket: Ticket) -> HeritageSite:
    return ticket.product.entitlements.get().site


def switch_on(ticket: Ticket) -> str:
    """Let guards type codes at the place of the ticket; return the token of a device there."""
    site = site_of(ticket)
    CodeSearch.objects.create(site=site, is_on=True)
    return make_device(gate=make_gate(site=site)).token


def test_the_code_is_the_beginning_of_the_ticket_s_id() -> None:
    ticket = make_ticket()

    assert short_code(ticket.pk).replace("-", "").lower() == to_hex(ticket.pk)[:10]


@pytest.mark.parametrize("write", [str, str.lower, lambda code: f" {code.replace('-', ' ')} "])
def test_a_code_is_found_however_it_is_written(write: Any) -> None:
    ticket = make_ticket()
    token = switch_on(ticket)

    found = post("codes", {"code": write(short_code(ticket.pk))}, token=token)

    assert found.status_code == 200
    assert from_text(found.json()["token"]) == bytes(ticket.token)
    assert not Scan.objects.exists()


def test_a_scan_of_a_typed_code_lets_in_and_says_that_it_was_typed() -> None:
    ticket = make_ticket()
    token = switch_on(ticket)

    typed = post("scans", scan_body(ticket, typed=True), token=token)
    shown = post("scans", scan_body(ticket), token=token)
    wrong = post("scans", scan_body(ticket, typed=True, token="HUE1:WRONG"), token=token)

    outcomes = [answer.json()["outcome"] for answer in (typed, shown, wrong)]
    assert outcomes == ["admitted", "already_admitted", "forged"]
    modes = list(Scan.objects.order_by("pk").values_list("mode", flat=True))
    assert modes == ["typed", "online", "typed"]


@pytest.mark.parametrize("rows", [[], [{"is_on": False}]])
def test_where_it_is_off_nothing_is_found_and_nobody_let_in(rows: list[dict[str, bool]]) -> None:
    ticket = make_ticket()
    site = site_of(ticket)
    CodeSearch.objects.bulk_create(CodeSearch(site=site, **row) for row in rows)
    token = make_device(gate=make_gate(site=site)).token

    found = post("codes", {"code": short_code(ticket.pk)}, token=token)
    scanned = post("scans", scan_body(ticket, typed=True), token=token)

    for answer in (found, scanned):
        assert (answer.status_code, answer.json()["code"]) == (403, "code_search_off")
        assert "scan the QR code" in answer.json()["detail"]
    assert not Scan.objects.exists()
    asked = search_by_code(code=short_code(ticket.pk), site_id=site.pk, at=OPENING)
    assert isinstance(asked, SearchIsOff)


def test_only_tickets_of_this_place_that_can_still_be_used_are_found() -> None:
    ticket, elsewhere = make_ticket(), make_ticket()
    token = switch_on(ticket)
    site_id = site_of(ticket).pk

    assert site_of(elsewhere).pk != site_id
    for code in (short_code(elsewhere.pk), "", "xyz", short_code(ticket.pk)[:-1]):
        asked = search_by_code(code=code, site_id=site_id, at=OPENING)
        assert isinstance(asked, NoSuchTicket)
    code = short_code(ticket.pk)
    last = search_by_code(
        code=code, site_id=site_id, at=ticket.valid_until - timedelta(microseconds=1)
    )
    ended = search_by_code(code=code, site_id=site_id, at=ticket.valid_until)
    assert last == TicketFound(bytes(ticket.token))
    assert isinstance(ended, NoSuchTicket)
    unknown = post("codes", {"code": "00000-00000"}, token=token)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_such_code")


def test_a_device_may_ask_a_few_times_a_minute(settings: LazySettings) -> None:
    settings.GATE_CODES_PER_MINUTE = 0
    ticket = make_ticket()
    token = switch_on(ticket)

    answer = post("codes", {"code": short_code(ticket.pk)}, token=token)

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert answer["Retry-After"] == "60"


def test_a_disabled_device_finds_nothing() -> None:
    ticket = make_ticket()
    token = switch_on(ticket)
    GateDevice.objects.update(disabled_at=timezone.now())

    answer = post("codes", {"code": short_code(ticket.pk)}, token=token)

    assert (answer.status_code, answer.json()["code"]) == (403, "device_disabled")


def test_a_heartbeat_says_whether_codes_may_be_typed() -> None:
    ticket = make_ticket()
    token = switch_on(ticket)

    assert post("heartbeat", {}, token=token).json()["code_search"] is True
    CodeSearch.objects.update(is_on=False)
    assert post("heartbeat", {}, token=token).json()["code_search"] is False


def test_a_manager_switches_it_on_for_the_own_place_alone() -> None:
    site, other = make_site(slug="dai-noi"), make_site(slug="lang-minh-mang")
    CodeSearch.objects.create(site=other)
    user = User.objects.create(username="manager", is_staff=True)
    Membership.objects.create(user=user, role="MANAGER", site=site)
    client = Client()
    client.force_login(user)
    add = reverse("admin:ticketing_codesearch_add")
    strange = reverse("admin:ticketing_codesearch_change", args=[other.pk])

    client.post(add, {"site": site.pk, "is_on": "on"})
    client.post(add, {"site": other.pk, "is_on": "on"})

    assert dict(CodeSearch.objects.values_list("site__slug", "is_on")) == {
        "dai-noi": True,
        "lang-minh-mang": False,
    }
    assert client.get(strange).status_code == 404
