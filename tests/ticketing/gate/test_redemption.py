"""Whether a ticket may enter, on the real database."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.at_once import at_once
from tests.factories import OPENING, make_category, make_gate, make_product, make_site, make_ticket
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.enrolment import Seat, disable
from ticketing.domain.presentation import FirstAdmission, ScanResult
from ticketing.domain.redemption import REDEEM, redeem
from ticketing.models import (
    Admission,
    EntryPolicy,
    GateDevice,
    Outcome,
    Scan,
    Ticket,
    TicketStatus,
)

pytestmark = pytest.mark.django_db


def scan(ticket: Ticket, seat: Seat, *, people: int | None = None) -> ScanResult:
    return redeem(presentation=present(ticket, people=people), seat=seat, at=OPENING)


def test_a_valid_ticket_is_admitted_and_the_scan_is_kept() -> None:
    ticket = make_ticket(at=OPENING)
    seat = make_seat(ticket)
    presentation = present(ticket)

    result = redeem(presentation=presentation, seat=seat, at=OPENING)

    assert (result.outcome, result.admitted_people) == (Outcome.ADMITTED, 1)
    assert result.first_admission is None
    assert result.ticket is not None
    assert (result.ticket.party_size, result.ticket.left) == (1, 0)
    kept = Scan.objects.get()
    assert (kept.scan_id, kept.ticket, kept.outcome, kept.people, kept.people_left) == (
        presentation.scan_id,
        ticket,
        "admitted",
        1,
        0,
    )
    assert (kept.scanned_at, kept.received_at) == (presentation.scanned_at, OPENING)


def test_the_second_scan_says_when_and_where_the_first_was() -> None:
    ticket = make_ticket(at=OPENING)
    first, second = make_seat(ticket), make_seat(ticket)
    redeem(presentation=present(ticket), seat=first, at=OPENING)

    later = OPENING + timedelta(minutes=7)
    result = redeem(presentation=present(ticket), seat=second, at=later)

    assert result.outcome == Outcome.ALREADY_ADMITTED
    assert result.first_admission == FirstAdmission(OPENING, first.gate_code, first.gate_name)
    assert Scan.objects.filter(outcome="already_admitted", people=0).count() == 1


def test_a_combo_opens_each_of_its_sites_once() -> None:
    palace, tomb = make_site(), make_site()
    ticket = make_ticket(sites=[palace, tomb], at=OPENING)
    at_palace, at_tomb = (make_seat(ticket, gate=make_gate(site=site)) for site in (palace, tomb))

    outcomes = [
        redeem(presentation=present(ticket), seat=seat, at=OPENING).outcome
        for seat in (at_palace, at_tomb, at_palace, at_tomb)
    ]

    assert outcomes == ["admitted", "admitted", "already_admitted", "already_admitted"]


def test_once_in_total_means_once_at_any_site() -> None:
    palace, tomb = make_site(), make_site()
    ticket = make_ticket(sites=[palace, tomb], entry_policy=EntryPolicy.ONCE, at=OPENING)

    outcomes = [
        redeem(
            presentation=present(ticket),
            seat=make_seat(ticket, gate=make_gate(site=site)),
            at=OPENING,
        ).outcome
        for site in (palace, tomb)
    ]

    assert outcomes == ["admitted", "already_admitted"]


def test_once_a_day_opens_again_after_midnight_in_viet_nam() -> None:
    ticket = make_ticket(
        entry_policy=EntryPolicy.ONCE_PER_SITE_PER_DAY, validity_days=2, at=OPENING
    )
    seat = make_seat(ticket)
    midnight = OPENING.replace(hour=0) + timedelta(days=1)
    moments = [OPENING, midnight - timedelta(seconds=1), midnight, midnight + timedelta(hours=9)]

    outcomes = [redeem(presentation=present(ticket), seat=seat, at=at).outcome for at in moments]

    assert outcomes == ["admitted", "already_admitted", "admitted", "already_admitted"]


def test_unlimited_entry_keeps_five_minutes_between_entries() -> None:
    ticket = make_ticket(entry_policy=EntryPolicy.UNLIMITED, at=OPENING)
    seat = make_seat(ticket)
    moments = [OPENING + timedelta(minutes=minute) for minute in (0, 4, 5, 9, 10)]

    outcomes = [redeem(presentation=present(ticket), seat=seat, at=at).outcome for at in moments]

    assert outcomes == ["admitted", "too_soon", "admitted", "too_soon", "admitted"]


def test_who_comes_back_is_asked_for_the_document_again() -> None:
    student = make_category(code="student", needs_document=True)
    ticket = make_ticket(
        product=make_product(category=student, entry_policy=EntryPolicy.UNLIMITED),
        category=student,
        at=OPENING,
    )
    seat = make_seat(ticket)
    shown = [(0, True), (4, False), (6, False), (6, True)]

    outcomes = [
        redeem(
            presentation=present(ticket, document_seen=seen),
            seat=seat,
            at=OPENING + timedelta(minutes=minute),
        ).outcome
        for minute, seen in shown
    ]

    assert outcomes == ["admitted", "too_soon", "check_document", "admitted"]


def test_a_party_enters_in_parts_until_it_is_complete() -> None:
    ticket = make_ticket(party_size=25, at=OPENING)
    seat = make_seat(ticket)

    answers = [
        redeem(presentation=present(ticket, people=people), seat=seat, at=OPENING)
        for people in (18, 8, 4, None, 1)
    ]

    assert [
        (answer.outcome, answer.admitted_people, answer.ticket and answer.ticket.left)
        for answer in answers
    ] == [
        ("admitted", 18, 7),
        ("party_exhausted", 0, 7),
        ("admitted", 4, 3),
        ("admitted", 3, 0),
        ("party_exhausted", 0, 0),
    ]


def test_more_people_than_the_ticket_is_for_are_not_let_in() -> None:
    ticket = make_ticket(at=OPENING)
    seat = make_seat(ticket)

    result = redeem(presentation=present(ticket, people=2), seat=seat, at=OPENING)

    assert (result.outcome, result.ticket and result.ticket.left) == ("party_exhausted", 1)


def test_time_and_place_are_judged_before_use() -> None:
    ticket = make_ticket(at=OPENING)
    elsewhere = make_seat(ticket, gate=make_gate())
    here = make_seat(ticket)

    assert redeem(presentation=present(ticket), seat=elsewhere, at=OPENING).outcome == "wrong_site"
    early = ticket.valid_from - timedelta(seconds=1)
    assert redeem(presentation=present(ticket), seat=here, at=early).outcome == "not_yet_valid"
    assert redeem(presentation=present(ticket), seat=here, at=ticket.valid_until).outcome == (
        "expired"
    )
    assert not Admission.objects.exists()
    assert redeem(presentation=present(ticket), seat=here, at=ticket.valid_from).outcome == (
        "admitted"
    )


@pytest.mark.parametrize("status", [TicketStatus.CANCELLED, TicketStatus.REVOKED])
def test_a_cancelled_or_revoked_ticket_is_refused_by_that_name(status: TicketStatus) -> None:
    ticket = make_ticket(at=OPENING, status=status)

    result = redeem(presentation=present(ticket), seat=make_seat(ticket), at=OPENING)

    assert result.outcome == status.value


def test_a_category_with_a_document_waits_until_the_guard_has_seen_it() -> None:
    student = make_category(code="student", needs_document=True)
    ticket = make_ticket(category=student, at=OPENING)
    seat = make_seat(ticket)

    outcomes = [
        redeem(presentation=present(ticket, document_seen=seen), seat=seat, at=OPENING).outcome
        for seen in (False, True, False)
    ]

    assert outcomes == ["check_document", "admitted", "already_admitted"]


def test_a_repeated_scan_answers_the_same_and_changes_nothing() -> None:
    ticket = make_ticket(party_size=5, at=OPENING)
    seat = make_seat(ticket)
    first, second = present(ticket, people=2), present(ticket, people=2)
    answers = [redeem(presentation=it, seat=seat, at=OPENING) for it in (first, second)]

    later = OPENING + timedelta(hours=1)
    repeated = [redeem(presentation=it, seat=seat, at=later) for it in (second, first, second)]

    assert repeated == [answers[1], answers[0], answers[1]]
    assert Admission.objects.get().people == 4
    assert Scan.objects.count() == 2


def test_a_disabled_device_admits_nobody_from_that_moment() -> None:
    ticket = make_ticket(at=OPENING)
    seat = make_seat(ticket)
    disable(device=GateDevice.objects.get(pk=seat.device_id), at=OPENING)

    result = redeem(presentation=present(ticket), seat=seat, at=OPENING)

    assert result == ScanResult(Outcome.DEVICE_BLOCKED)
    assert not Admission.objects.exists()
    assert Scan.objects.get().outcome == "device_blocked"


def test_a_scan_is_one_statement() -> None:
    ticket = make_ticket(at=OPENING)
    seat = make_seat(ticket)

    with CaptureQueriesContext(connection) as queries:
        redeem(presentation=present(ticket), seat=seat, at=OPENING)

    assert len(queries) == 1


def test_the_database_itself_refuses_a_second_admission_and_a_party_too_large() -> None:
    ticket = make_ticket(at=OPENING)
    redeem(presentation=present(ticket), seat=make_seat(ticket), at=OPENING)
    admission = Admission.objects.get()

    with pytest.raises(IntegrityError, match="admission_within_the_party"):
        Admission.objects.filter(pk=admission.pk).update(people=2)


@pytest.mark.django_db(transaction=True)
def test_one_ticket_at_eight_gates_in_the_same_instant_admits_one_fifty_times() -> None:
    product = make_product()
    seats = [make_seat(make_ticket(product=product, at=OPENING)) for _ in range(8)]

    for _run in range(50):
        ticket = make_ticket(product=product, at=OPENING)
        results = at_once(partial(scan, ticket), seats)

        assert sorted(it.outcome for it in results) == ["admitted"] + ["already_admitted"] * 7
        # Those who waited in the race know when and where it was used, too.
        winner = Admission.objects.get(ticket=ticket).first_gate
        first = FirstAdmission(OPENING, winner.code, winner.name)
        assert {it.first_admission for it in results if it.outcome != "admitted"} == {first}
        assert {it.ticket and it.ticket.left for it in results} == {0}


@pytest.mark.django_db(transaction=True)
def test_one_scan_sent_eight_times_in_the_same_instant_counts_once() -> None:
    ticket = make_ticket(party_size=20, at=OPENING)
    seat = make_seat(ticket)
    presentation = present(ticket, people=3)

    results = at_once(lambda _: redeem(presentation=presentation, seat=seat, at=OPENING), range(8))

    assert results == [results[0]] * 8
    assert (results[0].outcome, Admission.objects.get().people) == ("admitted", 3)
    assert Scan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_party_at_eight_gates_in_the_same_instant_never_grows() -> None:
    ticket = make_ticket(party_size=10, at=OPENING)
    seats = [make_seat(ticket) for _ in range(8)]

    results = at_once(partial(scan, ticket, people=3), seats)

    assert sorted(it.outcome for it in results) == ["admitted"] * 3 + ["party_exhausted"] * 5
    assert Admission.objects.get().people == 9
    assert sum(it.admitted_people for it in results) == 9
    assert {it.ticket and it.ticket.left for it in results if it.outcome != "admitted"} == {1}


def test_whatever_a_party_wishes_the_gate_agrees_with_a_simple_count() -> None:
    product = make_product()
    seat = make_seat(make_ticket(product=product, at=OPENING))

    @settings(max_examples=60, deadline=None)
    @given(wishes=st.lists(st.one_of(st.none(), st.integers(1, 12)), max_size=8))
    def agrees(wishes: list[int | None]) -> None:
        ticket = make_ticket(product=product, party_size=7, at=OPENING)
        left = 7
        for wish in wishes:
            result = scan(ticket, seat, people=wish)
            people = left if wish is None else wish
            fits = 1 <= people <= left
            left -= people if fits else 0
            assert result.outcome == ("admitted" if fits else "party_exhausted")
            assert result.ticket is not None
            assert result.ticket.left == left

    agrees()


def test_the_driver_keeps_in_mind_how_it_read_the_statement_of_the_gate() -> None:
    # psycopg reads a longer one anew for every scan.
    assert len(REDEEM.encode()) <= 4096
