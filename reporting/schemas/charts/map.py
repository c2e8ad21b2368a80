"""Places by what they have come to: a shape and a colour for each state, a number beside each."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, radians

from django.utils.safestring import SafeString

from reporting.schemas.charts.drawing import WIDTH, joined, line, svg, tag, text

PADDING = 16
KM_PER_DEGREE = 111.32
ROOM_FOR_NUMBER = 30
MOST_NUMBERED = 80
SIZE = 6.0
# Round lengths for the scale, in kilometres.
SCALES = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


class PinState(StrEnum):
    BOTH = "both"
    SOME = "some"
    NONE = "none"
    EXCUSED = "excused"


@dataclass(frozen=True, slots=True)
class Pin:
    number: int
    longitude: float
    latitude: float
    state: PinState
    title: str


def mark(state: PinState) -> SafeString:
    """The shape of a state alone, for the words that explain the map."""
    return tag(
        "svg",
        _shape(state, SIZE + 2, SIZE + 2),
        viewBox=f"0 0 {2 * SIZE + 4:g} {2 * SIZE + 4:g}",
        class_="mark",
        aria_hidden="true",
    )


def site_map(pins: Sequence[Pin]) -> SafeString:
    """As wide as the places lie apart, north up, with a scale."""
    if not pins:
        return svg([], height=1)
    west, east = _ends([pin.longitude for pin in pins])
    south, north = _ends([pin.latitude for pin in pins])
    shrink = cos(radians((south + north) / 2))
    per_degree = (WIDTH - 2 * PADDING) / ((east - west) * shrink)
    height = (north - south) * per_degree + 2 * PADDING + 20
    placed = [
        (
            PADDING + (pin.longitude - west) * shrink * per_degree,
            PADDING + (north - pin.latitude) * per_degree,
            pin,
        )
        for pin in pins
    ]
    parts = [_pin(x, y, pin, numbered=len(pins) <= MOST_NUMBERED) for x, y, pin in placed]
    return svg([*parts, *_scale(per_degree / KM_PER_DEGREE, height)], height=height)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    # One place alone still has some ground around it.
    return min(values) - 0.002, max(values) + 0.002


def _pin(x: float, y: float, pin: Pin, *, numbered: bool) -> SafeString:
    words = [tag("title", f"{pin.number}. {pin.title}"), _shape(pin.state, x, y)]
    if numbered:
        # At the right edge the number stands on the other side.
        left = x > WIDTH - ROOM_FOR_NUMBER
        at, anchor = (x - SIZE - 2, "end") if left else (x + SIZE + 2, "start")
        words.append(text(str(pin.number), x=at, y=y + 4, kind="small", anchor=anchor))
    return tag("g", joined(words))


def _shape(state: PinState, x: float, y: float) -> SafeString:
    if state is PinState.BOTH:
        return tag("circle", cx=x, cy=y, r=SIZE, class_="pin both")
    if state is PinState.SOME:
        return tag(
            "path",
            d=f"M{x:.1f} {y - SIZE:.1f}l{SIZE:g} {2 * SIZE:g}h-{2 * SIZE:g}z",
            class_="pin some",
        )
    if state is PinState.NONE:
        corner = SIZE * 0.8
        return tag(
            "path",
            d=f"M{x - corner:.1f} {y - corner:.1f}l{2 * corner:.1f} {2 * corner:.1f}"
            f"m0 -{2 * corner:.1f}l-{2 * corner:.1f} {2 * corner:.1f}",
            class_="pin none",
        )
    return tag(
        "rect",
        x=x - SIZE * 0.7,
        y=y - SIZE * 0.7,
        width=SIZE * 1.4,
        height=SIZE * 1.4,
        class_="pin excused",
    )


def _scale(per_km: float, height: float) -> list[SafeString]:
    length = max((km for km in SCALES if km * per_km < WIDTH / 3), default=SCALES[0])
    end = PADDING + length * per_km
    words = f"{length * 1000:g} m" if length < 1 else f"{length:g} km"
    return [
        line(x1=PADDING, y1=height - 8, x2=end, y2=height - 8, kind="axis"),
        text(words, x=end + 5, y=height - 4, kind="small"),
    ]
