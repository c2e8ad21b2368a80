"""The keys that speak to gates: the root, the one of the lists, the one of device credentials.

None of them signs tickets, and each signs its own kind of message: a text that was signed for one
purpose proves nothing for another.
"""

from base64 import urlsafe_b64encode
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction

from ticketing.domain.signing_keys import seal, unseal
from ticketing.models import GateKey

Purpose = GateKey.Purpose

DOMAINS = {
    Purpose.ROOT: b"HUE-TRUST\x00v1\x00",
    Purpose.LIST: b"HUE-PACK\x00v1\x00",
    Purpose.DEVICE: b"HUE-DEVICE\x00v1\x00",
}
# Number of the lock that lets one process at a time make keys for gates.
MAKING_GATE_KEYS = 0x4855_474B


def gate_key(purpose: Purpose, *, at: datetime) -> GateKey:
    """The key in force; made when there is none."""
    return _in_force(purpose) or _make(purpose, at)


def _in_force(purpose: Purpose) -> GateKey | None:
    keys = GateKey.objects.filter(purpose=purpose, retired_at__isnull=True)
    if purpose == Purpose.ROOT and settings.GATE_ROOT_KEY:
        keys = keys.filter(public_key=bytes.fromhex(settings.GATE_ROOT_KEY))
    return keys.first()


@transaction.atomic
def _make(purpose: Purpose, at: datetime) -> GateKey:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING_GATE_KEYS])
    # Somebody else may have made it while we waited.
    return _in_force(purpose) or _create(purpose, at)


def _create(purpose: Purpose, at: datetime) -> GateKey:
    GateKey.objects.filter(purpose=purpose, retired_at__isnull=True).update(retired_at=at)
    if purpose == Purpose.ROOT and settings.GATE_ROOT_KEY:
        public_key = bytes.fromhex(settings.GATE_ROOT_KEY)
        return GateKey.objects.create(purpose=purpose, public_key=public_key, made_at=at)
    private_key = Ed25519PrivateKey.generate()
    return GateKey.objects.create(
        purpose=purpose,
        public_key=private_key.public_key().public_bytes_raw(),
        sealed_seed=seal(private_key.private_bytes_raw()),
        made_at=at,
    )


def private_key_of(key: GateKey) -> Ed25519PrivateKey | None:
    """None where the seed lies elsewhere."""
    return None if key.sealed_seed is None else unseal(bytes(key.sealed_seed))


def sign(text: str, *, purpose: Purpose, at: datetime) -> str:
    """Sign a text with the key in force; the signature is base64url without padding."""
    private_key = private_key_of(gate_key(purpose, at=at))
    if private_key is None:
        message = f"The seed of the {purpose} key does not lie here."
        raise ValueError(message)
    return to_base64url(private_key.sign(DOMAINS[purpose] + text.encode()))


def to_base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
