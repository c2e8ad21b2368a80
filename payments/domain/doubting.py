"""Money in doubt ends by a person: it goes back to where it came from."""

from datetime import datetime

from django.db import transaction

from payments.domain.attempt_status import move
from payments.domain.requesting import give_back
from payments.models import AttemptStatus, Payment, Refund
from ticketing.models import Order


@transaction.atomic
def send_back(*, payment: Payment, at: datetime) -> Refund | None:
    """Give back money that did not fit its order; None when nobody doubts it (any more)."""
    # The order first, as everybody who settles does.
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    locked = Payment.objects.select_related("attempt").get(pk=payment.pk)
    locked.order = order
    if locked.use != Payment.Use.IN_DOUBT:
        return None
    # The money did come: the try is over, and what came of it is the refund.
    move(locked.attempt, to=AttemptStatus.SUCCEEDED, at=at)
    return give_back(locked, reason=Refund.Reason.IN_DOUBT, at=at)
