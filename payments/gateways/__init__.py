"""The providers' lines, by name."""

from django.conf import settings

from payments.gateways.protocol import PaymentGateway
from payments.gateways.stripe import StripeGateway, StripeSettings


def stripe_settings(*, timeout_s: float = 20, retries: int = 2) -> StripeSettings:
    return StripeSettings(
        mode=settings.MODE,
        secret_key=settings.STRIPE_SECRET_KEY,
        webhook_secret=settings.STRIPE_WEBHOOK_SECRET,
        api_base=settings.STRIPE_API_BASE,
        minimum_vnd=settings.STRIPE_MINIMUM_VND,
        timeout_s=timeout_s,
        retries=retries,
    )


def gateway_of(provider: str, *, hurried: bool = False) -> PaymentGateway | None:
    """Return the line to a provider; None when it is not offered here.

    A task may wait twenty seconds and try thrice; a person who looks at a page may not.
    """
    if provider != "stripe" or not settings.STRIPE_SECRET_KEY:
        return None
    patience = stripe_settings(timeout_s=4, retries=1) if hurried else stripe_settings()
    return StripeGateway(patience)
