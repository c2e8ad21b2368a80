"""The life of a refund: a table with one door."""

from collections.abc import Mapping

from payments.models import Refund, RefundStatus

# A bank can send the money back days after it was said to have arrived.
MOVES: Mapping[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.NEEDS_APPROVAL: frozenset({RefundStatus.REQUESTED}),
    RefundStatus.REQUESTED: frozenset(
        {RefundStatus.SENT, RefundStatus.SUCCEEDED, RefundStatus.NEEDS_TRANSFER}
    ),
    RefundStatus.SENT: frozenset({RefundStatus.SUCCEEDED, RefundStatus.NEEDS_TRANSFER}),
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.NEEDS_TRANSFER}),
    RefundStatus.NEEDS_TRANSFER: frozenset({RefundStatus.SUCCEEDED}),
}
OPEN = frozenset({RefundStatus.REQUESTED, RefundStatus.SENT})


def move(refund: Refund, *, to: RefundStatus, **facts: object) -> bool:
    """Change the status, and facts with it, if the table allows and nobody changed it first."""
    here = RefundStatus(refund.status)
    if to not in MOVES[here]:
        return False
    moved = Refund.objects.filter(pk=refund.pk, status=here).update(status=to, **facts)
    if moved:
        refund.status = to
        for name, value in facts.items():
            setattr(refund, name, value)
    return bool(moved)
