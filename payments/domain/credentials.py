"""Secrets of accounts change without an hour in which neither the old nor the new one counts."""

from datetime import datetime, timedelta

from django.db import transaction

from payments.gateways.credentials import sealed, seals
from payments.models import MerchantAccount, MerchantSecret, SecretKind
from sites.models import User

# Messages that were signed with the old one arrive for a while; VNPAY repeats for an hour.
BOTH_COUNT_FOR = timedelta(days=1)


@transaction.atomic
def replace_secret(
    *,
    account: MerchantAccount,
    kind: SecretKind,
    text: str,
    by: User | None,
    at: datetime,
    both_count_for: timedelta = BOTH_COUNT_FOR,
) -> MerchantSecret:
    """Put a new secret in use; the old one still proves messages for a while, or not at all.

    With no time left to the old one, as after a leak, every older one ends too.
    """
    # The account's row makes two people who enter one at once follow each other.
    MerchantAccount.objects.select_for_update().get(pk=account.pk)
    ends_at = at + both_count_for
    older = MerchantSecret.objects.filter(account=account, kind=kind)
    older.filter(usable_until__isnull=True).update(usable_until=ends_at)
    older.filter(usable_until__gt=ends_at).update(usable_until=ends_at)
    return MerchantSecret.objects.create(
        account=account, kind=kind, sealed=sealed(text), entered_at=at, entered_by=by
    )


@transaction.atomic
def seal_anew() -> int:
    """Seal every secret with the newest key, so that an older key can be taken out of use."""
    turner = seals()
    rows = list(MerchantSecret.objects.select_for_update().order_by("pk"))
    for row in rows:
        row.sealed = turner.rotate(bytes(row.sealed))
    MerchantSecret.objects.bulk_update(rows, ["sealed"], batch_size=500)
    return len(rows)
