"""The end of a hold: an order that nobody paid for lets go of what it held."""

from datetime import datetime

from django.db import transaction

from ticketing.domain.order_status import move_all
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
        .order_by("expires_at")
        .values_list("pk", flat=True)[:ORDERS_AT_ONCE]
    )
    return move_all(list(over), here=OrderStatus.HELD, to=OrderStatus.LAPSED)
