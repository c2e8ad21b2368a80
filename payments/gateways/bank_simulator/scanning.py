"""The bank app's eye: reads a payment code without the code that wrote it."""

import re
from dataclasses import dataclass
from typing import Final

ROOM: Final = re.compile(r"(?P<id>[0-9]{2})(?P<length>[0-9]{2})")


class NoCode(ValueError):  # noqa: N818 - what the app says
    """The app cannot use this text."""


@dataclass(frozen=True, slots=True)
class Scanned:
    bank: str
    account: str
    amount: int | None
    memo: str


def checksum(data: bytes) -> int:
    """CRC-16/CCITT-FALSE, bit by bit."""
    register = 0xFFFF
    for byte in data:
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1) ^ 0x1021 if register & 0x8000 else register << 1
            register &= 0xFFFF
    return register


def parts(text: str) -> dict[str, str]:
    """Take one object after another off the front."""
    found: dict[str, str] = {}
    while text:
        room = ROOM.match(text)
        if room is None or room["id"] in found:
            raise NoCode("not a payment code")
        end = 4 + int(room["length"])
        value = text[4:end]
        if not value or len(value) != end - 4:
            raise NoCode("a part is cut off")
        found[room["id"]], text = value, text[end:]
    return found


def scan(text: str) -> Scanned:
    """Read what the code wants paid; `NoCode` says why not."""
    if not re.fullmatch(r".+6304[0-9A-F]{4}", text, flags=re.ASCII | re.DOTALL):
        raise NoCode("not a payment code")
    if checksum(text[:-4].encode()) != int(text[-4:], 16):
        raise NoCode("the check number is wrong")
    root = parts(text)
    try:
        merchant = parts(root["38"])
        target = parts(merchant["01"])
        napas = (merchant["00"], root["53"], root["58"]) == ("A000000727", "704", "VN")
        scanned = Scanned(
            bank=target["00"],
            account=target["01"],
            amount=int(root["54"]) if "54" in root else None,
            memo=parts(root.get("62", "")).get("08", ""),
        )
    except (KeyError, ValueError) as error:
        raise NoCode("a part is missing") from error
    if not napas or list(root)[-1] != "63":
        raise NoCode("not a code of this country's banks")
    return scanned
