"""Amounts beside each other, each with its name and its number."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reporting.schemas.charts.drawing import HATCH, WIDTH, joined, svg, tag, text

ROW = 38
LETTER = 6.6
DIGIT = 8
GAP = 10
THICK = 14


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: int
    display: str
    # The part of the value that is drawn hatched, for example service beside state fee.
    hatched: int = 0


def bars(rows: Sequence[Bar]) -> SafeString:
    """Longest is all of the width; the name stands above its bar."""
    most = max((row.value for row in rows), default=0) or 1
    drawn = [tag("defs", HATCH)]
    for number, row in enumerate(rows):
        drawn.append(_bar(row, top=number * ROW, most=most))
    return svg(drawn, height=max(len(rows), 1) * ROW)


def _bar(row: Bar, *, top: float, most: int) -> SafeString:
    span = WIDTH - 4
    wide = span * row.value / most
    hatched = span * row.hatched / most
    return joined(
        [
            text(_fitting(row), x=2, y=top + 13),
            text(row.display, x=WIDTH - 2, y=top + 13, kind="value", anchor="end"),
            tag("rect", x=2, y=top + 18, width=wide, height=THICK, class_="fill"),
            tag("rect", x=2, y=top + 18, width=hatched, height=THICK, class_="hatched"),
        ]
    )


def _fitting(row: Bar) -> str:
    """As much of the name as stands beside the number; the table has all of it."""
    letters = int((WIDTH - GAP - DIGIT * len(row.display)) / LETTER)
    return row.label if len(row.label) <= letters else f"{row.label[: letters - 1].rstrip()}…"
