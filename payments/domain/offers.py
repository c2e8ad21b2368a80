"""Which ways to pay an order has: those that its organisation has set up and that fit the sum."""

from dataclasses import dataclass

from payments.domain.merchants import SeveralOrganisations, merchant_of
from payments.gateways.lines import gateway_of
from payments.gateways.protocol import AmountNotSupported
from payments.models import Provider
from ticketing.models import Order

# In the order in which they are shown: what most visitors have on their phone comes first.
SHOWN: tuple[Provider, ...] = (Provider.VIETQR, Provider.VNPAY, Provider.STRIPE)


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to pay; `limits` say why this order is too small or too large for it."""

    provider: Provider
    limits: AmountNotSupported | None


def offers_for(*, order: Order) -> list[Offer] | SeveralOrganisations:
    """Name the ways to pay this order, usable or not for its sum; nobody is asked outside."""
    offers = []
    for provider in SHOWN:
        merchant = merchant_of(order=order, provider=provider)
        if isinstance(merchant, SeveralOrganisations):
            return [] if order.total == 0 else merchant
        gateway = gateway_of(provider, account=merchant.account, hurried=True)
        if gateway is not None:
            offers.append(Offer(provider, gateway.supports(amount=order.total)))
    return offers
