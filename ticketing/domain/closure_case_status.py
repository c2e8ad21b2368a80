"""The life of what is done for the buyers of a closed place: a table with one door."""

from collections.abc import Mapping

from ticketing.models import ClosureCase

Status = ClosureCase.Status

# Stopped by somebody, or because orders failed: either way it goes on where it stopped. Done
# begins again for money that was late: its buyers have tickets for a place that is closed.
MOVES: Mapping[Status, frozenset[Status]] = {
    Status.PLANNED: frozenset({Status.RUNNING, Status.DROPPED}),
    Status.RUNNING: frozenset({Status.STOPPED, Status.DONE}),
    Status.STOPPED: frozenset({Status.RUNNING}),
    Status.DONE: frozenset({Status.RUNNING}),
    Status.DROPPED: frozenset(),
}


def move(case: ClosureCase, *, to: Status, **facts: object) -> bool:
    """Change the status, and facts with it, if the table allows and nobody changed it first."""
    here = Status(case.status)
    if to not in MOVES[here]:
        return False
    moved = ClosureCase.objects.filter(pk=case.pk, status=here).update(status=to, **facts)
    if moved:
        case.status = to
        for name, value in facts.items():
            setattr(case, name, value)
    return bool(moved)
