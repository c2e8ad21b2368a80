"""Whose money an order is: the organisation that owns what is sold, and the account it named."""

from dataclasses import dataclass

from payments.models import MerchantAccount
from sites.models import Organisation
from ticketing.models import Order


@dataclass(frozen=True, slots=True)
class Merchant:
    """Who is paid; without an account of its own, by what the installation is set up with."""

    organisation: Organisation
    account: MerchantAccount | None


@dataclass(frozen=True, slots=True)
class SeveralOrganisations:
    """No single payment can pay this order: each organisation is a merchant of its own."""

    slugs: tuple[str, ...]


def merchant_of(*, order: Order, provider: str) -> Merchant | SeveralOrganisations:
    """Name the one organisation that this order pays, and where its money arrives."""
    organisation = organisation_of(order=order)
    if isinstance(organisation, SeveralOrganisations):
        return organisation
    accounts = MerchantAccount.objects.filter(organisation=organisation, enabled=True)
    return Merchant(organisation, accounts.filter(provider=provider).first())


def organisation_of(*, order: Order) -> Organisation | SeveralOrganisations:
    """Name the owner of everything in the order that costs money."""
    lines = order.lines.filter(amount__gt=0)
    owners = Organisation.objects.filter(pk__in=lines.values("product__organisation"))
    found = list(owners.order_by("slug"))
    if len(found) == 1:
        return found[0]
    return SeveralOrganisations(tuple(owner.slug for owner in found))
