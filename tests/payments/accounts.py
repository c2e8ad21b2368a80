"""Accounts of organisations at the providers, with secrets of this test alone."""

from django.utils import timezone

from payments.gateways.credentials import sealed
from payments.models import MerchantAccount, MerchantSecret, SecretKind
from sites.models import Organisation
from tests.factories import make_organisation


def make_account(
    *,
    provider: str,
    number: str,
    organisation: Organisation | None = None,
    bank_bin: str = "",
    holder: str = "",
    secrets: dict[SecretKind, str] | None = None,
    enabled: bool = True,
) -> MerchantAccount:
    account = MerchantAccount.objects.create(
        organisation=organisation or make_organisation(),
        provider=provider,
        number=number,
        bank_bin=bank_bin,
        holder=holder,
        enabled=enabled,
    )
    for kind, text in (secrets or {}).items():
        MerchantSecret.objects.create(
            account=account, kind=kind, sealed=sealed(text), entered_at=timezone.now()
        )
    return account
