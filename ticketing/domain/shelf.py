"""What can be sold now, remembered for a few seconds because every order asks.

Memory may be late with bad news by its few seconds, never with good news: what it refuses is
looked up again, except for want of room, which is never remembered. Prices change at midnight,
and the day is part of the question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sites.domain.remembered import Remembered
from ticketing.domain.availability import Place, places_of
from ticketing.domain.capacity_uses import Use, uses_of
from ticketing.domain.group_rules import GroupRules, group_rules
from ticketing.domain.pricing import falls_on
from ticketing.domain.tariff_book import (
    FreeOffer,
    Price,
    free_offers,
    free_price,
    guide_prices_on,
    prices_on,
)
from ticketing.domain.visit_days import day_of
from ticketing.models import Product, ValidityMode

SECONDS = 5


@dataclass(frozen=True, slots=True)
class Shelf:
    """Products on sale with their places, prices, free days, and where people are counted."""

    places: Mapping[int, Sequence[Place]]
    prices: Mapping[tuple[int, str], Price]
    uses: Mapping[int, Sequence[Use]]
    group_rules: GroupRules = field(default_factory=GroupRules)
    # What operators alone may order, where a rule says for how many people.
    guide_prices: Mapping[tuple[int, str], Price] = field(default_factory=dict)
    free_days: Mapping[int, Sequence[FreeOffer]] = field(default_factory=dict)
    # Nobody chooses a day for these: they begin with the purchase.
    undated: frozenset[int] = frozenset()

    def price_of(self, product_id: int, category: str, *, day: date) -> Price | None:
        """What one person pays for a visit on the day: nothing on a free day of the category."""
        for offer in self._free(product_id, category):
            if falls_on(offer.free, day) and (whole := self._whole(product_id)):
                return free_price(offer, whole=whole)
        return self.prices.get((product_id, category))

    def is_free_day_category(self, product_id: int, category: str) -> bool:
        return any(offer.row.category.free_days_only for offer in self._free(product_id, category))

    def _free(self, product_id: int, category: str) -> Sequence[FreeOffer]:
        offers = self.free_days.get(product_id, ())
        return [offer for offer in offers if offer.free.category == category]

    def _whole(self, product_id: int) -> Price | None:
        return next(
            (
                price
                for (product, _category), price in self.prices.items()
                if product == product_id and price.category.is_full_price
            ),
            None,
        )

    def for_operators(self) -> "Shelf":
        return replace(self, prices={**self.guide_prices, **self.prices})


_shelves: Remembered[Shelf] = Remembered(seconds=SECONDS, size=8)
forget = _shelves.forget


def shelf(*, at: datetime) -> Shelf:
    return _shelves.find(day_of(at), lambda: fresh_shelf(at=at), at=at)


def fresh_shelf(*, at: datetime) -> Shelf:
    """Read it now, in a handful of queries, and remember it."""
    products = list(
        Product.objects.filter(on_sale=True).only("pk", "free_days_id", "validity_mode")
    )
    undated = {each.pk for each in products if each.validity_mode != ValidityMode.FROM_DATE}
    lists = {
        each.pk: each.free_days_id
        for each in products
        if each.free_days_id and each.pk not in undated
    }
    by_list = free_offers(set(lists.values()))
    found = Shelf(
        places=places_of([each.pk for each in products], since=at),
        prices=prices_on(day_of(at)),
        uses=uses_of([each.pk for each in products]),
        free_days={pk: by_list[list_id] for pk, list_id in lists.items() if list_id in by_list},
        undated=frozenset(undated),
        group_rules=group_rules(),
        guide_prices=guide_prices_on(day_of(at)),
    )
    _shelves.keep(day_of(at), found, at=at)
    return found
