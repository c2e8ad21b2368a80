"""A share from quarter to quarter, its target, and when it may be reached."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from reporting.schemas.charts.drawing import HATCH, WIDTH, joined, line, svg, tag, text

LEFT = 8
RIGHT = 64
TOP = 18
BOTTOM = 118
HEIGHT = 140


@dataclass(frozen=True, slots=True)
class Point:
    """One quarter; null where nothing was measured."""

    label: str
    percent: float | None
    display: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """Where the share may be some quarters after the last point."""

    quarters: int
    low: float
    high: float


def trend(
    *, points: Sequence[Point], goal: int | None, goal_label: str, outlook: Outlook | None = None
) -> SafeString:
    """Every point has its value beside it; the outlook is a hatched wedge."""
    steps = max(len(points) - 1 + (outlook.quarters if outlook else 0), 1)
    wide = (WIDTH - LEFT - RIGHT) / steps
    seen = [
        (LEFT + wide * number, _y(point.percent), point)
        for number, point in enumerate(points)
        if point.percent is not None
    ]
    parts = [tag("defs", HATCH), line(x1=LEFT, y1=BOTTOM, x2=WIDTH, y2=BOTTOM, kind="axis")]
    if goal is not None:
        parts.append(line(x1=LEFT, y1=_y(goal), x2=WIDTH, y2=_y(goal), kind="target"))
        parts.append(text(goal_label, x=WIDTH, y=_y(goal) - 4, anchor="end"))
    if outlook and seen:
        parts.append(
            _wedge(seen[-1][0], seen[-1][1], seen[-1][0] + wide * outlook.quarters, outlook)
        )
    parts.append(
        tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y, _point in seen), class_="line")
    )
    roomy = wide >= ROOM_FOR_WORDS
    last = len(seen) - 1
    parts += [
        _dot(x, y, point, last=number == last, named=roomy or number in {0, last})
        for number, (x, y, point) in enumerate(seen)
    ]
    parts += _ticks(points, wide)
    return svg(parts, height=HEIGHT)


# Closer than this, words would run into each other: the ends alone are named.
ROOM_FOR_WORDS = 56


def _ticks(points: Sequence[Point], wide: float) -> list[SafeString]:
    return [
        text(
            point.label,
            x=LEFT + wide * number,
            y=BOTTOM + 15,
            anchor="start" if number == 0 else "middle",
        )
        for number, point in enumerate(points)
        if wide >= ROOM_FOR_WORDS or number in {0, len(points) - 1}
    ]


def _y(percent: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(max(percent, 0.0), 100.0) / 100


def _dot(x: float, y: float, point: Point, *, last: bool, named: bool) -> SafeString:
    # Under the line where the top is near, so that the number never leaves the drawing.
    above = y > TOP + 14
    return joined(
        [
            tag("circle", cx=x, cy=y, r=4, class_="dot"),
            text(
                point.display if named else "",
                x=x,
                y=y - 8 if above else y + 18,
                kind="value last" if last else "value",
                anchor="start" if x <= LEFT else "middle",
            ),
        ]
    )


def _wedge(x: float, y: float, until: float, outlook: Outlook) -> SafeString:
    corners = [(x, y), (until, _y(outlook.high)), (until, _y(outlook.low))]
    return tag("polygon", points=" ".join(f"{a:.1f},{b:.1f}" for a, b in corners), class_="outlook")
