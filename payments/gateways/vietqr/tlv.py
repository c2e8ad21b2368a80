"""The form under every payment code: a number of two digits, a length of two digits, a value."""

import binascii
from collections.abc import Iterable
from typing import Final

NUMBER_DIGITS: Final = 2
HEAD: Final = 4
LONGEST_VALUE: Final = 99
CRC_HEAD: Final = "6304"
CRC_DIGITS: Final = 4


class Malformed(ValueError):  # noqa: N818 - says what the text is
    """The text is not a row of whole objects."""


def written(objects: Iterable[tuple[str, str]]) -> str:
    """Write the objects that have a value, in the order given. A length of 00 is never written."""
    return "".join(_object(number, value) for number, value in objects if value)


def _object(number: str, value: str) -> str:
    if not value.isascii() or len(value) > LONGEST_VALUE:
        raise Malformed(f"object {number} cannot hold this value")
    return f"{number}{len(value):02d}{value}"


def read(text: str) -> list[tuple[str, str]]:
    """Read a row of objects to its last character."""
    objects, place = [], 0
    while place < len(text):
        head = text[place : place + HEAD]
        if len(head) < HEAD or not (head.isascii() and head.isdigit()):
            raise Malformed(f"no object at {place}")
        length = int(head[NUMBER_DIGITS:])
        value = text[place + HEAD : place + HEAD + length]
        if length == 0 or len(value) < length:
            raise Malformed(f"object {head[:NUMBER_DIGITS]} is not whole")
        objects.append((head[:NUMBER_DIGITS], value))
        place += HEAD + length
    return objects


def crc(text: str) -> str:
    """CRC-16/CCITT-FALSE over everything up to and including its own head, as it is written."""
    # What the terminal could not read as text has a checksum too: one that nobody wrote under it.
    return f"{binascii.crc_hqx(text.encode(errors='surrogatepass'), 0xFFFF):04X}"
