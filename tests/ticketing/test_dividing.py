"""Money of a combo for its places, exact to the đồng, whatever is given back."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from ticketing.domain.dividing import divide, redivide

AMOUNTS = st.integers(0, 10**12)
WEIGHTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=14).map(
    lambda weights: dict(enumerate(weights))
)


def exact(amount: int, weights: dict[int, int]) -> dict[int, tuple[int, int]]:
    """The two whole numbers between which the exact part of each place lies."""
    total = sum(weights.values())
    if total == 0:
        weights, total = dict.fromkeys(weights, 1), len(weights)
    return {
        place: (amount * weight // total, -(-amount * weight // total))
        for place, weight in weights.items()
    }


def test_530_000_for_four_places_by_their_single_prices() -> None:
    weights = {1: 200_000, 2: 150_000, 3: 150_000, 4: 150_000}

    assert divide(530_000, weights=weights) == {1: 163_077, 2: 122_308, 3: 122_308, 4: 122_307}
    assert divide(530_000, weights=dict.fromkeys(weights, 1)) == dict.fromkeys(weights, 132_500)
    assert divide(2, weights={1: 1, 2: 1, 3: 1}) == {1: 1, 2: 1, 3: 0}
    assert divide(5, weights={1: 0, 2: 0}) == {1: 3, 2: 2}


@given(amount=AMOUNTS, weights=WEIGHTS)
def test_parts_sum_to_the_amount_and_none_is_a_dong_off(
    amount: int, weights: dict[int, int]
) -> None:
    parts = divide(amount, weights=weights)

    assert sum(parts.values()) == amount
    assert list(parts) == list(weights)
    for place, (low, high) in exact(amount, weights).items():
        assert low <= parts[place] <= high


@given(
    weights=WEIGHTS,
    paid=AMOUNTS,
    steps=st.lists(st.tuples(st.integers(0, 100), st.none() | st.integers(0, 9)), max_size=8),
)
def test_after_every_refund_and_recount_the_places_have_what_is_kept(
    weights: dict[int, int], paid: int, steps: list[tuple[int, int | None]]
) -> None:
    have, kept = divide(paid, weights=weights), paid
    for percent, admitted in steps:
        kept = kept * percent // 100
        if admitted is not None:
            weights = {place: (place + admitted) % 3 for place in weights}
        changes = redivide(have, kept=kept, weights=weights)
        assert sum(changes.values()) == kept - sum(have.values())
        have = {place: have[place] + changes.get(place, 0) for place in have}

        # The way there does not matter.
        assert have == divide(kept, weights=weights)
        assert min(have.values()) >= 0


def test_100_000_random_combos_with_refunds_sum_to_the_dong() -> None:
    chance = Random(20261122)  # noqa: S311 # the same run each time
    for number in range(100_000):
        places = chance.randrange(2, 13)
        weights = {place: chance.randrange(0, 500_000) for place in range(places)}
        if number % 3 == 0:
            weights = dict.fromkeys(weights, 1)
        quantity, unit = chance.randrange(1, 256), chance.randrange(1, 3_000_000)
        paid = kept = quantity * unit
        shares = list(divide(paid, weights=weights).items())
        assert sum(amount for _place, amount in shares) == paid
        while quantity and chance.random() < 0.6:
            gone = chance.randrange(1, quantity + 1)
            quantity -= gone
            back = gone * unit * chance.choice((100, 90, 50, 33)) // 100
            kept -= back
            if number % 3 == 1:
                weights = {place: chance.randrange(0, 40) for place in range(places)}
            have = dict.fromkeys(range(places), 0)
            for place, amount in shares:
                have[place] += amount
            changes = redivide(have, kept=kept, weights=weights)
            assert sum(changes.values()) == -back
            shares += changes.items()
        assert sum(amount for _place, amount in shares) == kept
