"""The life of a payment attempt: a table with one door."""

from collections.abc import Mapping
from datetime import datetime

from payments.models import AttemptStatus, PaymentAttempt

# Money is never overlooked: success wins over failure and expiry, and over a doubt that was
# cleared.
MOVES: Mapping[AttemptStatus, frozenset[AttemptStatus]] = {
    AttemptStatus.CREATED: frozenset(
        {
            AttemptStatus.AWAITING,
            AttemptStatus.SUCCEEDED,
            AttemptStatus.FAILED,
            AttemptStatus.EXPIRED,
            AttemptStatus.REVIEW,
        }
    ),
    AttemptStatus.AWAITING: frozenset(
        {
            AttemptStatus.SUCCEEDED,
            AttemptStatus.FAILED,
            AttemptStatus.EXPIRED,
            AttemptStatus.REVIEW,
        }
    ),
    AttemptStatus.FAILED: frozenset({AttemptStatus.SUCCEEDED, AttemptStatus.REVIEW}),
    AttemptStatus.EXPIRED: frozenset({AttemptStatus.SUCCEEDED, AttemptStatus.REVIEW}),
    AttemptStatus.REVIEW: frozenset({AttemptStatus.SUCCEEDED}),
    AttemptStatus.SUCCEEDED: frozenset(),
}
OPEN = frozenset({AttemptStatus.CREATED, AttemptStatus.AWAITING})


def move(attempt: PaymentAttempt, *, to: AttemptStatus, at: datetime, **facts: object) -> bool:
    """Change the status, and facts with it, if the table allows and nobody changed it first."""
    here = AttemptStatus(attempt.status)
    if to not in MOVES[here]:
        return False
    if to not in OPEN:
        facts["closed_at"] = at
    moved = PaymentAttempt.objects.filter(pk=attempt.pk, status=here).update(status=to, **facts)
    if moved:
        attempt.status = to
        for name, value in facts.items():
            setattr(attempt, name, value)
    return bool(moved)
