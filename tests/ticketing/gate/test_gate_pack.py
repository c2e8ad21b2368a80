"""The gate pack: signed, numbered, sent in deltas, and small."""

import json
import random
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from cryptography.exceptions import InvalidSignature
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import OPENING, make_gate, make_product, make_site, make_ticket
from tests.ticketing.gate.devices import Device, check, make_gate_device
from ticketing.domain import gate_pack
from ticketing.domain.id_lists import code_ids, read_ids
from ticketing.domain.revocations import read_list
from ticketing.domain.ticket_ids import from_column, to_hex
from ticketing.domain.used_tickets import RECORD
from ticketing.models import PackPart, Ticket, TicketStatus

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    gate_pack.forget()
    with time_machine.travel(OPENING, tick=False) as traveller:
        yield traveller
    gate_pack.forget()


@pytest.fixture
def device() -> Device:
    return make_gate_device(gate=make_gate(site=make_site(slug="dai-noi")))


def buy(device: Device) -> Ticket:
    """A ticket for the site of the device."""
    return make_ticket(sites=[device.device.gate.site])


def later(clock: time_machine.Traveller, seconds: int = 60) -> None:
    clock.shift(timedelta(seconds=seconds))


def test_a_pack_holds_every_part_and_proves_itself_from_the_root(device: Device) -> None:
    ticket = buy(device)

    pack = device.take_pack()

    assert set(pack.parts) == {
        *("trust", "texts", "places", "products", "calendar", "windows", "staff"),
        *("sold", "revoked", "used"),
    }
    assert len(pack.parts["texts"][0]["languages"]) == 12
    assert read_ids(pack.parts["sold"][0]) == {from_column(ticket.pk)}
    (place,) = pack.parts["places"][0]["sites"]
    assert [gate["code"] for gate in place["gates"]] == [device.device.gate.code]
    keys = json.loads(pack.parts["trust"][0]["text"])["ticket_keys"]
    assert ticket.key_id in {key["kid"] for key in keys}


def test_a_changed_byte_breaks_the_signature(device: Device) -> None:
    answer = device.get_pack().json()
    manifest = answer["manifest"]["text"].replace('"format":1', '"format":2')

    with pytest.raises(InvalidSignature):
        check(
            device.trust_root,
            domain=b"HUE-PACK\0v1\0",
            text=manifest,
            signature=answer["manifest"]["signature"],
        )


def test_only_what_is_newer_is_sent_and_fits_what_is_there(
    device: Device, clock: time_machine.Traveller
) -> None:
    first = device.take_pack()
    later(clock)
    ticket = buy(device)
    later(clock)

    again = device.get_pack(since=first.number).json()
    pack = device.take_pack(since=first.number)

    assert "sold" in {part["name"] for part in again["parts"]}
    assert not {"texts", "trust", "revoked"} & {part["name"] for part in again["parts"]}
    base, added = pack.parts["sold"]
    assert [set(read_ids(base)), set(read_ids(added))] == [set(), {from_column(ticket.pk)}]
    assert pack.number > first.number


def test_nothing_new_is_said_in_no_words(device: Device, clock: time_machine.Traveller) -> None:
    buy(device)
    first = device.get_pack()
    later(clock)
    same = device.get_pack(since=first.json()["number"], etag=first["ETag"])
    buy(device)
    later(clock)
    other = device.get_pack(since=first.json()["number"], etag=first["ETag"])

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200


def test_parts_are_built_once_and_not_for_every_request(
    device: Device, clock: time_machine.Traveller
) -> None:
    buy(device)
    number = device.take_pack().number
    built = PackPart.objects.count()

    with CaptureQueriesContext(connection) as queries:
        device.get_pack(since=number)
    for _ in range(5):
        later(clock)
        device.get_pack()

    assert PackPart.objects.count() == built
    # Device, parts in force, its report; and the two reads of its token and its key.
    assert len(queries) <= 6, [query["sql"][:90] for query in queries]


