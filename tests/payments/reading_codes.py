"""A second reader of payment codes, that shares nothing with the one under test."""

import re
from pathlib import Path
from typing import Any

import orjson

VECTORS: list[dict[str, Any]] = orjson.loads(
    (Path(__file__).parent / "vectors/vietqr.json").read_bytes()
)["published"]


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, one bit after another, as the standard draws it."""
    register = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            feedback = (register >> 15) ^ (byte >> bit & 1)
            register = (register << 1) & 0xFFFF
            if feedback:
                register ^= 0x1021
    return register


def objects_of(text: str) -> dict[str, str]:
    """Cut the objects off the front, one after another."""
    found: dict[str, str] = {}
    while text:
        head = re.match(r"(\d\d)(\d\d)", text, flags=re.ASCII)
        assert head, text
        length = int(head[2])
        assert 0 < length <= len(text) - 4, text
        assert head[1] not in found, text
        found[head[1]], text = text[4 : 4 + length], text[4 + length :]
    return found


def read_code(text: str) -> dict[str, str]:
    """What a bank app would show, or an assertion that says why it would not."""
    assert f"{crc16(text[:-4].encode()):04X}" == text[-4:]
    root = objects_of(text)
    assert list(root) == sorted(root)
    assert root["63"] == text[-4:]
    merchant = objects_of(root["38"])
    beneficiary = objects_of(merchant["01"])
    extra = objects_of(root.get("62", ""))
    assert (root["00"], merchant["00"], root["53"], root["58"]) == (
        "01",
        "A000000727",
        "704",
        "VN",
    )
    return {
        "initiation": root["01"],
        "bin": beneficiary["00"],
        "account": beneficiary["01"],
        "service": merchant["02"],
        "amount": root.get("54", ""),
        "memo": extra.get("08", ""),
        "bill": extra.get("01", ""),
    }
