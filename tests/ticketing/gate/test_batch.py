"""What gates tell later: once each, in any order, and what it means for everybody else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.factories import OPENING, make_gate, make_site, make_ticket
from tests.ticketing.gate.devices import Device, make_gate_device
from ticketing.domain import gate_pack
from ticketing.domain.enrolment import disable
from ticketing.models import (
    Admission,
    EntryPolicy,
    EntryVerdict,
    GateEvent,
    Incident,
    Ticket,
    TicketStatus,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    gate_pack.forget()
    with time_machine.travel(OPENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def gates() -> list[Device]:
    """Two gates of one site, each with its device."""
    site = make_site()
    return [make_gate_device(gate=make_gate(site=site)) for _ in range(2)]


def buy(device: Device, **what: Any) -> Ticket:
    return make_ticket(sites=[device.device.gate.site], **what)


def said(results: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(one[name] for name in names) for one in results]


def test_a_scan_made_alone_counts_and_every_gate_refuses_the_ticket_from_then_on(
    gates: list[Device],
) -> None:
    ticket = buy(gates[0])

    told = gates[0].tell(gates[0].scan(ticket))

    assert said(told, "index", "status", "outcome", "counted_people") == [
        (0, "stored", "admitted", 1)
    ]
    assert gates[1].present(ticket)["outcome"] == "already_admitted"


def test_a_thousand_scans_with_the_longest_words_are_not_too_much(gates: list[Device]) -> None:
    # Each letter is written as two escapes.
    words = {"reason": "𝄞" * 200, "operator": "𝄞" * 40, "outcome": "unknown", "token": "x" * 512}
    scans = [gates[0].scan(None) | words for _ in range(999)]

    told = gates[0].tell(*scans, scans[0] | {"token": "x" * 100_000})

    assert [one["status"] for one in told] == ["stored"] * 999 + ["invalid"]


def test_a_batch_told_ten_times_is_kept_once(gates: list[Device]) -> None:
    scans = [gates[0].scan(buy(gates[0])) for _ in range(3)]

    answers = [gates[0].tell(*scans[::-1] if turn % 2 else scans) for turn in range(10)]

    assert {one["status"] for one in answers[0]} == {"stored"}
    assert {one["status"] for answer in answers[1:] for one in answer} == {"repeated"}
    assert {one["outcome"] for answer in answers for one in answer} == {"admitted"}
    assert GateEvent.objects.count() == 3
    assert list(Admission.objects.values_list("people", flat=True)) == [1, 1, 1]


def test_the_second_of_two_gates_that_were_alone_becomes_an_incident(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    first = gates[0].scan(ticket)
    second = gates[1].scan(ticket, at=OPENING + timedelta(minutes=4))

    late = gates[1].tell(second)
    early = gates[0].tell(first)
    incident = Incident.objects.get()

    # Whoever tells first is believed until the earlier entry arrives.
    assert said(late + early, "outcome", "counted_people") == [("admitted", 1), ("admitted", 1)]
    assert (incident.kind, incident.gate_id, incident.people) == (
        *(Incident.Kind.DUPLICATE, gates[1].device.gate_id, 1),
    )
    assert (incident.first_at, incident.first_gate_id) == (OPENING, gates[0].device.gate_id)
    assert incident.at == OPENING + timedelta(minutes=4)
    assert Admission.objects.get().first_at == OPENING
    assert gates[1].tell(second)[0] | {"index": 0} == {
        "index": 0,
        "scan_id": second["scan_id"],
        "status": "repeated",
        "outcome": "already_admitted",
        "counted_people": 0,
        "first_admission": {
            "at": OPENING.isoformat(),
            "gate": {
                "code": gates[0].device.gate.code,
                "name": gates[0].device.gate.name,
            },
        },
        "detail": None,
    }


def test_an_entry_that_changes_from_valid_to_duplicate_keeps_its_history(
    gates: list[Device], clock: time_machine.Traveller
) -> None:
    ticket = buy(gates[0])
    earliest, middle, latest = (
        gate.scan(ticket, at=OPENING + timedelta(minutes=minutes))
        for gate, minutes in zip([*gates, gates[1]], (0, 4, 8), strict=True)
    )

    for gate, scan in ((gates[1], latest), (gates[1], middle), (gates[0], earliest)):
        gate.tell(scan)
        clock.shift(60)

    history = EntryVerdict.objects.filter(scan_id=middle["scan_id"]).order_by("decided_at")
    assert [(row.verdict, row.replaced_at is None) for row in history] == [
        ("valid", False),
        ("duplicate", True),
    ]
    assert EntryVerdict.objects.filter(replaced_at=None, verdict="valid").count() == 1
    assert Incident.objects.count() == 2


def test_an_online_entry_and_one_made_alone_meet_in_the_same_merge(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    assert gates[0].present(ticket)["outcome"] == "admitted"

    told = gates[1].tell(gates[1].scan(ticket, at=OPENING - timedelta(minutes=5)))

    # The one made alone was earlier, so the online one is the second.
    assert told[0]["outcome"] == "admitted"
    incident = Incident.objects.get()
    assert (incident.gate_id, incident.first_gate_id) == (
        *(gates[0].device.gate_id, gates[1].device.gate_id),
    )


def test_a_scan_that_was_answered_online_and_told_again_later_counts_once(
    gates: list[Device],
) -> None:
    ticket = buy(gates[0])
    online = gates[0].present(ticket)

    told = gates[0].tell(gates[0].scan(ticket, scan_id=online["scan_id"]))

    assert said(told, "status", "outcome", "counted_people") == [("stored", "admitted", 1)]
    assert Incident.objects.count() == 0


def test_a_party_at_two_gates_is_never_larger_than_it_is_without_an_incident(
    gates: list[Device],
) -> None:
    ticket = buy(gates[0], party_size=25)

    gates[0].tell(gates[0].scan(ticket, people=18))
    gates[1].tell(gates[1].scan(ticket, people=25, at=OPENING + timedelta(minutes=1)))

    assert Admission.objects.get().people == 25
    incident = Incident.objects.get()
    assert (incident.gate_id, incident.people) == (gates[1].device.gate_id, 18)


def test_clocks_that_go_wrong_are_put_right(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    slow, fast = (OPENING - timedelta(minutes=5), OPENING + timedelta(minutes=5))
    # By their own clocks the second was first: it says 07:57, and it is 08:02 there.
    first = gates[0].scan(ticket, at=fast - timedelta(minutes=5, seconds=30))
    second = gates[1].scan(ticket, at=slow)

    gates[0].tell(first, device_at=fast.isoformat())
    gates[1].tell(second, device_at=slow.isoformat())

    incident = Incident.objects.get()
    assert incident.gate_id == gates[1].device.gate_id
    assert incident.first_at == OPENING - timedelta(minutes=5, seconds=30)


def test_a_bad_scan_never_stops_the_others(gates: list[Device]) -> None:
    good = gates[0].scan(buy(gates[0]))
    bad = [
        "no scan",
        {"scan_id": "not an id"},
        {"scan_id": "\ud800"},
        gates[0].scan(None, token="x" * 600),
        {**gates[0].scan(None), "people": "two"},
        {**gates[0].undoing(good), "reason": ""},
    ]

    results = gates[0].tell(*bad[:3], good, *bad[3:])

    assert [one["status"] for one in results] == ["invalid"] * 3 + ["stored"] + ["invalid"] * 3
    assert [one["index"] for one in results] == list(range(7))
    assert [one["scan_id"] for one in results[:3]] == [None, "not an id", None]
    assert all(one["detail"] for one in results if one["status"] == "invalid")


def test_a_device_that_tells_two_stories_is_put_in_quarantine(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    scan = gates[0].scan(ticket)
    gates[0].tell(scan)

    other = gates[0].tell(scan | {"people": 1, "outcome": "expired"})
    later = gates[0].tell(gates[0].scan(buy(gates[0])))

    assert [one["status"] for one in other + later] == ["conflict", "quarantined"]
    assert Incident.objects.get().kind == Incident.Kind.CONTRADICTION
    # What it said first stands, what it says now counts for nobody.
    assert GateEvent.objects.count() == 2
    assert Admission.objects.count() == 1


def test_what_a_stolen_device_tells_is_kept_and_counts_for_nothing(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    disable(device=gates[0].device, at=OPENING)

    (told,) = gates[0].tell(gates[0].scan(ticket))

    assert told["status"] == "quarantined"
    assert gates[1].present(ticket)["outcome"] == "admitted"


def test_an_entry_that_was_undone_lets_somebody_else_in(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    scan = gates[0].scan(ticket)
    undoing = gates[0].undoing(scan)

    # In the wrong order, too.
    told = gates[0].tell(undoing, scan)

    assert [one["status"] for one in told] == ["stored", "stored"]
    assert Admission.objects.count() == 0
    assert gates[1].present(ticket)["outcome"] == "admitted"
    assert Incident.objects.count() == 0


def test_undoing_the_first_entry_explains_the_second(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    first = gates[0].scan(ticket)
    gates[0].tell(first)
    gates[1].tell(gates[1].scan(ticket, at=OPENING + timedelta(minutes=1)))
    assert Incident.objects.filter(withdrawn_at=None).count() == 1

    gates[0].tell(gates[0].undoing(first))

    assert Incident.objects.filter(withdrawn_at=None).count() == 0
    assert Incident.objects.count() == 1


def test_an_entry_before_the_revocation_was_known_is_told_apart_from_a_fault(
    gates: list[Device], clock: time_machine.Traveller
) -> None:
    ticket = buy(gates[0])
    known = gates[0].take_pack().number
    Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.REVOKED)
    clock.shift(60)
    newest = gates[1].take_pack().number
    after = OPENING + timedelta(minutes=2)

    gates[0].tell(gates[0].scan(ticket, at=after, pack_number=known))
    gates[1].tell(gates[1].scan(ticket, at=after, pack_number=newest))

    kinds = Incident.objects.exclude(kind=Incident.Kind.DUPLICATE).values_list("kind", "gate_id")
    assert set(kinds) == {
        ("before_known", gates[0].device.gate_id),
        ("device_fault", gates[1].device.gate_id),
    }


def test_an_entry_told_after_the_money_went_back_is_flagged(
    gates: list[Device], clock: time_machine.Traveller
) -> None:
    ticket = buy(gates[0])
    scan = gates[0].scan(ticket)
    clock.shift(300)
    Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.CANCELLED)
    gates[1].take_pack()
    clock.shift(300)

    gates[0].tell(scan)

    assert Incident.objects.get().kind == Incident.Kind.USED_THEN_REVOKED


def test_a_code_that_we_never_sold_is_kept_as_an_incident(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    scan = gates[0].scan(ticket)
    Ticket.objects.filter(pk=ticket.pk).update(token=b"\0" * 98)

    (told,) = gates[0].tell(scan)

    assert told["status"] == "stored"
    assert Incident.objects.get().kind == Incident.Kind.UNKNOWN_TICKET
    assert Admission.objects.count() == 0


@pytest.mark.parametrize(
    ("policy", "minutes", "incidents"),
    [
        (EntryPolicy.ONCE_PER_SITE_PER_DAY, 60, 1),
        (EntryPolicy.ONCE_PER_SITE_PER_DAY, 24 * 60, 0),
        (EntryPolicy.UNLIMITED, 60, 0),
        (EntryPolicy.UNLIMITED, 4, 1),
    ],
)
def test_entries_compete_under_their_policy(
    gates: list[Device], policy: EntryPolicy, minutes: int, incidents: int
) -> None:
    ticket = buy(gates[0], entry_policy=policy, validity_days=3)

    gates[0].tell(gates[0].scan(ticket))
    gates[1].tell(gates[1].scan(ticket, at=OPENING + timedelta(minutes=minutes)))

    assert Incident.objects.count() == incidents


def test_a_paper_list_is_keyed_in_by_ids_alone(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    scan = gates[0].scan(ticket, mode="paper", ticket_id=str(ticket))
    del scan["token"]

    assert gates[0].tell(scan)[0]["outcome"] == "admitted"
    assert gates[1].present(ticket)["outcome"] == "already_admitted"


def test_a_scan_at_a_gate_of_another_site_waits_for_a_person(gates: list[Device]) -> None:
    scan = gates[0].scan(buy(gates[0]), gate="not-ours")

    assert gates[0].tell(scan)[0]["status"] == "quarantined"


def test_words_from_outside_are_enough(gates: list[Device]) -> None:
    """Only what the contract names: id, code and time."""
    ticket = buy(gates[0], party_size=2)
    scan = gates[0].scan(ticket)
    few = {name: scan[name] for name in ("scan_id", "token", "scanned_at")}

    (told,) = gates[0].tell(few)

    assert (told["outcome"], told["counted_people"]) == ("admitted", 2)


def test_an_online_entry_is_undone_once_and_only_by_its_device(gates: list[Device]) -> None:
    ticket = buy(gates[0])
    scan_id = gates[0].present(ticket)["scan_id"]

    strange = gates[1].post(f"scans/{scan_id}/undo", {"reason": "not mine"})
    answers = [
        gates[0].post(f"scans/{scan_id}/undo", {"reason": reason}).json()
        for reason in ("wrong button", "pressed again")
    ]

    assert (strange.status_code, strange.json()["code"]) == (404, "nothing_to_undo")
    assert answers == [{"scan_id": scan_id, "undone": True}] * 2
    assert GateEvent.objects.get().reason == "wrong button"
    assert gates[1].present(ticket)["outcome"] == "admitted"


def test_more_than_a_thousand_scans_are_refused_as_a_whole(gates: list[Device]) -> None:
    answer = gates[0].post("scans/batch", {"scans": [{}] * 1001})

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
