"""What a product costs: the tariff in force when it is bought, frozen on the order line."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ticketing.models import Tariff, VisitorCategory


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a product for one person of a category, and the decision behind it."""

    category: VisitorCategory
    amount: int
    legal_basis: str


def in_force(day: date) -> Q:
    return Q(effective_from__lte=day) & (Q(effective_to__isnull=True) | Q(effective_to__gt=day))


def prices_on(day: date) -> dict[tuple[int, str], Price]:
    """Every price in force on a day, by product and code of the category, in one query."""
    tariffs = Tariff.objects.filter(in_force(day)).select_related("category")
    return {
        (tariff.product_id, tariff.category.code): Price(
            tariff.category, tariff.amount, tariff.legal_basis
        )
        for tariff in tariffs
    }
