"""Links that open the forms of one ticket or order for a while, without a header.

A browser that downloads a file, and a wallet that fetches a pass, cannot send the order's secret,
and a secret does not belong into an address that servers write down. So the address has a key of
its own: for this thing alone, and until the end of the next hour.
"""

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from ticketing.domain.ticket_ids import to_hex
from ticketing.models import Order, Ticket

LIVES = timedelta(hours=1)
SECONDS_OF_AN_HOUR = 3600
SALT = "ticketing.form-link"
TIME_BYTES = 4
MAC_BYTES = 16


class Key(Enum):
    """What a key is worth."""

    GOOD = auto()
    EXPIRED = auto()
    FALSE = auto()


def thing_of(subject: Ticket | Order) -> str:
    """Name what a key opens; a ticket's key opens no order."""
    if isinstance(subject, Order):
        return f"order:{subject.code}"
    return f"ticket:{to_hex(subject.pk)}"


def key_to(thing: str, *, at: datetime) -> str:
    """Make a key that opens this thing for an hour at least.

    It ends at a full hour: an answer that is given twice carries the same link twice.
    """
    ends_at = int((at + LIVES).timestamp())
    until = (-(-ends_at // SECONDS_OF_AN_HOUR) * SECONDS_OF_AN_HOUR).to_bytes(TIME_BYTES)
    return base64.urlsafe_b64encode(until + _mac(thing, until, settings.SECRET_KEY)).decode()


def judge(key: str, *, thing: str, at: datetime) -> Key:
    """Say whether a key opens this thing now. Only a key of ours can be too old."""
    try:
        raw = base64.b64decode(key, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return Key.FALSE
    until, mac = raw[:TIME_BYTES], raw[TIME_BYTES:]
    if not any(constant_time_compare(mac, ours) for ours in _macs(thing, until)):
        return Key.FALSE
    ends_at = datetime.fromtimestamp(int.from_bytes(until), tz=UTC)
    return Key.GOOD if at < ends_at else Key.EXPIRED


def _macs(thing: str, until: bytes) -> Iterator[bytes]:
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        yield _mac(thing, until, str(secret))


def _mac(thing: str, until: bytes, secret: str) -> bytes:
    value = thing.encode() + b"\x00" + until
    return salted_hmac(SALT, value, secret=secret, algorithm="sha256").digest()[:MAC_BYTES]


def form_link(subject: Ticket | Order, form: str, *, language: str, at: datetime) -> str:
    """Address one form (`.pdf`, `.ics`, …) of a ticket or an order."""
    if isinstance(subject, Order):
        address = f"orders/{subject.code}{form}"
    else:
        address = f"tickets/{to_hex(subject.pk)}{form}"
    key = key_to(thing_of(subject), at=at)
    mark = "&" if "?" in form else "?"
    return f"{settings.PUBLIC_URL}/api/v1/{address}{mark}lang={language}&key={key}"
