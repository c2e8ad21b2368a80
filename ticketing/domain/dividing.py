"""Money of a combo divided among its places, exact to the đồng. Nothing here reads a database."""

from collections.abc import Mapping
from typing import TypeVar

Place = TypeVar("Place")


def divide(amount: int, *, weights: Mapping[Place, int]) -> dict[Place, int]:
    """Divide by the largest remainder; of two equal ones the place that comes first has the đồng.

    Where nothing has weight, all have the same. Each gets its exact part, rounded down or up.
    """
    total = sum(weights.values())
    if total == 0:
        weights, total = dict.fromkeys(weights, 1), len(weights)
    parts = {place: amount * weight // total for place, weight in weights.items()}
    over = amount - sum(parts.values())
    # Sorting keeps the order of equals.
    by_remainder = sorted(weights, key=lambda place: -(amount * weights[place] % total))
    for place in by_remainder[:over]:
        parts[place] += 1
    return parts


def redivide(
    have: Mapping[Place, int], *, kept: int, weights: Mapping[Place, int]
) -> dict[Place, int]:
    """What comes to each place, or goes from it, so that together they have what is kept.

    After any number of steps the places have what one division of the money kept would give them;
    so a place may get a đồng that another loses. Places without a change are left out.
    """
    due = divide(kept, weights=weights)
    changes = {place: due.get(place, 0) - have.get(place, 0) for place in {**have, **due}}
    return {place: change for place, change in changes.items() if change}
