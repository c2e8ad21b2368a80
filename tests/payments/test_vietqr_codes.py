"""Payment codes: the published ones to the letter, and nothing that a bank would misread."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from payments.gateways.vietqr.payload import (
    TO_CARD,
    CannotEncode,
    Reason,
    Transfer,
    Unreadable,
    decode,
    encode,
    folded,
)
from payments.gateways.vietqr.tlv import crc
from tests.payments.reading_codes import VECTORS, crc16, read_code

PAYLOAD = {vector["name"]: vector["payload"] for vector in VECTORS}
TRANSFERS = {
    "N2": Transfer("970403", "0011012345678", 180_000, "thanh toan don hang", "NPS6869"),
    "N3": Transfer("970403", "9704031101234567", service=TO_CARD),
    "T1": Transfer("970415", "0011009950446"),
    "T2": Transfer("970436", "1031933430", 150_000, "HUE7K3M9QX2"),
    "T3": Transfer("970422", "VQRQHUE00001234", 520_000, "HUE4TZ8WBN6", "4TZ8WBN6"),
}
transfers = st.builds(
    Transfer,
    bank_bin=st.from_regex(r"\A[0-9]{6}\Z"),
    account=st.from_regex(r"\A[0-9A-Za-z]{1,19}\Z"),
    amount=st.none() | st.integers(1, 9_999_999_999_999),
    memo=st.from_regex(r"\A([A-Z0-9]{1,19})?\Z"),
    bill=st.from_regex(r"\A([A-Za-z0-9]{1,25})?\Z"),
)


def sealed(text: str) -> str:
    """Put a right checksum under a text."""
    return f"{text}6304{crc16(f'{text}6304'.encode()):04X}"


def said(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command(*arguments, stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


@pytest.mark.parametrize("name", TRANSFERS)
def test_the_published_codes_are_written_to_the_letter(name: str) -> None:
    assert encode(TRANSFERS[name]) == PAYLOAD[name]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_the_published_codes_are_judged_rightly(vector: dict[str, Any]) -> None:
    text = vector["payload"]

    assert crc(text[:-4]) == text[-4:]
    if vector["well_formed"]:
        assert encode(read(text)) == text
    else:
        assert decode(text) == Unreadable(Reason.MALFORMED)


def read(text: str) -> Transfer:
    transfer = decode(text)
    assert isinstance(transfer, Transfer), transfer
    return transfer


@given(transfers)
def test_another_reader_reads_what_we_write(transfer: Transfer) -> None:
    assert read_code(encode(transfer)) == {
        "initiation": "11" if transfer.amount is None else "12",
        "bin": transfer.bank_bin,
        "account": transfer.account,
        "service": "QRIBFTTA",
        "amount": "" if transfer.amount is None else str(transfer.amount),
        "memo": transfer.memo,
        "bill": transfer.bill,
    }


@given(transfers)
def test_we_read_what_we_write(transfer: Transfer) -> None:
    text = encode(transfer)

    assert encode(read(text)) == text


@given(transfers, st.data())
def test_one_changed_character_is_always_seen(transfer: Transfer, data: st.DataObject) -> None:
    text = encode(transfer)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0123456789ABCDEFZ").filter(lambda one: one != text[place]))

    assert isinstance(decode(text[:place] + other + text[place + 1 :]), Unreadable)


MERCHANT = "38540010A00000072701240006970436011010319334300208QRIBFTTA"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.MALFORMED),
        ("HUE1:", Reason.MALFORMED),
        (PAYLOAD["T2"][:-1] + "5", Reason.BAD_CRC),
        (PAYLOAD["T2"].lower(), Reason.BAD_CRC),
        (PAYLOAD["T2"] + "5802VN", Reason.TRAILING_DATA),
        (PAYLOAD["T2"] + "x", Reason.TRAILING_DATA),
        (encode(Transfer("970436", "6304123463040000")) + "x", Reason.TRAILING_DATA),
        ("\udcff\udcfe6304ABCD", Reason.BAD_CRC),
        (sealed(PAYLOAD["T2"]), Reason.TRAILING_DATA),
        (sealed(f"000201010212{MERCHANT}{MERCHANT}53037045802VN"), Reason.DUPLICATE),
        (sealed(f"000201010212{MERCHANT}530370454041000540420005802VN"), Reason.DUPLICATE),
        (sealed(f"000201010212{MERCHANT}53038405802VN"), Reason.WRONG_CURRENCY),
        (sealed(f"000201010212{MERCHANT}5802VN"), Reason.WRONG_CURRENCY),
        (sealed(f"000201010212{MERCHANT.replace('0727', '0728')}53037045802VN"), Reason.WRONG_GUID),
        (sealed("00020101021253037045802VN"), Reason.WRONG_GUID),
        (sealed(f"000201010212{MERCHANT}530370454050100.5802VN"), Reason.MALFORMED),
        (sealed(f"000201010212{MERCHANT}53037045403012 5802VN"), Reason.MALFORMED),
        (sealed(f"000201010212{MERCHANT}530370454005802VN"), Reason.MALFORMED),
        (sealed(f"000201010212{MERCHANT}53037045899VN"), Reason.MALFORMED),
    ],
)
def test_what_a_careful_bank_refuses_is_named(text: str, reason: Reason) -> None:
    assert decode(text) == Unreadable(reason)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"bank_bin": "97043"}, "six digits"),
        ({"account": "1" * 20}, "up to 19"),
        ({"account": ""}, "up to 19"),
        ({"amount": 0}, "whole đồng"),
        ({"amount": 10**13}, "13 digits"),
        ({"memo": "A" * 20}, "up to 19"),
        ({"memo": "🎫"}, "up to 19"),
        ({"bill": "no spaces"}, "bill number"),
        ({"service": "QRPUSH"}, "not for transfers"),
    ],
)
def test_what_no_bank_would_read_is_not_written(wrong: dict[str, Any], sentence: str) -> None:
    facts: dict[str, Any] = {"bank_bin": "970436", "account": "1031933430", **wrong}

    with pytest.raises(CannotEncode, match=sentence):
        encode(Transfer(**facts))


def test_marks_on_letters_do_not_reach_the_bank() -> None:
    assert folded("Vé  tham quan: Đại Nội (Huế)!") == "Ve tham quan Dai Noi Hue"


def test_the_commands_answer_without_a_database() -> None:
    encoded = said(
        "vietqr_encode", "--bin=970436", "--account=1031933430", "--amount=150000",
        "--memo=HUE7K3M9QX2",
    )  # fmt: skip

    assert encoded == {"payload": PAYLOAD["T2"]}
    assert said("vietqr_decode", PAYLOAD["T3"]) == {
        "valid": True,
        "reason": None,
        "fields": {
            "bin": "970422",
            "account": "VQRQHUE00001234",
            "amount": 520_000,
            "currency": "VND",
            "memo": "HUE4TZ8WBN6",
            "bill": "4TZ8WBN6",
            "service": "QRIBFTTA",
            "point_of_initiation": "12",
        },
    }
    assert said("vietqr_decode", PAYLOAD["N1"]) == {
        "valid": False,
        "reason": "malformed",
        "fields": None,
    }


def test_the_command_says_what_cannot_be_written() -> None:
    with pytest.raises(CommandError, match="six digits"):
        call_command("vietqr_encode", "--bin=1", "--account=1")
    for amount in ("1_000", "-5", "0", "007", "٣", "1e5"):
        with pytest.raises(CommandError, match="whole đồng"):
            call_command("vietqr_encode", "--bin=970436", "--account=1", f"--amount={amount}")
