"""The providers' lines, by name and by whose account it is."""

from django.conf import settings
from django.utils import timezone

from payments.gateways.credentials import usable_secrets
from payments.gateways.installation import stripe_settings
from payments.gateways.protocol import PaymentGateway
from payments.gateways.stripe import StripeGateway, StripeSettings
from payments.models import MerchantAccount, PaymentAttempt, SecretKind


def gateway_for(attempt: PaymentAttempt, *, hurried: bool = False) -> PaymentGateway | None:
    """Return the line that this attempt was started on, whatever is in use today."""
    return gateway_of(attempt.provider, account=attempt.account, hurried=hurried)


def gateway_of(
    provider: str, *, account: MerchantAccount | None = None, hurried: bool = False
) -> PaymentGateway | None:
    """Return the line to a provider; None when it is not set up here.

    A task may wait twenty seconds and try thrice; a person who looks at a page may not.
    """
    timeout_s, retries = (4, 1) if hurried else (20, 2)
    match provider:
        case "stripe":
            return _stripe(account, timeout_s=timeout_s, retries=retries)
        case _:
            return None


def _stripe(
    account: MerchantAccount | None, *, timeout_s: float, retries: int
) -> PaymentGateway | None:
    ours = stripe_settings(timeout_s=timeout_s, retries=retries)
    if account is None:
        return StripeGateway(ours) if settings.STRIPE_SECRET_KEY else None
    at = timezone.now()
    keys = usable_secrets(account, SecretKind.STRIPE_KEY, at=at)
    if not keys:
        return None
    theirs = StripeSettings(
        mode=ours.mode,
        secret_key=keys[0],
        webhook_secrets=usable_secrets(account, SecretKind.STRIPE_WEBHOOK, at=at),
        api_base=ours.api_base,
        minimum_vnd=account.minimum or ours.minimum_vnd,
        timeout_s=timeout_s,
        retries=retries,
    )
    return StripeGateway(theirs)


def listeners(provider: str) -> list[tuple[MerchantAccount | None, PaymentGateway]]:
    """Return every line whose provider may send us a message: closed accounts' too."""
    accounts = MerchantAccount.objects.filter(provider=provider).order_by("-enabled", "pk")
    lines = [(account, gateway_of(provider, account=account)) for account in (None, *accounts)]
    return [(account, gateway) for account, gateway in lines if gateway is not None]
