"""How a phone becomes the scanner of a gate: a one-time code, then a token of its own."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from cachetools import TTLCache, cached
from django.db import transaction

from sites.models import Gate
from ticketing.domain.gate_keys import Purpose, gate_key
from ticketing.models import Enrolment, GateDevice

# Crockford's letters: no I, L, O, U that a tired eye mistakes.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
CODE_LIVES = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Enrolled:
    device: GateDevice
    # Given once; the database keeps only its hash.
    token: str
    # Whose signature under a trust list the device believes from now on.
    trust_root: str


@dataclass(frozen=True, slots=True)
class EnrolmentRefused:
    """The code is wrong, used or too old; which of these, the caller is not told."""


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _plain(code: str) -> str:
    """Undo what people do to a code: spaces, a hyphen, small letters, O for 0."""
    letters = code.upper().replace("-", "").replace(" ", "")
    return letters.translate(str.maketrans("OIL", "011"))


def open_enrolment(
    *, gate: Gate, at: datetime, role: GateDevice.Role = GateDevice.Role.GUARD
) -> str:
    """Make a one-time code for this gate, shown once as XXXX-XXXX, good for half an hour."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    Enrolment.objects.create(
        code_hash=_hash(code), gate=gate, role=role, created_at=at, expires_at=at + CODE_LIVES
    )
    return f"{code[:4]}-{code[4:]}"


@transaction.atomic
def enrol(*, code: str, name: str, at: datetime) -> Enrolled | EnrolmentRefused:
    """Turn a code into a device with a token. A code works once, also for two phones at once."""
    code_hash = _hash(_plain(code))
    fresh = Enrolment.objects.filter(
        code_hash=code_hash, used_at__isnull=True, expires_at__gt=at
    ).update(used_at=at)
    if not fresh:
        return EnrolmentRefused()
    enrolment = Enrolment.objects.select_related("gate__site").get(code_hash=code_hash)
    token = secrets.token_urlsafe(32)
    device = GateDevice.objects.create(
        name=name,
        gate=enrolment.gate,
        role=enrolment.role,
        enrolment=enrolment,
        token_hash=_hash(token),
        enrolled_at=at,
    )
    root = gate_key(Purpose.ROOT, at=at)
    return Enrolled(device=device, token=token, trust_root=bytes(root.public_key).hex())


def disable(*, device: GateDevice, at: datetime) -> None:
    """Stop a lost or stolen device. Its next scan is refused."""
    GateDevice.objects.filter(pk=device.pk, disabled_at__isnull=True).update(disabled_at=at)


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a device sits: all that the gate path must know of it before it asks the database."""

    device_id: int
    gate_id: int
    gate_code: str
    gate_name: str
    site_id: int
    site_bit: int | None


# A device that moves to another gate is known there after five seconds. A disabled one is refused
# at once all the same: the statement of the gate path asks for that itself.
@cached(TTLCache[Any, Seat | None](maxsize=4096, ttl=5), lock=Lock())
def seat_of(device_token: str) -> Seat | None:
    """Find the device of a token, disabled ones too; None for a token that we never gave."""
    device = (
        GateDevice.objects.select_related("gate__site")
        .filter(token_hash=_hash(device_token))
        .first()
    )
    if device is None:
        return None
    gate = device.gate
    return Seat(
        device_id=device.pk,
        gate_id=gate.pk,
        gate_code=gate.code,
        gate_name=gate.name,
        site_id=gate.site_id,
        site_bit=gate.site.ticket_bit,
    )
