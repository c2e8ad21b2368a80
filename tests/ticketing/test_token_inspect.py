"""The command for checks from outside: one JSON object, without a database."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.ticketing.test_ticket_token import VECTORS

KEY = f"7:{VECTORS['public_key']}"
TEXT = VECTORS["valid"][0]["text"]
FIELDS = {
    "ticket_id": "a1b2c3d4e5f60718",
    "product_id": 300,
    "sites": [0, 1, 2, 3],
    "valid_from": "2026-11-22T00:00:00Z",
    "valid_until": "2026-11-27T17:00:00Z",
    "category": 1,
    "party_size": 2,
    "entry_policy": 1,
    "issued_at": "2026-11-22T02:03:00Z",
    "key_id": 7,
}


def inspect(text: str, *keys: str) -> dict[str, Any]:
    out = StringIO()
    call_command("token_inspect", text, key=list(keys), stdout=out, stderr=StringIO())
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.mark.parametrize("form", ["text", "link_part"])
def test_a_good_ticket_is_read_out_in_both_forms(form: str) -> None:
    assert inspect(VECTORS["valid"][0][form], KEY) == {
        "valid": True,
        "reason": None,
        "fields": FIELDS,
    }


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: str(vector["name"]))
def test_a_bad_ticket_is_refused_with_its_reason(vector: dict[str, Any]) -> None:
    answer = inspect(vector["text"], KEY)

    assert (answer["valid"], answer["reason"]) == (False, vector["expect"])
    # Fields of a ticket whose signature does not hold are not read out.
    assert (answer["fields"] is None) == (vector["expect"] != "invalid_fields")


def test_the_right_one_of_several_keys_is_used() -> None:
    other = f"8:{VECTORS['public_key'][::-1]}"

    assert inspect(TEXT, other, KEY)["valid"] is True
    assert inspect(TEXT, other)["reason"] == "unknown_key"
    assert inspect(TEXT)["reason"] == "unknown_key"


def test_a_weak_key_is_not_trusted() -> None:
    assert inspect(TEXT, "7:" + "00" * 32)["reason"] == "unknown_key"


def test_a_window_can_be_given_with_the_key() -> None:
    inside = f"{KEY},2026-10-31T23:00:00+07:00,2026-12-01T01:00:00+07:00"
    before = f"{KEY},,2026-11-22T02:03:00Z"

    assert inspect(TEXT, inside)["valid"] is True
    assert inspect(TEXT, before) == {
        "valid": False,
        "reason": "outside_key_window",
        "fields": FIELDS,
    }


@pytest.mark.parametrize(
    "key", ["", "7", "7:", "x:00", "7:zz", "7:00ff", "70000:" + "07" * 32, f"{KEY},yesterday"]
)
def test_a_key_that_cannot_be_read_is_said_to_be_so(key: str) -> None:
    with pytest.raises(CommandError, match="Not a key"):
        inspect(TEXT, key)


def test_one_key_id_has_one_key() -> None:
    with pytest.raises(CommandError, match="given twice"):
        inspect(TEXT, KEY, KEY)
