"""The PIN of a shift: set in the console, checked by devices that may be alone."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sites.models import HeritageSite, User
from ticketing.models import StaffPin

DIGITS = 6
SALT_BYTES = 16
# What a handheld computes in a moment, and who stole the list must do for every guess.
ITERATIONS = 300_000
LONGEST_SHIFT = timedelta(hours=16)


@dataclass(frozen=True, slots=True)
class Shift:
    """Who works where, and when."""

    site: HeritageSite
    label: str
    role: StaffPin.Role
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class PinMade:
    pin: StaffPin
    # Shown once; what is kept can check it and not tell it.
    digits: str


@dataclass(frozen=True, slots=True)
class ShiftTooLong:
    """A PIN lives for one shift."""


def make_pin(*, shift: Shift, by: User, at: datetime) -> PinMade | ShiftTooLong:
    """Make the PIN of a shift; nobody chooses it, so nobody chooses 123456."""
    if shift.valid_until - shift.valid_from > LONGEST_SHIFT:
        return ShiftTooLong()
    digits = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    salt = secrets.token_bytes(SALT_BYTES)
    pin = StaffPin.objects.create(
        site=shift.site,
        label=shift.label,
        role=shift.role,
        salt=salt,
        iterations=ITERATIONS,
        verifier=verifier_of(digits, salt=salt, iterations=ITERATIONS),
        valid_from=shift.valid_from,
        valid_until=shift.valid_until,
        made_at=at,
        made_by=by,
    )
    return PinMade(pin, digits)


def verifier_of(digits: str, *, salt: bytes, iterations: int) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", digits.encode(), salt, iterations)


def end_pin(*, pin: StaffPin, at: datetime) -> None:
    """The shift ended early; devices learn it with their next pack."""
    StaffPin.objects.filter(pk=pin.pk, ended_at__isnull=True).update(ended_at=at)
