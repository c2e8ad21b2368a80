"""Columns of many rows as the texts of PostgreSQL arrays.

The driver looks at every value by itself, which costs an upload of a thousand rows more time than
PostgreSQL needs to write them. A column whose type is known is joined in one go.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

NOTHING = "{}"


def plain(values: Iterable[int | bool | None]) -> str:
    """Numbers and truths: nothing in their text has a meaning in an array."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def uuids(values: Iterable[UUID | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else value.hex for value in values]) + "}"


def moments(values: Iterable[date | None]) -> str:
    """Days, and moments with their offsets."""
    return "{" + ",".join(["NULL" if one is None else one.isoformat() for one in values]) + "}"


def bytestrings(values: Iterable[bytes]) -> str:
    return "{" + ",".join([f'"\\\\x{value.hex()}"' for value in values]) + "}"


def texts(values: Iterable[str]) -> str:
    """Any text; quotes and backslashes stay what they are."""
    return "{" + ",".join([_quoted(value) for value in values]) + "}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"') if value else ""
    return f'"{escaped}"'
