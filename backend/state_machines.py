"""Every table of moves in the product, drawn for readers."""

from collections.abc import Collection, Mapping
from pathlib import Path

from django.conf import settings

from ticketing.domain import order_status
from ticketing.models import OrderStatus

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "state-machines.md"

Moves = Mapping[str, Collection[str]]

# Name of the machine, where it starts, its table.
MACHINES: tuple[tuple[str, str, Moves], ...] = (("Order", OrderStatus.HELD, order_status.MOVES),)

HEAD = """\
# State machines

Drawn by `bin/manage draw_state_machines` from the tables in the code; a test fails when this page
is stale. A move that is not drawn is refused by the one door of its table.
"""


def drawn() -> str:
    """The page as it should be."""
    return "\n".join([HEAD, *(_machine(*machine) for machine in MACHINES)])


def _machine(name: str, start: str, moves: Moves) -> str:
    arrows = [f"    [*] --> {start}"]
    for here, there in moves.items():
        arrows += [f"    {here} --> {to}" for to in sorted(there)]
        if not there:
            arrows.append(f"    {here} --> [*]")
    diagram = "\n".join(["```mermaid", "stateDiagram-v2", *arrows, "```"])
    return f"## {name}\n\n{diagram}\n"
