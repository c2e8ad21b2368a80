from django.apps import AppConfig

from payments.gateways.installation import check_addresses, stripe_settings
from payments.gateways.stripe import check_settings


class PaymentsConfig(AppConfig):
    name = "payments"

    def ready(self) -> None:
        """Refuse to start with keys, an address and a mode that do not belong together."""
        check_settings(stripe_settings())
        check_addresses()
