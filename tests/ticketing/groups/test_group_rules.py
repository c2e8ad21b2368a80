"""Children come with adults, and guides lead groups: by dated rows, at ordering."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import OPENING, days_from, make_category, make_product, make_tariff, place
from ticketing.domain.group_rules import (
    GroupRefused,
    GroupRules,
    Ratio,
    WhyNoGroup,
    group_refusal,
    guides_for,
)
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.visit_days import day_of
from ticketing.models import CompanionRule, GuideRule, Product

DAY = date(2026, 12, 1)


@dataclass(frozen=True)
class People:
    category: str
    quantity: int
    product_id: int = 1
    visit_date: date = DAY
    slot_id: int | None = None


def companions(people: int, *, since: date = DAY, until: date | None = None) -> GroupRules:
    rule = Ratio(
        category="child",
        people=people,
        others=frozenset({"adult", "elderly"}),
        effective_from=since,
        effective_to=until,
    )
    return GroupRules(companions={1: [rule]})


def guides(people: int) -> GroupRules:
    return GroupRules(guides={1: [Ratio(category="guide", people=people, effective_from=DAY)]})


def test_forty_five_children_with_three_adults_need_two_more() -> None:
    wanted = [People("adult", 2), People("elderly", 1), People("child", 45)]

    assert group_refusal(wanted, companions(10)) == GroupRefused(WhyNoGroup.COMPANION_NEEDED, 2, 2)
    assert group_refusal([*wanted, People("adult", 2)], companions(10)) is None


def test_companions_of_another_product_or_day_do_not_count() -> None:
    elsewhere = People("adult", 5, product_id=2)
    tomorrow = People("adult", 5, visit_date=DAY + timedelta(days=1))

    refused = group_refusal([elsewhere, tomorrow, People("child", 5)], companions(10))

    assert refused == GroupRefused(WhyNoGroup.COMPANION_NEEDED, 2, 1)


def test_companions_and_guides_of_another_slot_of_the_day_do_not_count() -> None:
    children = People("child", 12, slot_id=8)
    adults = [People("adult", 1, slot_id=8), People("adult", 1, slot_id=9)]
    led = [People("adult", 10, slot_id=8), People("adult", 5, slot_id=9)]

    assert group_refusal([*adults, children], companions(10)) == GroupRefused(
        WhyNoGroup.COMPANION_NEEDED, 2, 1
    )
    assert group_refusal([*led, People("guide", 1, slot_id=8)], guides(15)) == GroupRefused(
        WhyNoGroup.TOO_MANY_GUIDES, 2, 0
    )


def test_a_rule_holds_from_its_first_day_until_the_day_before_its_last() -> None:
    alone = [People("child", 1)]

    assert group_refusal(alone, companions(1, since=DAY + timedelta(days=1))) is None
    assert group_refusal(alone, companions(1, until=DAY)) is None
    assert group_refusal(alone, companions(1, until=DAY + timedelta(days=1))) is not None


@pytest.mark.parametrize(("led", "allowed"), [(0, 0), (14, 0), (15, 1), (29, 1), (30, 2)])
def test_one_guide_for_each_full_group(led: int, allowed: int) -> None:
    wanted = [People("adult", led), People("guide", allowed)] if led else []

    assert group_refusal([line for line in wanted if line.quantity], guides(15)) is None
    refused = group_refusal([*wanted, People("guide", 1)], guides(15))
    assert refused is not None
    assert (refused.reason, refused.people) == (WhyNoGroup.TOO_MANY_GUIDES, allowed)
    suggested = guides_for(product_id=1, people=led, day=DAY, rules=guides(15))
    assert suggested == ({"guide": allowed} if allowed else {})


@given(children=st.integers(1, 200), adults=st.integers(0, 50), ratio=st.integers(1, 30))
def test_as_many_companions_as_are_named_are_enough_and_one_fewer_is_not(
    children: int, adults: int, ratio: int
) -> None:
    def refusal(with_adults: int) -> GroupRefused | None:
        lines = [People("child", children), People("adult", with_adults)]
        return group_refusal([line for line in lines if line.quantity], companions(ratio))

    refused = refusal(adults)
    if refused is None:
        assert children <= adults * ratio
    else:
        assert refusal(adults + refused.people) is None
        assert refusal(adults + refused.people - 1) is not None


def make_companion_rule(product: Product, *, people: int) -> CompanionRule:
    rule = CompanionRule.objects.create(
        product=product,
        category=make_category(code="child"),
        people_per_companion=people,
        effective_from=date(2026, 1, 1),
        legal_basis="Decision 7/2026",
    )
    rule.companions.add(make_category())
    return rule


@pytest.mark.django_db
def test_the_api_says_how_many_companions_are_missing() -> None:
    product = make_product()
    make_tariff(product=product, category=make_category(code="child"), amount=40_000)
    make_companion_rule(product, people=10)
    line = {"product_id": product.pk, "visit_date": day_of(OPENING).isoformat()}
    today = place(product=product).order.created_at

    answer = Client().post(
        "/api/v1/orders",
        {
            "lines": [
                {**line, "visit_date": str(day_of(today)), "category": "adult", "quantity": 1},
                {**line, "visit_date": str(day_of(today)), "category": "child", "quantity": 25},
            ],
            "contact": {"email": "school@example.com"},
        },
        content_type="application/json",
        headers={"Idempotency-Key": uuid4().hex, "Accept-Language": "en"},
    )

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "companion_needed")
    assert problem["detail"] == "Somebody has to come with them: 2 more companions are needed."
    assert (problem["errors"][0]["where"], problem["people"]) == ("body.lines.1", 2)


@pytest.mark.django_db
def test_only_operators_order_guides_and_only_by_rule() -> None:
    product, guide = make_product(), make_category(code="guide")
    type(guide).objects.filter(pk=guide.pk).update(sold_online=False)
    make_tariff(product=product, category=guide, amount=0)
    day = days_from(OPENING, 1)

    def order(*, guides: int, operator: bool) -> object:
        lines = [("adult", 15), ("guide", guides)]
        wish = Wish(
            lines=[
                LineWanted(product_id=product.pk, category=code, quantity=count, visit_date=day)
                for code, count in lines
            ],
            language="en",
            email="guide@example.com",
        )
        until = OPENING + timedelta(days=1) if operator else None
        return place_order(idempotency_key=uuid4().hex, wish=wish, at=OPENING, hold_until=until)

    assert not isinstance(order(guides=1, operator=True), OrderPlaced)
    GuideRule.objects.create(
        product=product,
        category=guide,
        people_per_guide=15,
        effective_from=date(2026, 1, 1),
        legal_basis="Decision 8/2026",
    )
    assert not isinstance(order(guides=1, operator=False), OrderPlaced)
    assert order(guides=2, operator=True) == GroupRefused(WhyNoGroup.TOO_MANY_GUIDES, 1, 1)
    placed = order(guides=1, operator=True)
    assert isinstance(placed, OrderPlaced)
    assert placed.order.total == 15 * 200_000


@pytest.mark.django_db
def test_a_rule_needs_a_legal_basis_and_people() -> None:
    product = make_product()
    rule = make_companion_rule(product, people=10)

    for wrong in ({"legal_basis": ""}, {"people_per_companion": 0}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            CompanionRule.objects.filter(pk=rule.pk).update(**wrong)
