"""Accounts at the simulated providers, for a demonstration. Production refuses them."""

import secrets
from datetime import datetime

from backend.demo import first_site
from payments.domain.credentials import replace_secret
from payments.models import MerchantAccount, MerchantSecret, Provider, SecretKind

SECRETS = {
    Provider.VNPAY: (SecretKind.VNPAY_HASH,),
    Provider.VIETQR: (SecretKind.SEPAY_WEBHOOK, SecretKind.BANK_API),
}
FACTS: dict[Provider, dict[str, str]] = {
    Provider.VNPAY: {"number": "HUEDEMO1"},
    Provider.VIETQR: {
        "number": "1031933430",
        "bank_bin": "970436",
        "holder": "TAI KHOAN THU NGO MON",
    },
}


def open_accounts(*, at: datetime) -> list[MerchantAccount]:
    """Give the first site's organisation accounts, with secrets of this installation alone."""
    site = first_site()
    if site is None or site.organisation is None:
        return []
    accounts = []
    for provider, facts in FACTS.items():
        account, _made = MerchantAccount.objects.get_or_create(
            organisation=site.organisation, provider=provider, enabled=True, defaults=facts
        )
        for kind in SECRETS[provider]:
            if not MerchantSecret.objects.filter(account=account, kind=kind).exists():
                text = secrets.token_hex(16)
                replace_secret(account=account, kind=kind, text=text, by=None, at=at)
        accounts.append(account)
    return accounts
