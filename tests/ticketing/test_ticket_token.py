"""The token is exactly what the format says, and nothing else is ever taken for one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ticketing.domain import ticket_token as tokens
from ticketing.domain.ticket_token import Fault, TicketClaims, TrustedKey, Verdict

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "vectors" / "ticket_token.json").read_text(encoding="utf-8")
)
PRIVATE_KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["seed"]))
PUBLIC_KEY = bytes.fromhex(VECTORS["public_key"])
TRUSTED = {VECTORS["key_id"]: TrustedKey(PUBLIC_KEY)}
LAST_MINUTE = 2**24 - 1


def claims_of(vector: dict[str, Any]) -> TicketClaims:
    said = dict(vector["claims"])
    sites = said.pop("sites")
    said["ticket_id"] = int(said["ticket_id"], 16)
    for name in ("valid_from", "valid_until", "issued_at"):
        said[name] = datetime.fromisoformat(said[name])
    return TicketClaims(scope=sum(1 << site for site in sites), **said)


FIRST = claims_of(VECTORS["valid"][0])
FIRST_TOKEN = bytes.fromhex(VECTORS["valid"][0]["body"] + VECTORS["valid"][0]["signature"])


@st.composite
def sound_claims(draw: st.DrawFn) -> TicketClaims:
    valid_from = draw(st.integers(0, LAST_MINUTE - 1))
    longest = min(400 * 24 * 60, LAST_MINUTE - valid_from)
    return TicketClaims(
        key_id=7,
        ticket_id=draw(st.integers(0, 2**64 - 1)),
        product_id=draw(st.integers(0, 2**24 - 1)),
        scope=draw(st.integers(0, 2**32 - 1)),
        valid_from=tokens.moment(valid_from),
        valid_until=tokens.moment(valid_from + draw(st.integers(1, longest))),
        category=draw(st.integers(0, 255)),
        party_size=draw(st.integers(1, 255)),
        entry_policy=draw(st.integers(0, 3)),
        issued_at=tokens.moment(draw(st.integers(0, LAST_MINUTE))),
        binding=draw(st.integers(0, 2**32 - 1)),
        token_type=draw(st.sampled_from([tokens.SITES, tokens.SCOPE_LIST])),
    )


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: str(vector["name"]))
def test_a_known_ticket_is_written_and_read_byte_for_byte(vector: dict[str, Any]) -> None:
    claims = claims_of(vector)
    token = tokens.sign(claims, PRIVATE_KEY)

    assert tokens.DOMAIN.hex() == VECTORS["signing_domain"]
    assert token.hex() == vector["body"] + vector["signature"]
    assert tokens.to_text(token) == vector["text"]
    assert tokens.to_link_part(token) == vector["link_part"]
    assert tokens.inspect(vector["text"], TRUSTED) == Verdict(None, claims)
    assert tokens.inspect(vector["link_part"], TRUSTED) == Verdict(None, claims)


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: str(vector["name"]))
def test_a_known_bad_ticket_is_refused_for_its_reason(vector: dict[str, Any]) -> None:
    assert tokens.inspect(vector["text"], TRUSTED).fault == vector["expect"]


@given(sound_claims())
def test_every_sound_ticket_comes_back_as_it_was_written(claims: TicketClaims) -> None:
    token = tokens.sign(claims, PRIVATE_KEY)

    assert len(token) == 98
    assert len(tokens.to_text(token)) == 152
    assert len(tokens.to_link_part(token)) == 131
    assert tokens.decode(token[:34]) == claims
    assert tokens.inspect(tokens.to_text(token), TRUSTED) == Verdict(None, claims)
    assert tokens.inspect(tokens.to_link_part(token), TRUSTED) == Verdict(None, claims)


def test_one_flipped_bit_anywhere_is_never_ours() -> None:
    """The two bytes of the key id name another key then: one that we may simply not know yet."""
    for bit in range(98 * 8):
        flipped = bytearray(FIRST_TOKEN)
        flipped[bit // 8] ^= 0x80 >> bit % 8
        expected = Fault.UNKNOWN_KEY if 8 <= bit < 24 else Fault.FORGED

        assert tokens.verify(bytes(flipped), TRUSTED) == Verdict(expected), bit


def test_a_flipped_key_id_is_forged_where_that_key_is_known_too() -> None:
    other = TrustedKey(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    every_key = {kid: other for kid in range(2**16) if kid != 7} | TRUSTED
    for bit in range(8, 24):
        flipped = bytearray(FIRST_TOKEN)
        flipped[bit // 8] ^= 0x80 >> bit % 8

        assert tokens.verify(bytes(flipped), every_key) == Verdict(Fault.FORGED), bit


@given(st.text(max_size=400))
def test_any_text_gets_a_verdict_and_no_stranger_is_ours(text: str) -> None:
    verdict = tokens.inspect(text, TRUSTED)

    assert verdict.fault is not None
    assert verdict.claims is None


@given(st.binary(min_size=98, max_size=98))
def test_any_98_bytes_get_a_verdict_and_are_not_ours(token: bytes) -> None:
    assert tokens.verify(token, TRUSTED).fault in {Fault.UNKNOWN_KEY, Fault.FORGED}
    assert tokens.from_text(tokens.to_text(token)) == token
    assert tokens.from_text(tokens.to_link_part(token)) == token


@given(
    st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", min_size=147, max_size=147)
)
def test_a_text_is_read_only_if_it_is_the_one_we_would_write(payload: str) -> None:
    token = tokens.from_text("HUE1:" + payload)

    assert token is None or tokens.to_text(token) == "HUE1:" + payload


@pytest.mark.parametrize(
    "text",
    [
        "",
        "HUE1:",
        " " + tokens.to_text(FIRST_TOKEN),
        tokens.to_text(FIRST_TOKEN) + "\n",
        tokens.to_text(FIRST_TOKEN)[:-1],
        tokens.to_text(FIRST_TOKEN[:-1]),
        tokens.to_text(FIRST_TOKEN + b"\x00"),
        tokens.to_text(FIRST_TOKEN).replace("HUE1:", "HUE2:"),
        tokens.to_text(FIRST_TOKEN).removeprefix("HUE1:"),
        "HUE1:" + ":" * 147,
        tokens.to_link_part(FIRST_TOKEN) + "=",
        # The last character holds two bits that must be zero.
        tokens.to_link_part(FIRST_TOKEN)[:-1] + "p",
        tokens.to_link_part(FIRST_TOKEN).replace("_", "/"),
        "Ｈ" * 131,
        "HUE1:" + "0" * 1_000_000,
    ],
)
def test_a_text_that_is_not_exactly_right_is_malformed(text: str) -> None:
    assert tokens.inspect(text, TRUSTED) == Verdict(Fault.MALFORMED)
    assert tokens.read_unproven(text) is None


@pytest.mark.parametrize("extra", [10, 100])
def test_a_ticket_with_a_proof_asks_for_a_newer_scanner(extra: int) -> None:
    text = tokens.to_text(FIRST_TOKEN + bytes(extra))

    assert tokens.inspect(text, TRUSTED) == Verdict(Fault.MALFORMED, needs_newer_scanner=True)
    assert tokens.read_unproven(text) is None


@pytest.mark.parametrize(
    ("unsound", "newer"),
    [
        ({"version": 2}, True),
        ({"token_type": 2}, True),
        ({"valid_until": FIRST.valid_from}, False),
        ({"valid_until": FIRST.valid_from + timedelta(days=400, minutes=1)}, False),
        ({"party_size": 0}, False),
        ({"entry_policy": 4}, False),
    ],
)
def test_our_own_signature_does_not_make_unsound_fields_good(
    *, unsound: dict[str, Any], newer: bool
) -> None:
    claims = replace(FIRST, **unsound)
    body = tokens.encode(claims)
    token = body + PRIVATE_KEY.sign(tokens.DOMAIN + body)

    assert tokens.verify(token, TRUSTED) == Verdict(
        Fault.INVALID_FIELDS, claims, needs_newer_scanner=newer
    )
    with pytest.raises(ValueError, match="would be refused"):
        tokens.sign(claims, PRIVATE_KEY)


def test_the_longest_validity_is_400_days() -> None:
    claims = replace(FIRST, valid_until=FIRST.valid_from + timedelta(days=400))

    assert tokens.verify(tokens.sign(claims, PRIVATE_KEY), TRUSTED).is_ours


@pytest.mark.parametrize(
    ("window", "inside"),
    [
        ({"issues_from": FIRST.issued_at}, True),
        ({"issues_from": FIRST.issued_at + timedelta(minutes=1)}, False),
        ({"issues_until": FIRST.issued_at + timedelta(minutes=1)}, True),
        ({"issues_until": FIRST.issued_at}, False),
        ({"cut_off_at": FIRST.issued_at + timedelta(minutes=1)}, True),
        ({"cut_off_at": FIRST.issued_at}, False),
    ],
)
def test_a_key_is_good_only_for_tickets_issued_in_its_window(
    *, window: dict[str, datetime], inside: bool
) -> None:
    verdict = tokens.verify(FIRST_TOKEN, {7: TrustedKey(PUBLIC_KEY, **window)})

    assert verdict == Verdict(None if inside else Fault.OUTSIDE_KEY_WINDOW, FIRST)


def test_times_are_whole_minutes_of_the_token_s_calendar() -> None:
    assert tokens.minutes(datetime(2025, 1, 1, tzinfo=UTC)) == 0
    assert tokens.moment(LAST_MINUTE).year == 2056
    with pytest.raises(ValueError, match="whole minutes"):
        tokens.minutes(FIRST.issued_at + timedelta(seconds=1))
    with pytest.raises(OverflowError):
        tokens.encode(replace(FIRST, valid_until=tokens.moment(LAST_MINUTE + 1)))


def test_what_is_read_unproven_is_the_bytes_and_their_claims() -> None:
    read = tokens.read_unproven(VECTORS["valid"][0]["text"])

    assert read == tokens.Unproven(FIRST_TOKEN, FIRST)


def test_a_list_scope_names_no_site_by_itself() -> None:
    assert FIRST.sites == (0, 1, 2, 3)
    assert replace(FIRST, token_type=tokens.SCOPE_LIST).sites == ()
