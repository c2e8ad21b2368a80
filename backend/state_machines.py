"""Every table of moves in the product, drawn for readers."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db.models import TextChoices

from guides.domain import tour_publishing, version_status
from guides.models import Status as VersionStatus
from guides.models import TourVersion
from payments.domain import attempt_status, disputing, refund_status
from payments.models import AttemptStatus, DisputeStatus, RefundStatus
from reporting.domain import filing_status
from reporting.models import Filing
from ticketing.domain import closure_case_status, order_status
from ticketing.models import ClosureCase, OrderStatus

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "state-machines.md"

State = TypeVar("State", bound=StrEnum | TextChoices)


def machine(
    start: str, moves: Mapping[State, Collection[State]]
) -> tuple[str, dict[str, list[str]]]:
    """Where it starts, and its table, as plain words in a fixed order."""
    return start, {
        str(here.value): sorted(str(to.value) for to in there) for here, there in moves.items()
    }


MACHINES = {
    "Order": machine(OrderStatus.HELD.value, order_status.MOVES),
    "Closure case": machine(ClosureCase.Status.PLANNED.value, closure_case_status.MOVES),
    "Version of a narration": machine(VersionStatus.DRAFT.value, version_status.MOVES),
    "Payment attempt": machine(AttemptStatus.CREATED.value, attempt_status.MOVES),
    "Dispute": machine(DisputeStatus.WARNING.value, disputing.MOVES),
    "Tour version": machine(TourVersion.State.IN_REVIEW.value, tour_publishing.MOVES),
    "Refund": machine(RefundStatus.NEEDS_APPROVAL.value, refund_status.MOVES),
    "Report": machine(Filing.Status.DRAFT.value, filing_status.MOVES),
}

HEAD = """\
# State machines

Drawn by `bin/manage draw_state_machines` from the tables in the code; a test fails when this page
is stale. A move that is not drawn is refused by the one door of its table.
"""


def drawn() -> str:
    """The page as it should be."""
    return "\n".join([HEAD, *(_drawing(name, *one) for name, one in MACHINES.items())])


def _drawing(name: str, start: str, moves: Mapping[str, Collection[str]]) -> str:
    arrows = [f"    [*] --> {start}"]
    for here, there in moves.items():
        arrows += [f"    {here} --> {to}" for to in there]
        if not there:
            arrows.append(f"    {here} --> [*]")
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```"])
    return f"## {name}\n\n{diagram}\n"
