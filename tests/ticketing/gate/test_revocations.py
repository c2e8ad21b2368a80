"""The revocation list: the published vector, sizes, false hits, and the command that reads it."""

import json
import random
from base64 import b64encode
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import OPENING
from ticketing.domain import rice_sets
from ticketing.domain.revocations import build_set, place_in_set, read_list, write_list

SALT = bytes.fromhex("00112233445566778899aabbccddeeff")
PLACES = {
    "a1b2c3d4e5f60718": 2035966,
    "0000000000000001": 2148331,
    "ffffffffffffffff": 3004583,
    "0123456789abcdef": 2591535,
    "deadbeefcafef00d": 2870291,
}
DATA = bytes.fromhex("bc43f836dda6c344220720832500")
ABSENT = "1122334455667788"
SEED = 20261122


def ids(count: int, *, seed: int = SEED) -> list[int]:
    random_bits = random.Random(seed)  # noqa: S311  # the same tickets at every run
    return [random_bits.getrandbits(64) for _ in range(count)]


def inspect(file: Path, *arguments: str) -> dict[str, bool]:
    out = StringIO()
    call_command("revocations_inspect", str(file), *arguments, stdout=out)
    hits: dict[str, bool] = json.loads(out.getvalue())["hits"]
    return hits


def test_five_tickets_stand_and_are_coded_as_published() -> None:
    places = {text: place_in_set(int(text, 16), salt=SALT, count=5) for text in PLACES}
    revoked = build_set([int(text, 16) for text in PLACES], salt=SALT)

    assert places == PLACES
    assert revoked.data == DATA
    assert revoked.hits([int(ABSENT, 16)]) == {int(ABSENT, 16): False}


def test_ten_thousand_tickets_take_less_than_thirty_thousand_bytes_and_are_all_found() -> None:
    tickets = ids(10_000)
    revoked = build_set(tickets, salt=SALT)
    container = write_list(
        revoked,
        number=1,
        created_at=OPENING,
        horizon=OPENING + timedelta(days=30),
        private_key=Ed25519PrivateKey.generate(),
    )

    assert len(container) < 30_000
    assert read_list(container).revoked == revoked
    assert all(revoked.hits(tickets).values())


def test_hardly_a_ticket_is_found_that_was_never_revoked() -> None:
    revoked = build_set(ids(2_000), salt=SALT)

    hits = sum(revoked.hits(ids(20_000, seed=SEED + 1)).values())

    # One in 2^20 is expected: 0.02 of twenty thousand.
    assert hits <= 1


@given(st.lists(st.integers(0, 2**64 - 1), max_size=60), st.integers(0, 63))
def test_numbers_come_back_as_they_went_in(numbers: list[int], low: int) -> None:
    # Short codes alone: a difference in unary is as long as it is large.
    short = [number % (1 << low + 6) for number in numbers]

    data = rice_sets.encode(short, low=low)

    assert list(rice_sets.decode(data, count=len(short), low=low)) == sorted(short)


@pytest.mark.parametrize("count", [0, 4, 6])
def test_numbers_that_are_not_there_are_missed_and_those_too_many_are_seen(count: int) -> None:
    with pytest.raises(rice_sets.BrokenSetError):
        list(rice_sets.decode(DATA, count=count, low=20))


@pytest.mark.parametrize("content", [DATA, DATA.hex().encode() + b"\n", b64encode(DATA)])
def test_the_command_answers_for_the_coded_part_alone(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "part"
    file.write_bytes(content)
    asked = [x for text in (*PLACES, ABSENT) for x in ("--ticket", text)]

    hits = inspect(file, *asked, "--salt", SALT.hex(), "--count", "5")

    assert hits == {**dict.fromkeys(PLACES, True), ABSENT: False}


def test_the_command_answers_for_a_whole_list(tmp_path: Path) -> None:
    revoked = build_set([int(text, 16) for text in PLACES], salt=SALT)
    file = tmp_path / "list"
    key = Ed25519PrivateKey.generate()
    file.write_bytes(
        write_list(revoked, number=7, created_at=OPENING, horizon=OPENING, private_key=key)
    )

    assert inspect(file, "--ticket", ABSENT, "--ticket", "a1b2c3d4e5f60718") == {
        ABSENT: False,
        "a1b2c3d4e5f60718": True,
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["--ticket", "a1"],
        ["--ticket", ABSENT],
        ["--ticket", ABSENT, "--salt", SALT.hex()],
        ["--ticket", ABSENT, "--salt", "00", "--count", "5"],
        ["--ticket", ABSENT, "--salt", SALT.hex(), "--count", "-1"],
        # A list read with a number that is too small would miss tickets.
        ["--ticket", ABSENT, "--salt", SALT.hex(), "--count", "4"],
        ["--ticket", ABSENT, "--salt", SALT.hex(), "--count", "500"],
    ],
)
@pytest.mark.parametrize("content", [DATA, b"\xff" * 200])
def test_the_command_says_what_is_wrong_with_the_question(
    arguments: list[str], content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "part"
    file.write_bytes(content)

    with pytest.raises(CommandError):
        inspect(file, *arguments)
