"""What can be sold now, remembered for a few seconds because every order asks.

Memory may be late with bad news by its few seconds, never with good news: what it refuses is
looked up again. Prices change at midnight, and the day is part of the question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sites.domain.remembered import Remembered
from ticketing.domain.availability import Place, places_of
from ticketing.domain.capacity_uses import Use, uses_of
from ticketing.domain.group_rules import GroupRules, group_rules
from ticketing.domain.tariff_book import Price, guide_prices_on, prices_on
from ticketing.domain.visit_days import day_of
from ticketing.models import Product

SECONDS = 5


@dataclass(frozen=True, slots=True)
class Shelf:
    """Products on sale with their places, the prices in force, and where people are counted."""

    places: Mapping[int, Sequence[Place]]
    prices: Mapping[tuple[int, str], Price]
    uses: Mapping[int, Sequence[Use]]
    group_rules: GroupRules = field(default_factory=GroupRules)
    # What operators alone may order, where a rule says for how many people.
    guide_prices: Mapping[tuple[int, str], Price] = field(default_factory=dict)

    def for_operators(self) -> "Shelf":
        return replace(self, prices={**self.guide_prices, **self.prices})


_shelves: Remembered[Shelf] = Remembered(seconds=SECONDS, size=8)
forget = _shelves.forget


def shelf(*, at: datetime) -> Shelf:
    return _shelves.find(day_of(at), lambda: fresh_shelf(at=at), at=at)


def fresh_shelf(*, at: datetime) -> Shelf:
    """Read it now, in a handful of queries, and remember it."""
    products = list(Product.objects.filter(on_sale=True).values_list("pk", flat=True))
    found = Shelf(
        places=places_of(products, since=at),
        prices=prices_on(day_of(at)),
        uses=uses_of(products),
        group_rules=group_rules(),
        guide_prices=guide_prices_on(day_of(at)),
    )
    _shelves.keep(day_of(at), found, at=at)
    return found
