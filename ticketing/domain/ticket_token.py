"""The signed text in a ticket's QR code: 34 bytes of claims and 64 bytes of signature.

Pure: no database, no clock. A verdict is a value, and no claim is read out before the signature
has been checked.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import base45
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ticketing.domain.ed25519_points import ORDER_OF_BASE_POINT

VERSION = 1
EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
LONGEST_VALIDITY = timedelta(days=400)
BODY_BYTES = 34
TOKEN_BYTES = 98
# A token followed by a rotating code, or by the proof of a device key: for newer scanners.
TOKEN_BYTES_WITH_PROOF = frozenset({108, 198})

# Separates tickets from everything else that could ever be signed with the same key.
DOMAIN = b"HUE-TICKET\x00v1\x00"
PREFIX = "HUE1:"
LONGEST_TEXT = len(PREFIX) + 198 * 3 // 2
LINK_CHARACTERS = 131


# Types of token: what the scope field means.
SITES = 0
SCOPE_LIST = 1


class Fault(StrEnum):
    """Why a code is not a ticket of ours. Outside programs rely on these names."""

    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown_key"
    FORGED = "forged"
    OUTSIDE_KEY_WINDOW = "outside_key_window"
    INVALID_FIELDS = "invalid_fields"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketClaims:
    """What a token says. Times are whole minutes in UTC; `valid_until` is exclusive."""

    key_id: int
    ticket_id: int
    product_id: int
    scope: int
    valid_from: datetime
    valid_until: datetime
    category: int
    party_size: int
    entry_policy: int
    issued_at: datetime
    binding: int = 0
    token_type: int = SITES
    version: int = VERSION

    @property
    def sites(self) -> tuple[int, ...]:
        """Numbers of the sites that the ticket opens; empty when the scope is a list's id."""
        if self.token_type != SITES:
            return ()
        return tuple(number for number in range(32) if self.scope >> number & 1)

    @property
    def are_sound(self) -> bool:
        """True when a scanner of this version may act on every field."""
        return (
            self.version == VERSION
            and self.token_type in {SITES, SCOPE_LIST}
            and self.valid_from < self.valid_until <= self.valid_from + LONGEST_VALIDITY
            and self.party_size >= 1
            and self.entry_policy <= 3  # noqa: PLR2004  # the last policy of version 1
        )


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key, and when tickets signed with it may have been issued (null: not known)."""

    public_key: bytes
    issues_from: datetime | None = None
    issues_until: datetime | None = None
    cut_off_at: datetime | None = None

    def covers(self, issued_at: datetime) -> bool:
        return (
            (self.issues_from is None or self.issues_from <= issued_at)
            and (self.issues_until is None or issued_at < self.issues_until)
            and (self.cut_off_at is None or issued_at < self.cut_off_at)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """A ticket of ours when there is no fault. Claims are given only when the signature holds."""

    fault: Fault | None
    claims: TicketClaims | None = None
    # The code may be right, but only a newer scanner can tell.
    needs_newer_scanner: bool = False

    @property
    def is_ours(self) -> bool:
        return self.fault is None


@dataclass(frozen=True, slots=True)
class Unproven:
    """A code as it was read, unchecked: good for a look-up of these bytes, proof of nothing."""

    token: bytes
    claims: TicketClaims


# --- Fields and bytes ---------------------------------------------------------------------

_FIELDS: tuple[tuple[str, int], ...] = (
    ("version_and_type", 1),
    ("key_id", 2),
    ("ticket_id", 8),
    ("product_id", 3),
    ("scope", 4),
    ("valid_from", 3),
    ("valid_until", 3),
    ("category", 1),
    ("party_size", 1),
    ("entry_policy", 1),
    ("issued_at", 3),
    ("binding", 4),
)


def encode(claims: TicketClaims) -> bytes:
    """The 34 bytes that are signed. A field that does not fit is a bug and raises."""
    numbers = {
        "version_and_type": claims.version << 4 | claims.token_type,
        "key_id": claims.key_id,
        "ticket_id": claims.ticket_id,
        "product_id": claims.product_id,
        "scope": claims.scope,
        "valid_from": minutes(claims.valid_from),
        "valid_until": minutes(claims.valid_until),
        "category": claims.category,
        "party_size": claims.party_size,
        "entry_policy": claims.entry_policy,
        "issued_at": minutes(claims.issued_at),
        "binding": claims.binding,
    }
    return b"".join(numbers[name].to_bytes(size, "big") for name, size in _FIELDS)


def decode(body: bytes) -> TicketClaims:
    """Read the fields of a body; they may be unsound, and prove nothing by themselves."""
    number = dict(_numbers(body))
    return TicketClaims(
        version=number["version_and_type"] >> 4,
        token_type=number["version_and_type"] & 15,
        key_id=number["key_id"],
        ticket_id=number["ticket_id"],
        product_id=number["product_id"],
        scope=number["scope"],
        valid_from=moment(number["valid_from"]),
        valid_until=moment(number["valid_until"]),
        category=number["category"],
        party_size=number["party_size"],
        entry_policy=number["entry_policy"],
        issued_at=moment(number["issued_at"]),
        binding=number["binding"],
    )


def _numbers(body: bytes) -> Iterator[tuple[str, int]]:
    offset = 0
    for name, size in _FIELDS:
        yield name, int.from_bytes(body[offset : offset + size], "big")
        offset += size


def minutes(at: datetime) -> int:
    """Whole minutes since the epoch of the token; seconds are a bug and raise."""
    count, rest = divmod(at - EPOCH, timedelta(minutes=1))
    if rest:
        message = f"A ticket token holds whole minutes, not {at.isoformat()}."
        raise ValueError(message)
    return count


def moment(count: int) -> datetime:
    return EPOCH + timedelta(minutes=count)


# --- Text and bytes -----------------------------------------------------------------------


def to_text(token: bytes) -> str:
    """The text of the QR code; every character is in the QR alphanumeric set."""
    return PREFIX + str(base45.b45encode(token), "ascii")


def to_link_part(token: bytes) -> str:
    """The same for the fragment of a link."""
    return urlsafe_b64encode(token).rstrip(b"=").decode("ascii")


def from_text(text: str) -> bytes | None:
    """The bytes of a scanned text or of a link part, when it is exactly what we would write."""
    if len(text) > LONGEST_TEXT:
        return None
    token = _from_base45(text) if text.startswith(PREFIX) else _from_base64url(text)
    return token if token and len(token) in TOKEN_BYTES_WITH_PROOF | {TOKEN_BYTES} else None


def _from_base45(text: str) -> bytes | None:
    try:
        token = bytes(base45.b45decode(text.removeprefix(PREFIX)))
    except ValueError:
        return None
    return token if to_text(token) == text else None


def _from_base64url(text: str) -> bytes | None:
    if len(text) != LINK_CHARACTERS or not text.isascii():
        return None
    try:
        token = urlsafe_b64decode(text + "=")
    except binascii.Error:
        return None
    return token if to_link_part(token) == text else None


# --- Signature ----------------------------------------------------------------------------


def sign(claims: TicketClaims, private_key: Ed25519PrivateKey) -> bytes:
    """The 98 bytes of a ticket. Unsound claims are a bug and raise."""
    if not claims.are_sound:
        message = f"A ticket with these claims would be refused: {claims}"
        raise ValueError(message)
    body = encode(claims)
    return body + private_key.sign(DOMAIN + body)


def verify(token: bytes, trusted: Mapping[int, TrustedKey]) -> Verdict:
    """Judge 98 bytes (or a longer form, which only a newer scanner can judge)."""
    if len(token) != TOKEN_BYTES:
        longer = len(token) in TOKEN_BYTES_WITH_PROOF
        return Verdict(Fault.MALFORMED, needs_newer_scanner=longer)
    key = trusted.get(int.from_bytes(token[1:3], "big"))
    if key is None:
        return Verdict(Fault.UNKNOWN_KEY)
    if not _signature_holds(token, key.public_key):
        return Verdict(Fault.FORGED)
    claims = decode(token[:BODY_BYTES])
    if not claims.are_sound:
        newer = claims.version != VERSION or claims.token_type not in {SITES, SCOPE_LIST}
        return Verdict(Fault.INVALID_FIELDS, claims, needs_newer_scanner=newer)
    if not key.covers(claims.issued_at):
        return Verdict(Fault.OUTSIDE_KEY_WINDOW, claims)
    return Verdict(None, claims)


def read_unproven(text: str) -> Unproven | None:
    """Read a scanned text for a comparison with what was issued. None: no token of this form."""
    token = from_text(text)
    if token is None or len(token) != TOKEN_BYTES:
        return None
    return Unproven(token, decode(token[:BODY_BYTES]))


def inspect(text: str, trusted: Mapping[int, TrustedKey]) -> Verdict:
    """Judge a scanned text or the part of a link."""
    token = from_text(text)
    return Verdict(Fault.MALFORMED) if token is None else verify(token, trusted)


def _signature_holds(token: bytes, public_key: bytes) -> bool:
    body, signature = token[:BODY_BYTES], token[BODY_BYTES:]
    # A second S for the same ticket would make the code malleable.
    if int.from_bytes(signature[32:], "little") >= ORDER_OF_BASE_POINT:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, DOMAIN + body)
    except InvalidSignature:
        return False
    return True
