"""Who sells, shows and tells what in the made-up year: a plan with a fixed seed, and no query.

The last sites of the list fall short, each for a reason of its own; with every quarter some of
them get over it, so that the year has a trend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

SEED: Final = 20_251_215
SITES: Final = 29
# How many sites fall short of payment, tour and narration, oldest quarter first.
SHORT_OF_PAYMENT: Final = (11, 9, 6, 4)
SHORT_OF_TOUR: Final = (10, 8, 6, 4)
SHORT_OF_NARRATION: Final = (16, 12, 8, 7)
# From the one that is never got over to the one that is got over first.
PAYMENT_FLAWS: Final = (
    "free_only",
    "no_method",
    "no_sale",
    "refunded",
    "staff",
    "not_reconciled",
    "below_floor",
    "not_visited",
    "no_product",
    "no_snapshot",
    "no_room",
)
TOUR_FLAWS: Final = ("no_tour", "page_down", "short_visits", "not_inside", "staff_visits")
NARRATION_FLAWS: Final = ("no_guide", "one_language", "not_heard")
CHECKED_BY_PLAN: Final = len(SHORT_OF_PAYMENT)


@dataclass(frozen=True, slots=True)
class Part:
    """One site in one quarter; an empty flaw is none."""

    site: int
    quarter: int
    payment: str
    tour: str
    narration: str
    orders: int


def plan(*, sites: int = SITES, quarters: int = CHECKED_BY_PLAN) -> Sequence[Part]:
    """The same plan at every call; a quarter after the last is like the last."""
    random = Random(SEED)  # noqa: S311 # a demonstration has to be the same everywhere
    return [
        Part(
            site,
            quarter,
            payment=_flaw(
                site, sites, SHORT_OF_PAYMENT[min(quarter, CHECKED_BY_PLAN - 1)], PAYMENT_FLAWS
            ),
            tour=_flaw(
                (site + 7) % sites,
                sites,
                SHORT_OF_TOUR[min(quarter, CHECKED_BY_PLAN - 1)],
                TOUR_FLAWS,
            ),
            narration=_flaw(
                (site + 3) % sites,
                sites,
                SHORT_OF_NARRATION[min(quarter, CHECKED_BY_PLAN - 1)],
                NARRATION_FLAWS,
            ),
            orders=random.randint(1, 2 + (site < sites // 3)),
        )
        for quarter in range(quarters)
        for site in range(sites)
    ]


def _flaw(place: int, sites: int, short: int, flaws: Sequence[str]) -> str:
    from_the_end = sites - 1 - place
    return flaws[from_the_end % len(flaws)] if from_the_end < short else ""
