"""VNPAY's signatures, to the letter, by our code and by the simulator's own."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest

from payments.gateways.vnpay import signing
from payments.gateways.vnpay_simulator import seals

VECTORS: dict[str, Any] = orjson.loads((Path(__file__).parent / "vectors/vnpay.json").read_bytes())
SECRET: str = VECTORS["secret"]
ORDERS = {
    "V4": signing.QUERY_REQUEST,
    "V5": signing.QUERY_ANSWER,
    "V6": signing.REFUND_REQUEST,
}


@pytest.mark.parametrize("vector", VECTORS["addresses"], ids=lambda vector: str(vector["name"]))
def test_addresses_are_signed_to_the_letter_on_both_sides(vector: dict[str, Any]) -> None:
    params, signed, expected = vector["params"], vector["signed"], vector["hash"]

    assert signing.address_data(params) == signed
    assert signing.signature(signed, secret=SECRET) == expected
    assert seals.query_of(params) == signed
    assert seals.seal(signed, secret=SECRET) == expected


@pytest.mark.parametrize("vector", VECTORS["questions"], ids=lambda vector: str(vector["name"]))
def test_questions_and_answers_are_signed_to_the_letter_on_both_sides(
    vector: dict[str, Any],
) -> None:
    names = ORDERS[vector["name"]]
    values = dict(zip(names, vector["signed"].split("|"), strict=True))
    command = values["vnp_Command"]
    table = seals.ANSWERED if vector["name"] == "V5" else seals.ASKED

    assert signing.piped(values, names) == vector["signed"]
    assert signing.signature(vector["signed"], secret=SECRET) == vector["hash"]
    assert seals.bars(values, table[command]) == vector["signed"]
    assert seals.seal(vector["signed"], secret=SECRET) == vector["hash"]


def query_of(vector: dict[str, Any], **changes: str) -> str:
    return f"{vector['signed']}&vnp_SecureHash={changes.get('hash', vector['hash'])}"


def accepted(query: str, *, secrets: tuple[str, ...] = (SECRET,)) -> bool:
    params = signing.read_address(query)
    return params is not None and signing.is_signed(params, secrets=secrets)


def test_a_signature_counts_in_either_case_and_beside_strangers() -> None:
    vector = VECTORS["addresses"][1]

    assert accepted(query_of(vector))
    assert accepted(query_of(vector, hash=vector["hash"].upper()))
    assert accepted(f"utm_source=x&{query_of(vector)}&vnp_SecureHashType=HmacSHA512")


def test_an_empty_value_counts_signed_or_left_out() -> None:
    vector = VECTORS["addresses"][2]
    kept = signing.address_data(vector["params"], keep_empty=True)
    query = f"{kept}&vnp_SecureHash="

    assert accepted(query + vector["hash"])
    assert accepted(query + seals.seal(kept, secret=SECRET))


def test_what_is_not_signed_so_is_refused() -> None:
    vector = VECTORS["addresses"][1]
    query = query_of(vector)

    assert not accepted(query.replace("20000000", "20000001"))
    assert not accepted(query + "&vnp_Unknown=1")
    assert not accepted(query + "&vnp_Amount=20000000")
    assert not accepted(query, secrets=("another",))
    assert not accepted(vector["signed"])
    assert not accepted("")


def test_both_secrets_count_while_one_replaces_the_other() -> None:
    query = query_of(VECTORS["addresses"][1])

    assert accepted(query, secrets=("the new one", SECRET))


def test_the_two_sides_read_an_address_alike() -> None:
    url = f"https://hue.example/return?{query_of(VECTORS['addresses'][2])}"
    ours = signing.read_address(urlsplit(url).query)

    assert ours == {name: value[0] for name, value in parse_qs(urlsplit(url).query).items()}
