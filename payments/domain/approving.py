"""A large refund waits for two different people of the organisation."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction

from payments.domain.refund_status import move
from payments.models import Refund, RefundStatus
from sites.models import User


class Approval(StrEnum):
    # The first of two.
    NOTED = "noted"
    # The second: the money goes back now.
    RELEASED = "released"
    # The same person twice is one person.
    SAME_PERSON = "same_person"
    # Nobody waits for it (any more).
    NOT_WAITING = "not_waiting"


@transaction.atomic
def approve(*, refund: Refund, by: User, at: datetime) -> Approval:
    """Say yes to a refund; the second yes of another person sends it off."""
    locked = Refund.objects.select_for_update(of=("self",)).get(pk=refund.pk)
    if locked.status != RefundStatus.NEEDS_APPROVAL:
        return Approval.NOT_WAITING
    if locked.first_approval_by_id is None:
        Refund.objects.filter(pk=locked.pk).update(first_approval_by=by, first_approval_at=at)
        return Approval.NOTED
    if locked.first_approval_by_id == by.pk:
        return Approval.SAME_PERSON
    move(locked, to=RefundStatus.REQUESTED, second_approval_by=by, second_approval_at=at)
    return Approval.RELEASED
