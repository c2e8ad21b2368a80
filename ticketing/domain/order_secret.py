"""The secret by which a buyer opens an order, kept as a hash only.

It is derived from the buyer's own idempotency key with a secret of the server: the same request
gets the same secret again, and the mail can carry it, though no row holds it.
"""

import base64
import hashlib
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from ticketing.models import Order

SECRET_BYTES = 24
SALT = "ticketing.order-secret"
# Crockford's alphabet: nothing that a person could mistake on the telephone.
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
# Compared with when there is no such order, so that the work is the same.
NO_HASH = bytes(32)


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def derive_secret(*, idempotency_key: str, request_hash: bytes) -> str:
    return _derive(idempotency_key, request_hash, settings.SECRET_KEY)


def _derive(idempotency_key: str, request_hash: bytes, server_secret: str) -> str:
    value = idempotency_key.encode() + b"\x00" + request_hash
    mac = salted_hmac(SALT, value, secret=server_secret, algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()[:SECRET_BYTES]).decode("ascii")


def hash_secret(secret: str) -> bytes:
    # The secret has 192 bits of its own: a slow hash would add nothing.
    return hashlib.sha256(secret.encode()).digest()


def secret_of(order: Order) -> str | None:
    """The secret of an order; None when the server's secret is no longer the one of then."""
    candidates = _candidates(order)
    return next((one for one in candidates if opens(one, order=order)), None)


def _candidates(order: Order) -> Iterator[str]:
    for server_secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        yield _derive(order.idempotency_key, bytes(order.request_hash), str(server_secret))


def opens(secret: str, *, order: Order | None) -> bool:
    """Whether this secret opens this order; no order takes as long as a wrong secret."""
    kept = NO_HASH if order is None else bytes(order.secret_hash)
    same = constant_time_compare(hash_secret(secret), kept)
    return same and order is not None
