"""The rules of changes, decided without a database wherever none is needed."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import OPENING, make_change_rule, make_product
from ticketing.domain.change_rules import (
    Allowed,
    Fast,
    Step,
    WhyFast,
    amount_back,
    judge,
    steps_bought,
)
from ticketing.domain.visit_days import VIETNAM, start_of

START = datetime(2026, 12, 1, tzinfo=VIETNAM)
DAY_BEFORE = Step(code="day-before", minutes_before=1440)
UNTIL_START = Step(code="until-start", minutes_before=0, share_percent=50)
SAME_DAY = Step(code="same-day", minutes_before=-1440, share_percent=20)
STEPS = [UNTIL_START, SAME_DAY, DAY_BEFORE]


@pytest.mark.parametrize(
    ("minutes_after_start", "expected"),
    [
        (-10_000, Allowed("day-before", 100, START - timedelta(days=1))),
        (-1441, Allowed("day-before", 100, START - timedelta(days=1))),
        (-1440, Allowed("until-start", 50, START)),
        (-1, Allowed("until-start", 50, START)),
        (0, Allowed("same-day", 20, START + timedelta(days=1))),
        (1439, Allowed("same-day", 20, START + timedelta(days=1))),
        (1440, Fast(WhyFast.TOO_LATE, START + timedelta(days=1))),
    ],
)
def test_each_step_holds_until_its_own_minute(
    minutes_after_start: int, expected: Allowed | Fast
) -> None:
    at = START + timedelta(minutes=minutes_after_start)

    assert judge(steps=STEPS, starts_at=START, at=at) == expected


def test_without_a_step_nothing_can_be_changed() -> None:
    assert judge(steps=[], starts_at=START, at=OPENING) == Fast(WhyFast.NO_RULE)


steps = st.lists(
    st.builds(
        Step,
        code=st.sampled_from("abcdef"),
        minutes_before=st.integers(-3000, 3000),
        share_percent=st.integers(0, 100),
    ),
    max_size=6,
)
moments = st.integers(-4000, 4000).map(lambda minutes: START + timedelta(minutes=minutes))


def share(found: Allowed | Fast) -> int:
    return found.share_percent if isinstance(found, Allowed) else -1


@given(written=steps, first=moments, second=moments, order=st.randoms())
def test_waiting_never_brings_more_back_and_the_order_of_steps_means_nothing(
    written: list[Step], first: datetime, second: datetime, order: object
) -> None:
    early, late = sorted([first, second])
    mixed = sorted(written, key=lambda step: hash((step, id(order))))

    before = judge(steps=written, starts_at=START, at=early)
    assert before == judge(steps=mixed, starts_at=START, at=early)
    assert share(judge(steps=written, starts_at=START, at=late)) <= share(before)


@given(written=steps, at=moments)
def test_what_is_said_holds_until_the_minute_that_is_said(
    written: list[Step], at: datetime
) -> None:
    found = judge(steps=written, starts_at=START, at=at)
    if isinstance(found, Allowed):
        just_before = found.until - timedelta(seconds=1)
        assert at < found.until
        assert share(judge(steps=written, starts_at=START, at=max(at, just_before))) == share(found)
        assert share(judge(steps=written, starts_at=START, at=found.until)) < share(found)


@given(
    unit=st.integers(0, 10_000_000),
    parts=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 100)), max_size=10),
)
def test_parts_never_bring_back_more_than_was_paid(unit: int, parts: list[tuple[int, int]]) -> None:
    people = sum(some for some, _share in parts)
    back = [amount_back(unit_amount=unit, people=some, share_percent=per) for some, per in parts]

    assert sum(back) <= unit * people
    for (some, per), amount in zip(parts, back, strict=True):
        # Less than one đồng a person is lost to rounding, never to the payer's favour.
        assert 0 <= unit * some * per - amount * 100 < 100 * some


@given(unit=st.integers(0, 10_000_000), people=st.integers(1, 200), per=st.integers(0, 100))
def test_in_parts_comes_back_what_comes_back_at_once(unit: int, people: int, per: int) -> None:
    one = amount_back(unit_amount=unit, people=1, share_percent=per)

    assert amount_back(unit_amount=unit, people=people, share_percent=per) == one * people


def test_half_of_an_odd_price_is_rounded_down() -> None:
    assert amount_back(unit_amount=25_001, people=3, share_percent=50) == 37_500


@pytest.mark.django_db
def test_the_steps_of_the_day_of_purchase_hold() -> None:
    product = make_product()
    make_change_rule(product=product, code="old", effective_to=date(2026, 12, 1))
    make_change_rule(product=product, code="new", share_percent=0, effective_from=date(2026, 12, 1))
    midnight = start_of(date(2026, 12, 1))

    def codes(bought_at: datetime) -> list[str]:
        found = steps_bought(product_ids=[product.pk], bought_at=bought_at)
        return [step.code for step in found[product.pk, "cancel"]]

    assert codes(midnight - timedelta(seconds=1)) == ["old"]
    assert codes(midnight) == ["new"]
