"""Operators order for groups, within what may wait for a transfer."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.at_once import at_once
from tests.factories import OPENING, days_from, make_category, make_product, make_tariff
from tests.ticketing.groups.desks import make_desk, make_group, make_operator
from ticketing.domain.holds import release_expired_holds
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.operator_orders import (
    GroupOrder,
    GroupOrderPlaced,
    OverCredit,
    lines_for,
    order_for_group,
    type_of_order,
)
from ticketing.domain.operators import Credit, Desk, credit_of, desk_of
from ticketing.domain.ordering import HOLD, KeyReused
from ticketing.domain.saved_groups import GroupWanted, WhyNotSaved, save_group
from ticketing.domain.visit_days import start_of
from ticketing.models import Operator, Order, OrderStatus, Product, SavedGroup, Ticket

pytestmark = pytest.mark.django_db


def order(
    desk: Desk,
    product: Product,
    *,
    adults: int,
    days: int = 30,
    key: str = "",
    at: datetime = OPENING,
) -> type_of_order:
    wanted = GroupOrder(
        lines=lines_for(
            product_id=product.pk, visit_date=days_from(at, days), people={"adult": adults}
        ),
        language="en",
        group_name="Spring tour",
    )
    return order_for_group(desk=desk, wanted=wanted, idempotency_key=key or uuid4().hex, at=at)


def placed(answer: type_of_order) -> GroupOrderPlaced:
    assert isinstance(answer, GroupOrderPlaced), answer
    return answer


def test_an_order_waits_for_its_transfer_for_days_and_then_lapses() -> None:
    desk = make_desk(make_operator(days_to_pay=3))

    done = placed(order(desk, make_product(), adults=25))

    due = OPENING + timedelta(days=3)
    assert (done.kept.due_at, done.placed.order.expires_at) == (due, due)
    assert (done.kept.placed_by, done.kept.group_name) == (desk.user, "Spring tour")
    assert release_expired_holds(at=due - timedelta(seconds=1)) == 0
    assert release_expired_holds(at=due) == 1
    assert Order.objects.get().status == OrderStatus.LAPSED


def test_the_money_must_be_there_before_the_visit_but_never_sooner_than_for_anybody() -> None:
    desk, product = make_desk(make_operator(days_to_pay=10)), make_product()

    tomorrow = placed(order(desk, product, adults=1, days=1))
    today = placed(order(desk, product, adults=1, days=0))

    assert tomorrow.kept.due_at == start_of(days_from(OPENING, 1))
    assert today.kept.due_at == OPENING + HOLD


def test_one_code_for_each_category_of_the_group() -> None:
    product, desk = make_product(), make_desk()
    make_tariff(product=product, category=make_category(code="child"), amount=40_000)
    group = make_group(desk.operator, adult=20, child=5)
    people = {part.category.code: part.people for part in group.parts.all()}
    lines = lines_for(product_id=product.pk, visit_date=days_from(OPENING, 1), people=people)
    wanted = GroupOrder(lines=lines, language="en")

    done = order_for_group(desk=desk, wanted=wanted, idempotency_key="coach-one", at=OPENING)

    paid = pay_order(order=placed(done).placed.order, at=OPENING)
    assert isinstance(paid, OrderPaid)
    codes = Ticket.objects.order_by("-party_size").values_list("category__code", "party_size")
    assert list(codes) == [("adult", 20), ("child", 5)]
    assert paid.order.total == 20 * 200_000 + 5 * 40_000


def test_no_more_may_wait_than_the_limit_and_a_refused_order_leaves_nothing() -> None:
    desk, product = make_desk(make_operator(unpaid_limit=1_000_000)), make_product()
    first = placed(order(desk, product, adults=3))

    refused = order(desk, product, adults=3)

    assert refused == OverCredit(600_000, Credit(limit=1_000_000, waiting=600_000))
    assert Order.objects.count() == 1
    pay_order(order=first.placed.order, at=OPENING)
    assert credit_of(operator=desk.operator, at=OPENING).left == 1_000_000
    placed(order(desk, product, adults=5))


def test_an_order_that_is_due_no_longer_counts_before_beat_came_round() -> None:
    desk = make_desk(make_operator(unpaid_limit=200_000, days_to_pay=1))
    placed(order(desk, make_product(), adults=1))

    later = OPENING + timedelta(days=1)

    assert credit_of(operator=desk.operator, at=later) == Credit(limit=200_000, waiting=0)


def test_a_repeat_is_the_same_order_even_when_the_limit_is_used_up() -> None:
    desk, product = make_desk(make_operator(unpaid_limit=200_000)), make_product()

    first = placed(order(desk, product, adults=1, key="the-same-key"))
    again = placed(order(desk, product, adults=1, key="the-same-key"))

    assert again.placed.order == first.placed.order
    assert again.placed.secret == first.placed.secret
    assert isinstance(order(desk, product, adults=2, key="the-same-key"), KeyReused)


def test_the_same_key_of_two_operators_is_two_orders() -> None:
    product = make_product()

    one, two = (placed(order(make_desk(), product, adults=1, key="k-1")) for _ in range(2))

    assert one.placed.order != two.placed.order
    assert one.placed.secret != two.placed.secret


@pytest.mark.django_db(transaction=True)
def test_eight_orders_in_one_instant_stay_within_the_limit() -> None:
    desk, product = make_desk(make_operator(unpaid_limit=600_000)), make_product()

    answers = at_once(lambda _: order(desk, product, adults=1), range(8))

    assert sum(isinstance(answer, GroupOrderPlaced) for answer in answers) == 3
    assert credit_of(operator=desk.operator, at=OPENING).waiting == 600_000


def test_who_left_and_whose_operator_was_closed_act_for_nobody() -> None:
    desk, closed = make_desk(), make_desk()
    Operator.objects.filter(pk=closed.operator.pk).update(active=False)
    assert desk.user is not None
    assert closed.user is not None

    assert desk_of(user=desk.user) == desk
    assert desk_of(user=closed.user) is None
    desk.user.is_active = False
    assert desk_of(user=desk.user) is None


def test_a_group_is_saved_written_anew_and_refused_with_a_reason() -> None:
    make_category()
    operator = make_operator()
    wanted = GroupWanted(name="Class 5A", language="vi", people={"adult": 2, "child": 0})

    group = save_group(operator=operator, wanted=wanted)

    assert isinstance(group, SavedGroup)
    assert [(part.category.code, part.people) for part in group.parts.all()] == [("adult", 2)]
    same = GroupWanted(name="class 5a", language="vi", people={"adult": 1})
    assert save_group(operator=operator, wanted=same) == WhyNotSaved.NAME_TAKEN
    assert save_group(operator=make_operator(), wanted=same) != WhyNotSaved.NAME_TAKEN
    nobody = GroupWanted(name="x", language="vi", people={"adult": 0})
    assert save_group(operator=operator, wanted=nobody) == WhyNotSaved.NOBODY
    ghosts = GroupWanted(name="x", language="vi", people={"ghost": 1})
    assert save_group(operator=operator, wanted=ghosts) == WhyNotSaved.UNKNOWN_CATEGORY
    renamed = save_group(operator=operator, wanted=same, group=group)
    assert isinstance(renamed, SavedGroup)
    assert (renamed.pk, renamed.name) == (group.pk, "class 5a")
