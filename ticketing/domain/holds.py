"""The end of a hold: an order that nobody paid for lets go of what it held."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ticketing.domain.capacity import release_places
from ticketing.domain.order_status import move, move_all
from ticketing.models import Order, OrderStatus

ORDERS_AT_ONCE = 500


def release_expired_holds(*, at: datetime) -> int:
    """Let every hold lapse that ended by `at`; how many there were."""
    released = 0
    while some := _release_some(at):
        released += some
    return released


@transaction.atomic
def _release_some(at: datetime) -> int:
    # Who is being paid at this moment is locked: the next turn finds it paid, or takes it.
    over = (
        Order.objects.select_for_update(skip_locked=True)
        .filter(status=OrderStatus.HELD, expires_at__lte=at)
        .order_by("expires_at", "pk")
        .values_list("pk", flat=True)[:ORDERS_AT_ONCE]
    )
    ended = list(over)
    released = move_all(ended, here=OrderStatus.HELD, to=OrderStatus.LAPSED)
    release_places(ended)
    return released


@dataclass(frozen=True, slots=True)
class LetGo:
    """The order holds nothing any more, by this call or by an earlier one."""

    order: Order


@dataclass(frozen=True, slots=True)
class TooLate:
    """The order is paid: what it has is cancelled, not let go."""


@transaction.atomic
def release_hold(*, order: Order) -> LetGo | TooLate:
    """End a hold because its buyer does not want it; money that comes all the same is late."""
    # The row lock makes a payment in the same instant wait, or this call wait for the payment.
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status == OrderStatus.PAID:
        return TooLate()
    if move(locked, to=OrderStatus.LAPSED):
        release_places([locked.pk])
    return LetGo(locked)
