"""What this installation is set up with, as the adapters want it."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from payments.gateways.stripe import StripeSettings


def stripe_settings(*, timeout_s: float = 20, retries: int = 2) -> StripeSettings:
    """Compose the settings of the installation's own Stripe account."""
    return StripeSettings(
        mode=settings.MODE,
        secret_key=settings.STRIPE_SECRET_KEY,
        webhook_secrets=(settings.STRIPE_WEBHOOK_SECRET,),
        api_base=settings.STRIPE_API_BASE,
        minimum_vnd=settings.STRIPE_MINIMUM_VND,
        timeout_s=timeout_s,
        retries=retries,
    )


class ProvidersMisconfigured(Exception):  # noqa: N818 - it stops the start with a sentence
    """An address of a provider and the mode do not belong together."""


def check_addresses() -> None:
    """Refuse production with play providers: it would give tickets for play money."""
    if settings.MODE != "production":
        return
    for name in ("VNPAY_PAY_URL", "VNPAY_API_URL", "BANK_API_BASE"):
        address = str(getattr(settings, name))
        if address and is_play(address):
            raise ProvidersMisconfigured(f"{name} is no address for production: {address}")


def is_play(address: str) -> bool:
    """Whether this is a simulator or a sandbox, or not even a safe line."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        here = ip_address(host).is_loopback
    except ValueError:
        here = host == "localhost"
    return here or parts.scheme != "https" or "sandbox" in host
