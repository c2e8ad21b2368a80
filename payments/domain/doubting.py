"""Money in doubt ends: it goes back, or it pays for its order because nobody doubts it any more."""

from datetime import datetime

from django.db import transaction

from payments.domain.attempt_status import OPEN, move
from payments.domain.requesting import give_back
from payments.domain.taking import Taken, take_cleared
from payments.models import AttemptStatus, Payment, PaymentAttempt, Refund
from ticketing.models import Order


@transaction.atomic
def send_back(*, payment: Payment, at: datetime) -> Refund | None:
    """Give back money that did not fit its order; None when nobody doubts it (any more)."""
    locked = _locked(payment)
    if locked.use != Payment.Use.IN_DOUBT:
        return None
    # The money did come: the try is over, and what came of it is the refund.
    move(locked.attempt, to=AttemptStatus.SUCCEEDED, at=at)
    return give_back(locked, reason=Refund.Reason.IN_DOUBT, at=at)


@transaction.atomic
def accept(*, payment: Payment, at: datetime) -> Taken | None:
    """Let money that was in doubt pay for its order; None when nobody doubts it (any more).

    What an order cannot use by now, because it lapsed or is paid, goes back by the usual rules.
    """
    locked = _locked(payment)
    if locked.use != Payment.Use.IN_DOUBT:
        return None
    move(locked.attempt, to=AttemptStatus.SUCCEEDED, at=at)
    # One page to pay on is enough: the sweeper closes the others.
    PaymentAttempt.objects.filter(order=locked.order, status__in=OPEN).update(due_at=at)
    return take_cleared(payment=locked, at=at)


def _locked(payment: Payment) -> Payment:
    # The order first, as everybody who settles does.
    order = Order.objects.select_for_update().get(pk=payment.order_id)
    locked = Payment.objects.select_related("attempt").get(pk=payment.pk)
    locked.order = order
    return locked
