"""Secrets of the organisations' accounts: sealed in the database, opened here alone."""

from datetime import datetime

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.db.models import Q

from payments.models import MerchantAccount, MerchantSecret, SecretKind


def seals() -> MultiFernet:
    """Seal with the first key; open with any, so that keys can be changed."""
    return MultiFernet([Fernet(key) for key in settings.SEAL_KEYS])


def sealed(text: str) -> bytes:
    return seals().encrypt(text.encode())


def usable_secrets(account: MerchantAccount, kind: SecretKind, *, at: datetime) -> tuple[str, ...]:
    """Open the secrets that count now: the one in use first, then those that it replaced."""
    rows = MerchantSecret.objects.filter(account=account, kind=kind)
    rows = rows.filter(Q(usable_until__isnull=True) | Q(usable_until__gt=at)).order_by("-pk")
    opener = seals()
    return tuple(opener.decrypt(bytes(row.sealed)).decode() for row in rows)
