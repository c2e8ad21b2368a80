"""The 64 random bits that name a ticket: unsigned in the token, signed in PostgreSQL's BIGINT."""

import secrets

BITS = 64
HALF = 1 << BITS - 1


def new_ticket_id() -> int:
    """An id as the database keeps it, from the system's random source."""
    return to_column(secrets.randbits(BITS))


def to_column(ticket_id: int) -> int:
    return ticket_id - (1 << BITS) if ticket_id >= HALF else ticket_id


def from_column(value: int) -> int:
    return value & (1 << BITS) - 1


def to_hex(value: int) -> str:
    """How the API shows an id that the database keeps."""
    return f"{from_column(value):016x}"
