"""An order changes its status through one door, and a hold ends by itself."""

from datetime import timedelta
from itertools import product

import pytest

from tests.at_once import at_once
from tests.factories import OPENING, make_order, make_product
from ticketing.domain import holds
from ticketing.domain.holds import release_expired_holds
from ticketing.domain.order_status import MOVES, move, move_all
from ticketing.models import Order, OrderStatus

END = OPENING + timedelta(minutes=35)


@pytest.mark.django_db
@pytest.mark.parametrize(("here", "to"), list(product(OrderStatus, OrderStatus)))
def test_only_the_moves_of_the_table_happen(here: OrderStatus, to: OrderStatus) -> None:
    order = make_order(at=OPENING)
    Order.objects.update(status=here, paid_at=OPENING)
    order.refresh_from_db()

    moved = move(order, to=to)

    order_in_database = Order.objects.get()
    assert moved == (to in MOVES[here])
    assert order.status == order_in_database.status == (to if moved else here)


@pytest.mark.django_db
def test_who_knows_an_old_status_changes_nothing() -> None:
    order = make_order(at=OPENING)
    Order.objects.update(status=OrderStatus.CANCELLED)

    assert not move(order, to=OrderStatus.PAID, paid_at=OPENING)
    assert Order.objects.get().status == OrderStatus.CANCELLED


@pytest.mark.django_db
def test_many_orders_go_through_the_same_door() -> None:
    with pytest.raises(ValueError, match="No order moves"):
        move_all([1], here=OrderStatus.PAID, to=OrderStatus.HELD)


@pytest.mark.django_db(transaction=True)
def test_paid_and_cancelled_at_once_is_one_of_the_two() -> None:
    order = make_order(at=OPENING)

    results = at_once(
        lambda to: move(Order.objects.get(pk=order.pk), to=to, paid_at=OPENING),
        [OrderStatus.PAID, OrderStatus.LAPSED, OrderStatus.LAPSED, OrderStatus.LAPSED],
    )

    # Late money may still pay what lapsed a moment before, never the other way round.
    assert Order.objects.get().status == OrderStatus.PAID or results.count(True) == 1


@pytest.mark.django_db
def test_a_hold_ends_after_35_minutes_and_not_before() -> None:
    order = make_order(at=OPENING)

    assert release_expired_holds(at=END - timedelta(seconds=1)) == 0
    assert release_expired_holds(at=END) == 1
    assert release_expired_holds(at=END) == 0
    order.refresh_from_db()
    assert order.status == OrderStatus.LAPSED


@pytest.mark.django_db
def test_paid_and_cancelled_orders_do_not_lapse() -> None:
    palace = make_product()
    for status in (OrderStatus.PAID, OrderStatus.CANCELLED):
        order = make_order(product=palace, at=OPENING)
        move(order, to=status, paid_at=OPENING)

    assert release_expired_holds(at=END) == 0


@pytest.mark.django_db
def test_more_holds_than_one_turn_takes_all_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holds, "ORDERS_AT_ONCE", 2)
    palace = make_product()
    for _ in range(5):
        make_order(product=palace, at=OPENING)

    assert release_expired_holds(at=END) == 5


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_release_each_hold_once() -> None:
    palace = make_product()
    for _ in range(20):
        make_order(product=palace, at=OPENING)

    assert sum(at_once(lambda _: release_expired_holds(at=END), range(4))) == 20
