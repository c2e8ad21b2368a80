"""What a product costs: the tariff in force when it is bought, frozen on the order line."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from ticketing.models import Tariff


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a product for one person of a category, and the decision behind it."""

    category_id: int
    amount: int
    legal_basis: str
    on_sale: bool


def in_force(day: date) -> Q:
    return Q(effective_from__lte=day) & (Q(effective_to__isnull=True) | Q(effective_to__gt=day))


def prices_on(
    day: date, *, product_ids: Collection[int], categories: Collection[str]
) -> dict[tuple[int, str], Price]:
    """Prices in force on a day, by product and code of the category, in one query."""
    rows = Tariff.objects.filter(
        in_force(day), product_id__in=product_ids, category__code__in=categories
    ).values_list(
        "product_id",
        "category__code",
        "category_id",
        "amount",
        "legal_basis",
        "product__on_sale",
    )
    return {
        (product_id, code): Price(category_id, amount, legal_basis, on_sale)
        for product_id, code, category_id, amount, legal_basis, on_sale in rows
    }
