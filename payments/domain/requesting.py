"""That money goes back is decided here, in the transaction that found out why."""

from datetime import datetime

from payments.domain.ledger.givebacks import post_due
from payments.domain.money_rules import rules_of
from payments.domain.telling import tell_of_refund
from payments.models import BuyerMessage, Payment, Refund, RefundStatus
from ticketing.models import Cancellation

# These wait in an account of their own; what settles or goes back was booked with the payment.
WAITED = frozenset({Payment.Use.PART, Payment.Use.IN_DOUBT})


def request_refund(
    payment: Payment,
    *,
    reason: Refund.Reason,
    at: datetime,
    amount: int | None = None,
    cancellation: Cancellation | None = None,
) -> Refund:
    """Leave the fact that this money goes back, and tell the buyer; a task sends it.

    Two people look first if it is much. The caller holds the order's row.
    """
    amount = payment.amount if amount is None else amount
    much = amount > rules_of(payment.organisation_id or 0).two_people_above
    refund = Refund.objects.create(
        payment=payment,
        amount=amount,
        reason=reason,
        cancellation=cancellation,
        status=RefundStatus.NEEDS_APPROVAL if much else RefundStatus.REQUESTED,
        needs_two_people=much,
        requested_at=at,
        due_at=at,
    )
    tell_of_refund(refund, kind=BuyerMessage.Kind.REFUND_STARTED, at=at)
    return refund


def give_back(payment: Payment, *, reason: Refund.Reason, at: datetime) -> Refund | None:
    """Send all of a payment back that waited for the rest or for a person; None when it did not."""
    use = Payment.Use(payment.use)
    if use not in WAITED:
        return None
    taken = Payment.objects.filter(pk=payment.pk, use=use).update(use=Payment.Use.GOES_BACK)
    if not taken:
        return None
    payment.use = Payment.Use.GOES_BACK
    refund = request_refund(payment, reason=reason, at=at)
    post_due(refund=refund, use=use, at=at)
    return refund
