"""The list of revoked tickets that gates carry: a Golomb-coded set, 27 bits for each of them.

A ticket that is in the list is always found. Of those that are not, one in 2^20 seems to be: a
gate that is alone asks a person then. Ids are the 64 bits of the token, never the signed number
of the database.
"""

import hashlib
import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ticketing.domain import rice_sets

DOMAIN = b"HUE-REV\x00v1\x00"
LOW_BITS = 20
SALT_BYTES = 16
ID_BYTES = 8
# number, created at, horizon (seconds), count, salt.
HEADER = struct.Struct(f">QQQI{SALT_BYTES}s")
SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class RevocationSet:
    """The coded part alone: what is asked whether it may hold a ticket."""

    salt: bytes
    count: int
    data: bytes

    def values(self) -> frozenset[int]:
        """Decode the set; whoever asks for many tickets keeps this."""
        return frozenset(rice_sets.decode(self.data, count=self.count, low=LOW_BITS))

    def hits(self, ticket_ids: Iterable[int]) -> dict[int, bool]:
        """Say of each ticket whether the list seems to hold it."""
        values = self.values()
        return {
            ticket_id: place_in_set(ticket_id, salt=self.salt, count=self.count) in values
            for ticket_id in ticket_ids
        }


@dataclass(frozen=True, slots=True)
class RevocationList:
    """A set with its number and its times. Tickets that end by `horizon` may be missing."""

    number: int
    created_at: datetime
    horizon: datetime
    revoked: RevocationSet
    signature: bytes


def place_in_set(ticket_id: int, *, salt: bytes, count: int) -> int:
    """Where the ticket stands among `count` · 2^20 places."""
    text = DOMAIN + salt + ticket_id.to_bytes(ID_BYTES, "big")
    place = int.from_bytes(hashlib.sha256(text).digest()[:8], "big")
    return place * (count << LOW_BITS) >> 64


def build_set(ticket_ids: Collection[int], *, salt: bytes) -> RevocationSet:
    """Code these tickets; the salt is new and random for each list."""
    count = len(ticket_ids)
    places = [place_in_set(ticket_id, salt=salt, count=count) for ticket_id in ticket_ids]
    return RevocationSet(salt, count, rice_sets.encode(places, low=LOW_BITS))


def write_list(
    revoked: RevocationSet,
    *,
    number: int,
    created_at: datetime,
    horizon: datetime,
    private_key: Ed25519PrivateKey,
) -> bytes:
    """The container: header, data, and the signature of the list key over both."""
    header = HEADER.pack(
        number,
        int(created_at.timestamp()),
        int(horizon.timestamp()),
        revoked.count,
        revoked.salt,
    )
    return header + revoked.data + private_key.sign(header + revoked.data)


def read_list(container: bytes) -> RevocationList:
    """Take a container apart, unchecked; what cannot be one raises `BrokenSetError`."""
    if len(container) < HEADER.size + SIGNATURE_BYTES:
        raise rice_sets.BrokenSetError
    number, created_at, horizon, count, salt = HEADER.unpack_from(container)
    return RevocationList(
        number=number,
        created_at=_moment(created_at),
        horizon=_moment(horizon),
        revoked=RevocationSet(salt, count, container[HEADER.size : -SIGNATURE_BYTES]),
        signature=container[-SIGNATURE_BYTES:],
    )


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise rice_sets.BrokenSetError from error