def test_a_revoked_ticket_is_told_plainly_and_then_in_the_coded_list(
    device: Device, clock: time_machine.Traveller
) -> None:
    ticket = buy(device)
    device.take_pack()
    Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.REVOKED)
    later(clock)

    added = device.take_pack().parts["revoked"][1]
    Ticket.objects.filter(pk=ticket.pk).update(valid_until=OPENING + timedelta(days=5))
    later(clock, 86_400)
    base, *more = device.take_pack().parts["revoked"]
    coded = read_list(b64decode(base["list"]))

    assert added == {"plain": [[to_hex(ticket.pk), "revoked", 1]]}
    assert more == []
    assert coded.revoked.hits([from_column(ticket.pk)]) == {from_column(ticket.pk): True}
    assert base["plain"] == added["plain"]


def test_people_who_were_cancelled_are_told(device: Device, clock: time_machine.Traveller) -> None:
    ticket = make_ticket(sites=[device.device.gate.site], party_size=25)
    device.take_pack()
    Ticket.objects.filter(pk=ticket.pk).update(cancelled_people=3)
    later(clock)

    pack = device.take_pack()

    assert pack.parts["revoked"][1] == {"plain": [[to_hex(ticket.pk), "partly", 3]]}


def test_entries_at_another_gate_are_told(device: Device, clock: time_machine.Traveller) -> None:
    ticket = buy(device)
    device.take_pack()
    other = make_gate_device(gate=make_gate(site=device.device.gate.site))
    assert other.present(ticket)["outcome"] == "admitted"
    later(clock)

    (record,) = [
        RECORD.unpack(b64decode(part["records"])) for part in device.take_pack().parts["used"][1:]
    ]

    entered = int(OPENING.timestamp())
    assert record == (
        *(from_column(ticket.pk), device.device.gate.site.ticket_bit, 0, 1),
        *(entered, entered, other.device.gate_id),
    )


def test_an_entry_that_was_undone_is_taken_back(
    device: Device, clock: time_machine.Traveller
) -> None:
    ticket = buy(device)
    scan = device.present(ticket)
    device.take_pack()
    later(clock)
    device.post(f"scans/{scan['scan_id']}/undo", {"reason": "wrong button"})
    later(clock, 10)

    (part,) = device.take_pack().parts["used"][1:]

    assert RECORD.unpack(b64decode(part["records"]))[:4] == (
        *(from_column(ticket.pk), device.device.gate.site.ticket_bit, 0, 0),
    )


def test_a_clock_that_is_a_century_off_stops_nobody(
    device: Device, clock: time_machine.Traveller
) -> None:
    device.take_pack()
    scan = device.scan(buy(device), at=OPENING.replace(year=2099))
    device.tell(scan, device_at=OPENING.replace(year=2001).isoformat())
    later(clock)

    (part,) = device.take_pack().parts["used"][1:]

    assert RECORD.unpack(b64decode(part["records"]))[4] == 2**32 - 1


def test_a_disabled_device_gets_nothing(device: Device) -> None:
    device.device.disabled_at = OPENING
    device.device.save()

    answer = device.get_pack()

    assert (answer.status_code, answer.json()["code"]) == (403, "device_disabled")


def test_tickets_of_other_sites_are_not_told(device: Device) -> None:
    make_ticket(product=make_product())

    assert device.take_pack().parts["sold"][0]["count"] == 0


def test_the_credential_ends_after_twelve_hours(device: Device) -> None:
    answer = device.get_pack().json()
    credential = json.loads(answer["credential"]["text"])
    trust = device.take_pack().parts["trust"][0]
    (key,) = json.loads(trust["text"])["device_keys"]

    check(key["public_key"], domain=b"HUE-DEVICE\0v1\0", **answer["credential"])
    assert credential["expires_at"] - credential["issued_at"] == 12 * 3600
    assert (credential["device"], credential["site"]) == (device.device.pk, "dai-noi")


def test_forty_thousand_sold_tickets_of_a_day_take_less_than_350_kilobytes() -> None:
    dice = random.Random(20261122)  # noqa: S311  # the same tickets at every run
    ids = {dice.getrandbits(64) for _ in range(40_000)}

    coded = code_ids(ids)

    assert len(json.dumps(coded)) < 350_000
    assert read_ids(coded) == ids
