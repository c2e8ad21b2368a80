"""The life of an order: a table with one door."""

from collections.abc import Collection, Mapping

from ticketing.models import Order, OrderStatus

# A lapsed order can still be paid: the money was on its way when the hold ended.
MOVES: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.HELD: frozenset({OrderStatus.PAID, OrderStatus.LAPSED, OrderStatus.CANCELLED}),
    OrderStatus.LAPSED: frozenset({OrderStatus.PAID}),
    OrderStatus.PAID: frozenset({OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset(),
}


def move(order: Order, *, to: OrderStatus, **facts: object) -> bool:
    """Change the status, and facts with it, if the table allows and nobody changed it first."""
    here = OrderStatus(order.status)
    if to not in MOVES[here]:
        return False
    moved = Order.objects.filter(pk=order.pk, status=here).update(status=to, **facts)
    if moved:
        order.status = to
        for name, value in facts.items():
            setattr(order, name, value)
    return bool(moved)


def move_all(order_ids: Collection[int], *, here: OrderStatus, to: OrderStatus) -> int:
    """The same door for many orders at once; how many went through it."""
    if to not in MOVES[here]:
        message = f"No order moves from {here} to {to}."
        raise ValueError(message)
    return Order.objects.filter(pk__in=order_ids, status=here).update(status=to)
