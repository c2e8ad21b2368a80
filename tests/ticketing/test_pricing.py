"""The one function that prices, without a database: what holds for every tariff and visitor."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.domain.pricing import (
    Free,
    Law,
    Priced,
    Rule,
    Version,
    Visit,
    WhyUnpriced,
    age_on,
    belongs,
    is_in_force,
    price,
    reduced,
)
from ticketing.domain.visit_days import VIETNAM, day_of, start_of

SINCE = date(2025, 1, 1)
RULES = (
    Rule(code="adult", is_full_price=True),
    Rule(code="child", age_from=7, age_until=13),
    Rule(code="infant", age_from=0, age_until=7),
    Rule(code="student"),
    Rule(code="elderly", age_from=60, citizens_only=True, minimum_reduction=20, minimum_basis="a"),
    Rule(code="disabled", minimum_reduction=50, minimum_basis="b"),
    Rule(code="severely_disabled", minimum_reduction=100, minimum_basis="c"),
    Rule(code="citizen_free_day", citizens_only=True),
)
CODES = [rule.code for rule in RULES]
DAYS = st.dates(date(2024, 12, 1), date(2029, 3, 1))


def version(category: str, amount: int) -> Version:
    return Version(category=category, amount=amount, effective_from=SINCE, legal_basis="law")


def law_with(*versions: Version, free_days: tuple[Free, ...] = ()) -> Law:
    return Law(versions=versions, rules=RULES, free_days=free_days)


FREE_DAYS = st.lists(
    st.builds(
        Free,
        category=st.just("citizen_free_day"),
        day=DAYS,
        every_year=st.booleans(),
        effective_from=st.just(SINCE),
        legal_basis=st.just("free"),
    ),
    max_size=4,
).map(tuple)


@st.composite
def laws(draw: st.DrawFn) -> Law:
    """A full price and some reductions of it, as the database allows them, and free days."""
    whole = draw(st.integers(0, 10_000_000))
    some = draw(st.sets(st.sampled_from(CODES[1:])))
    versions = [version("adult", whole)]
    for rule in RULES:
        if rule.code in some:
            most = reduced(whole, percent=rule.minimum_reduction)
            versions.append(version(rule.code, draw(st.integers(0, most))))
    return law_with(*draw(st.permutations(versions)), free_days=draw(FREE_DAYS))


VISITS = st.builds(
    Visit,
    category=st.sampled_from(CODES),
    age=st.none() | st.integers(0, 110),
    citizen=st.booleans(),
    visit_date=DAYS,
    bought_at=st.datetimes(datetime(2025, 1, 2), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # the zone is given beside
    quantity=st.integers(1, 255),
)


def priced(law: Law, visit: Visit) -> Priced:
    found = price(law=law, visit=visit)
    assert isinstance(found, Priced)
    return found


def full_price(law: Law) -> int:
    return next(each.amount for each in law.versions if each.category == "adult")


def single_rules(law: Law, visit: Visit) -> list[int]:
    """What each rule would ask if it were the only one, reckoned apart from the function."""
    rules = {rule.code: rule for rule in RULES}
    whole = full_price(law)
    asked = [each.amount for each in law.versions if belongs(rules[each.category], visit)]
    asked += [
        whole - -(-whole * rule.minimum_reduction // 100)
        for rule in RULES
        if rule.minimum_reduction and belongs(rule, visit)
    ]
    today = visit.visit_date
    free = any(
        free.day == today or (free.every_year and f"{free.day:%m-%d}" == f"{today:%m-%d}")
        for free in law.free_days
    )
    if free and visit.citizen and today >= SINCE:
        asked.append(0)
    return asked


@given(law=laws(), visit=VISITS)
def test_the_price_is_that_of_one_rule_the_best_that_holds(law: Law, visit: Visit) -> None:
    found = priced(law, visit)

    assert found.unit_amount == min(single_rules(law, visit))
    assert 0 <= found.unit_amount <= full_price(law)
    assert found.amount == found.unit_amount * visit.quantity
    assert found.legal_basis


@given(law=laws(), visit=VISITS)
def test_nobody_pays_more_for_proving_citizenship(law: Law, visit: Visit) -> None:
    foreign, citizen = replace(visit, citizen=False), replace(visit, citizen=True)

    assert priced(law, citizen).unit_amount <= priced(law, foreign).unit_amount


@given(law=laws(), visit=VISITS, more=st.integers(0, 1_000_000))
def test_a_dearer_tariff_makes_nobody_pay_less(law: Law, visit: Visit, more: int) -> None:
    dearer = replace(
        law, versions=[replace(each, amount=each.amount + more) for each in law.versions]
    )

    assert priced(law, visit).unit_amount <= priced(dearer, visit).unit_amount


@given(law=laws(), visit=VISITS, gone=st.integers(0, 7))
def test_a_rule_less_makes_nobody_pay_less(law: Law, visit: Visit, gone: int) -> None:
    fewer = [
        each
        for each in law.versions
        if each.category == "adult" or each.category != CODES[gone % len(CODES)]
    ]

    assert (
        priced(law, visit).unit_amount
        <= priced(replace(law, versions=fewer, free_days=()), visit).unit_amount
    )


@given(law=laws(), visit=VISITS)
def test_the_same_question_in_another_order_has_the_same_amount(law: Law, visit: Visit) -> None:
    turned = Law(versions=law.versions[::-1], rules=law.rules[::-1], free_days=law.free_days[::-1])

    assert priced(turned, visit).amount == priced(law, visit).amount


@given(amount=st.integers(0, 10_000_000), percent=st.integers(0, 100))
def test_rounding_is_down_to_whole_dong_and_never_under_the_law(amount: int, percent: int) -> None:
    left = reduced(amount, percent=percent)

    assert (amount - left) * 100 >= amount * percent
    assert (amount - left - 1) * 100 < amount * percent


@given(law=laws(), visit=VISITS)
def test_proposals_price_nothing(law: Law, visit: Visit) -> None:
    proposed = [replace(each, approved=False) for each in law.versions]

    assert price(law=replace(law, versions=proposed), visit=visit) == WhyUnpriced.NO_PRICE


@given(at=st.datetimes(timezones=st.just(UTC), min_value=datetime(2024, 1, 1)))  # noqa: DTZ001  # the zone is given beside
def test_one_version_or_the_next_is_in_force_never_both_nor_neither(at: datetime) -> None:
    change = SINCE + timedelta(days=400)
    before = replace(version("adult", 1), effective_from=date.min, effective_to=change)
    after = replace(version("adult", 2), effective_from=change)
    visit = Visit(category="adult", visit_date=change, bought_at=at)

    assert is_in_force(before, day_of(at)) != is_in_force(after, day_of(at))
    found = priced(law_with(before, after), visit)
    assert found.amount == (2 if at >= start_of(change) else 1)


def test_an_unknown_category_and_a_product_without_a_price_are_said_so() -> None:
    at = datetime(2026, 5, 1, tzinfo=VIETNAM)
    visit = Visit(category="nobody", visit_date=at.date(), bought_at=at)

    assert price(law=law_with(version("adult", 1)), visit=visit) == WhyUnpriced.UNKNOWN_CATEGORY
    assert price(law=law_with(), visit=replace(visit, category="adult")) == WhyUnpriced.NO_PRICE


def test_where_no_version_says_so_the_law_itself_reduces() -> None:
    at = datetime(2026, 5, 1, tzinfo=VIETNAM)
    visit = Visit(category="elderly", age=60, citizen=True, visit_date=at.date(), bought_at=at)

    found = priced(law_with(version("adult", 99)), visit)

    assert (found.unit_amount, found.rule, found.legal_basis) == (79, "elderly_minimum", "a")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2019, 5, 2), date(2026, 5, 1), 6),
        (date(2019, 5, 2), date(2026, 5, 2), 7),
        (date(2013, 5, 2), date(2026, 5, 1), 12),
        (date(2013, 5, 2), date(2026, 5, 2), 13),
        (date(2020, 2, 29), date(2027, 2, 28), 6),
        (date(2020, 2, 29), date(2027, 3, 1), 7),
        (date(2020, 2, 29), date(2028, 2, 29), 8),
        (date(2021, 2, 28), date(2028, 2, 28), 7),
        (date(2021, 3, 1), date(2028, 2, 29), 6),
    ],
)
def test_age_is_in_full_years_on_the_day(born: date, day: date, age: int) -> None:
    assert age_on(born=born, day=day) == age


def test_a_free_29_february_comes_every_leap_year() -> None:
    leap = Free(
        category="citizen_free_day",
        day=date(2028, 2, 29),
        every_year=True,
        effective_from=SINCE,
        legal_basis="x",
    )
    law = law_with(version("adult", 100), free_days=(leap,))
    at = datetime(2026, 5, 1, tzinfo=VIETNAM)

    def paid(day: date) -> int:
        visit = Visit(category="adult", citizen=True, visit_date=day, bought_at=at)
        return priced(law, visit).amount

    assert [paid(date(2027, 2, 28)), paid(date(2027, 3, 1))] == [100, 100]
    assert [paid(date(2028, 2, 29)), paid(date(2032, 2, 29))] == [0, 0]
