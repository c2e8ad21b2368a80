"""The keys that sign tickets: a new one each month, its seed sealed in the database."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from ticketing.domain.ed25519_points import is_trustworthy
from ticketing.domain.ticket_token import TrustedKey
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import SigningKey

# Clocks differ: tickets issued around midnight of the first may carry either month's key.
OVERLAP = timedelta(hours=1)
# Number of the lock that lets one process at a time make keys.
MAKING_KEYS = 0x4855_454B


def month_window(at: datetime) -> tuple[datetime, datetime]:
    """From when until when the key of this month may issue."""
    local = at.astimezone(VIETNAM)
    first = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    # Day 1 plus 31 days lies in the next month, whatever the month.
    following = (first + timedelta(days=31)).replace(day=1)
    return first - OVERLAP, following + OVERLAP


def key_for(*, at: datetime) -> SigningKey:
    """The key that signs now. Makes one when there is none: a paid order never waits for it."""
    return _usable_key(at) or _make_key(at)


def _usable_key(at: datetime) -> SigningKey | None:
    return (
        SigningKey.objects.filter(issues_from__lte=at, issues_until__gt=at, cut_off_at__isnull=True)
        .order_by("-kid")
        .first()
    )


@transaction.atomic
def _make_key(at: datetime) -> SigningKey:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING_KEYS])
    # Somebody else may have made it while we waited.
    return _usable_key(at) or _create_key(at)


def _create_key(at: datetime) -> SigningKey:
    private_key = Ed25519PrivateKey.generate()
    newest = SigningKey.objects.aggregate(kid=Max("kid"))["kid"] or 0
    issues_from, issues_until = month_window(at)
    return SigningKey.objects.create(
        kid=newest + 1,
        public_key=private_key.public_key().public_bytes_raw(),
        sealed_seed=seal(private_key.private_bytes_raw()),
        issues_from=issues_from,
        issues_until=issues_until,
    )


def ensure_keys(*, at: datetime) -> list[SigningKey]:
    """Make the keys of this month and the next where they are missing; gates learn them early."""
    # The middle of the next month, where no other window reaches.
    next_month = month_window(at)[1] + timedelta(days=14)
    return [_usable_key(moment) or _make_key(moment) for moment in (at, next_month)]


@transaction.atomic
def cut_off(*, kid: int, at: datetime) -> SigningKey | None:
    """A key leaked: refuse what it signs from now on and make another. None: no such key."""
    stopped = SigningKey.objects.filter(kid=kid, cut_off_at__isnull=True).update(cut_off_at=at)
    return key_for(at=at) if stopped or SigningKey.objects.filter(kid=kid).exists() else None


def private_key_of(key: SigningKey) -> Ed25519PrivateKey:
    return unseal(bytes(key.sealed_seed))


# Keyed by the sealed bytes themselves, so it can be neither stale nor another database's.
@lru_cache(maxsize=8)
def unseal(sealed_seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(_seals().decrypt(sealed_seed))


forget_unsealed = unseal.cache_clear


def seal(seed: bytes) -> bytes:
    """Close a seed with the newest of the keys that the database does not hold."""
    return _seals().encrypt(seed)


def _seals() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SEAL_KEYS])


def trust_list(keys: Iterable[SigningKey]) -> dict[int, TrustedKey]:
    """What a gate needs to check signatures. A weak key is left out, whoever put it there."""
    return {
        key.kid: TrustedKey(
            public_key=bytes(key.public_key),
            issues_from=key.issues_from,
            issues_until=key.issues_until,
            cut_off_at=key.cut_off_at,
        )
        for key in keys
        if is_trustworthy(bytes(key.public_key))
    }
