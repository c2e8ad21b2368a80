"""The way of a report: a table with one door."""

from collections.abc import Mapping

from reporting.models import Filing

Status = Filing.Status

MOVES: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.FROZEN}),
    Status.FROZEN: frozenset({Status.SIGNED}),
    Status.SIGNED: frozenset({Status.SENT}),
    Status.SENT: frozenset({Status.ACKNOWLEDGED}),
    Status.ACKNOWLEDGED: frozenset(),
}


def move(filing: Filing, *, to: Status, **facts: object) -> bool:
    """Change the status, and facts with it, if the table allows and nobody changed it first."""
    here = Status(filing.status)
    if to not in MOVES[here]:
        return False
    moved = Filing.objects.filter(pk=filing.pk, status=here).update(status=to, **facts)
    if moved:
        filing.status = to
        for name, value in facts.items():
            setattr(filing, name, value)
    return bool(moved)
