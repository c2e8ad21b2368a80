"""How much of all there is, and where the targets stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reporting.schemas.charts.drawing import WIDTH, line, svg, tag, text

EDGE = 2
TOP = 4
THICK = 22
HEIGHT = 74
LETTER = 6.4


@dataclass(frozen=True, slots=True)
class Goal:
    percent: int
    label: str


def gauge(*, num: int, den: int, goals: Sequence[Goal]) -> SafeString:
    """A bar of the whole; each goal is a line with its words under it."""
    span = WIDTH - 2 * EDGE
    filled = span * num / den if den else 0.0
    parts = [
        tag("rect", x=EDGE, y=TOP, width=span, height=THICK, class_="track"),
        tag("rect", x=EDGE, y=TOP, width=filled, height=THICK, class_="fill"),
    ]
    taken = -1.0
    for goal in sorted(goals, key=lambda each: each.percent):
        at = EDGE + span * goal.percent / 100
        parts.append(line(x1=at, y1=TOP - 3, x2=at, y2=TOP + THICK + 3, kind="target"))
        # Words that would run into each other stand in two rows.
        wide = LETTER * len(goal.label)
        right = min(float(WIDTH), at + wide / 2)
        row = 1 if right - wide < taken else 0
        taken = right
        parts.append(text(goal.label, x=right, y=TOP + THICK + 22 + 14 * row, anchor="end"))
    return svg(parts, height=HEIGHT)
