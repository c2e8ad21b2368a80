"""What this installation is set up with, as the adapters want it."""

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
