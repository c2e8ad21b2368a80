"""A share with its interval beside a target."""

from django.utils.safestring import SafeString

from reporting.schemas.charts.drawing import WIDTH, line, svg, tag, text

EDGE = 18
MIDDLE = 34
HEIGHT = 84
ROOM_AT_THE_END = 85


def whisker(
    *, low: float, point: float, high: float, goal: int, words: tuple[str, str, str]
) -> SafeString:
    """`words` are what stands at the lower end, the point and the upper end, in percent."""
    parts = [
        line(x1=_x(0), y1=MIDDLE, x2=_x(100), y2=MIDDLE, kind="axis"),
        line(x1=_x(goal), y1=MIDDLE - 18, x2=_x(goal), y2=MIDDLE + 18, kind="target"),
        # Below the numbers of the interval, which may lie anywhere near it.
        text(f"{goal} %", x=_x(goal), y=MIDDLE + 44, anchor="middle"),
        tag("rect", x=_x(low), y=MIDDLE - 5, width=_x(high) - _x(low), height=10, class_="track"),
        line(x1=_x(low), y1=MIDDLE - 10, x2=_x(low), y2=MIDDLE + 10, kind="end"),
        line(x1=_x(high), y1=MIDDLE - 10, x2=_x(high), y2=MIDDLE + 10, kind="end"),
        tag("circle", cx=_x(point), cy=MIDDLE, r=6, class_="dot"),
        text(words[0], x=_x(low) - 4, y=MIDDLE + 28, anchor="end"),
        text(words[1], x=_x(point) - 12, y=12, kind="value", anchor="end"),
        text(
            words[2],
            x=min(_x(high) + 4, WIDTH),
            y=MIDDLE + 28,
            anchor="start" if high < ROOM_AT_THE_END else "end",
        ),
    ]
    return svg(parts, height=HEIGHT)


def _x(percent: float) -> float:
    return EDGE + (WIDTH - 2 * EDGE) * percent / 100
