"""Codes that are not a ticket of ours, or no longer."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.factories import OPENING, make_ticket
from tests.ticketing.gate.seats import make_seat
from ticketing.domain.enrolment import Seat
from ticketing.domain.presentation import Presentation, ScanResult
from ticketing.domain.redemption import redeem
from ticketing.domain.signing_keys import key_for, private_key_of
from ticketing.domain.ticket_ids import from_column, new_ticket_id
from ticketing.domain.ticket_token import TicketClaims, sign, to_link_part, to_text
from ticketing.models import Outcome, Scan, Ticket

pytestmark = pytest.mark.django_db


def show(text: str, *, seat: Seat) -> ScanResult:
    presentation = Presentation(scan_id=uuid4(), text=text, scanned_at=OPENING)
    return redeem(presentation=presentation, seat=seat, at=OPENING)


def claims_of(ticket: Ticket, *, ticket_id: int, key_id: int) -> TicketClaims:
    return TicketClaims(
        key_id=key_id,
        ticket_id=ticket_id,
        product_id=ticket.product_id,
        scope=1,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        category=1,
        party_size=1,
        entry_policy=1,
        issued_at=OPENING,
    )


def test_a_flipped_bit_anywhere_is_forged_and_the_scan_is_kept() -> None:
    ticket = make_ticket(at=OPENING)
    seat = make_seat(ticket)
    token = bytes(ticket.token)

    outcomes = set()
    for bit in range(len(token) * 8):
        flipped = bytearray(token)
        flipped[bit // 8] ^= 1 << bit % 8
        outcomes.add(show(to_text(bytes(flipped)), seat=seat).outcome)

    assert outcomes == {Outcome.FORGED}
    assert Scan.objects.filter(outcome="forged", ticket=None).count() == len(token) * 8


def test_a_genuine_signature_over_an_id_that_was_never_sold_is_unknown() -> None:
    ticket = make_ticket(at=OPENING)
    key = key_for(at=OPENING)
    never_sold = from_column(new_ticket_id())
    token = sign(claims_of(ticket, ticket_id=never_sold, key_id=key.kid), private_key_of(key))

    result = show(to_text(token), seat=make_seat(ticket))

    assert result == ScanResult(Outcome.UNKNOWN)
    assert from_column(Scan.objects.get().claimed_ticket_id or 0) == never_sold


def test_the_old_code_of_a_ticket_that_was_issued_anew_is_revoked() -> None:
    ticket = make_ticket(at=OPENING)
    seat = make_seat(ticket)
    old_text = to_text(bytes(ticket.token))
    key = key_for(at=OPENING)
    later = claims_of(ticket, ticket_id=from_column(ticket.pk), key_id=key.kid)
    moved = replace(later, valid_until=later.valid_until + timedelta(days=1))
    Ticket.objects.filter(pk=ticket.pk).update(token=sign(moved, private_key_of(key)))

    assert show(old_text, seat=seat).outcome == Outcome.REVOKED


def test_a_stranger_s_key_is_forged_whatever_key_id_it_claims() -> None:
    ticket = make_ticket(at=OPENING)
    seat = make_seat(ticket)
    stranger = Ed25519PrivateKey.generate()
    known = key_for(at=OPENING).kid

    for key_id in (known, known + 1):
        token = sign(claims_of(ticket, ticket_id=1, key_id=key_id), stranger)
        assert show(to_text(token), seat=seat).outcome == Outcome.FORGED


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("https://example.com/pay-here", "unknown"),
        ("8934588012345", "unknown"),
        ("HUE1:", "forged"),
        ("HUE1:AAAA", "forged"),
        ("HUE1:" + "A" * 147, "forged"),
        ("HUE1:" + "€" * 100, "forged"),
        ("HUE1:" + "A" * 500, "forged"),
        ("hue1:112I/0", "unknown"),
    ],
)
def test_what_is_not_a_token_is_refused_with_a_kept_scan(text: str, outcome: str) -> None:
    seat = make_seat(make_ticket(at=OPENING))

    assert show(text, seat=seat).outcome == outcome
    assert Scan.objects.get().outcome == outcome


def test_one_character_more_or_less_is_forged() -> None:
    ticket = make_ticket(at=OPENING)
    seat = make_seat(ticket)
    text = to_text(bytes(ticket.token))

    for changed in (text + "A", text + " ", text[:-1], text[:5] + text[5:].lower()):
        assert show(changed, seat=seat).outcome == Outcome.FORGED


def test_the_link_form_of_a_ticket_is_the_same_ticket() -> None:
    ticket = make_ticket(at=OPENING)

    result = show(to_link_part(bytes(ticket.token)), seat=make_seat(ticket))

    assert result.outcome == Outcome.ADMITTED


def test_a_refused_scan_that_is_repeated_is_kept_once() -> None:
    seat = make_seat(make_ticket(at=OPENING))
    presentation = Presentation(scan_id=uuid4(), text="HUE1:AAAA", scanned_at=OPENING)

    answers = [
        redeem(presentation=presentation, seat=seat, at=OPENING + timedelta(minutes=minute))
        for minute in range(3)
    ]

    assert answers == [ScanResult(Outcome.FORGED)] * 3
    assert Scan.objects.count() == 1
