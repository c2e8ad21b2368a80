"""A transfer that an accountant found on the account pays the order of an operator.

Nobody but a person says here that the money came: who said so, when, and by which reference of
the bank is kept for ever.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction

from payments.domain.merchants import SeveralOrganisations, organisation_of
from payments.domain.taking import Taken, take
from payments.gateways.protocol import Receipt
from payments.models import (
    AttemptStatus,
    Payment,
    PaymentAttempt,
    TransferConfirmation,
)
from sites.models import Organisation, User
from ticketing.models import Order

PROVIDER = "transfer"


class WhyUnconfirmed(StrEnum):
    """Why a transfer was not booked."""

    REFERENCE_USED = "reference_used"
    NOTHING_TO_PAY = "nothing_to_pay"
    # One transfer cannot be shared between the accounts of several.
    SEVERAL_ORGANISATIONS = "several_organisations"


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The money stands in the books; `taken` says what became of the order."""

    payment: Payment
    taken: Taken


@transaction.atomic
def confirm_transfer(
    *, order: Order, amount: int, reference: str, by: User, at: datetime
) -> Confirmed | WhyUnconfirmed:
    """Book money that came by bank transfer; the same reference counts once for ever."""
    # The row lock makes this wait for any other settlement of the order.
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.total == 0:
        return WhyUnconfirmed.NOTHING_TO_PAY
    collector = organisation_of(order=locked)
    if isinstance(collector, SeveralOrganisations):
        return WhyUnconfirmed.SEVERAL_ORGANISATIONS
    try:
        attempt = _attempt(locked, reference, collector, at=at)
    except IntegrityError:
        # Another order, or this one, was paid with it: perhaps in this instant.
        return WhyUnconfirmed.REFERENCE_USED
    taken = take(attempt=attempt, receipt=Receipt(reference, amount), at=at)
    payment = Payment.objects.get(provider=PROVIDER, provider_reference=reference)
    TransferConfirmation.objects.create(payment=payment, confirmed_by=by, confirmed_at=at)
    return Confirmed(payment, taken)


@transaction.atomic
def _attempt(
    order: Order, reference: str, collector: Organisation, *, at: datetime
) -> PaymentAttempt:
    return PaymentAttempt.objects.create(
        order=order,
        provider=PROVIDER,
        organisation=collector,
        status=AttemptStatus.SUCCEEDED,
        amount=order.total,
        provider_reference=reference,
        created_at=at,
        expires_at=order.expires_at,
        due_at=at,
        closed_at=at,
    )
