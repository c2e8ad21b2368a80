"""Draws a courtyard all around, as a camera for 360° would see it. Nothing in it is real."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

from PIL import Image, ImageDraw

WIDTH = 4096
HEIGHT = WIDTH // 2
EYES_M = 1.6
# Lines are curves in such a picture: each is drawn in so many pieces.
PIECES = 24
STONE, EDGE = (203, 186, 150), (164, 146, 112)
WALL, COLUMN, ROOF, RIDGE = (232, 205, 160), (150, 42, 34), (214, 158, 40), (170, 112, 24)
DOOR, BASE = (84, 40, 30), (176, 164, 142)

Point = tuple[float, float, float]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """A hall of so many bays; `towards` in degrees from the middle of the picture."""

    towards: float
    away_m: float
    bays: int
    floors: int = 1
    bay_m: float = 4.0
    storey_m: float = 5.0


def draw_courtyard(*, halls: Sequence[Hall], evening: bool = False) -> Image.Image:
    """Draw sky, paving and halls, the farthest first."""
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    top, low = ((92, 110, 170), (246, 190, 140)) if evening else ((96, 156, 214), (230, 232, 224))
    picture.paste(_gradient(top, low), (0, 0))
    picture.paste(_gradient(STONE, (138, 120, 90)), (0, HEIGHT // 2))
    pen = ImageDraw.Draw(picture)
    _pave(pen)
    for hall in sorted(halls, key=lambda each: -each.away_m):
        _build(pen, hall)
    return picture


def _gradient(top: Colour, low: Colour) -> Image.Image:
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), top)
    strip.putpixel((0, 1), low)
    return strip.resize((WIDTH, HEIGHT // 2), Image.Resampling.BILINEAR)


def _seen(point: Point) -> tuple[float, float]:
    """Return where a point of the yard lies in the picture: x right, y ahead, z up, in metres."""
    x, y, z = point
    yaw, pitch = degrees(atan2(x, y)), degrees(atan2(z - EYES_M, hypot(x, y)))
    return (yaw + 180) / 360 * WIDTH, (90 - pitch) / 180 * HEIGHT


def _pave(pen: ImageDraw.ImageDraw) -> None:
    reach = 60
    for number in range(-reach, reach + 1, 2):
        along = [(number + 0.5, t / 2, 0.0) for t in range(-2 * reach, 2 * reach + 1)]
        across = [(t / 2, number + 0.5, 0.0) for t in range(-2 * reach, 2 * reach + 1)]
        for line in (along, across):
            _line(pen, line)


def _line(pen: ImageDraw.ImageDraw, points: Iterable[Point]) -> None:
    before: tuple[float, float] | None = None
    for point in points:
        here = _seen(point)
        # What leaves on one side comes in on the other: no line in between.
        if before and abs(here[0] - before[0]) < WIDTH / 2:
            pen.line([before, here], fill=EDGE, width=2)
        before = here


def _build(pen: ImageDraw.ImageDraw, hall: Hall) -> None:
    half = hall.bays * hall.bay_m / 2
    _face(pen, hall, (-half - 3, 0, half + 3, 1.2), BASE)
    floor = 1.2
    for storey in range(hall.floors):
        inset = storey * hall.bay_m
        left, right = -half + inset, half - inset
        _face(pen, hall, (left, floor, right, floor + hall.storey_m), WALL)
        bays = hall.bays - 2 * storey
        for bay in range(bays):
            start = left + bay * hall.bay_m
            _face(pen, hall, (start + 1, floor, start + 3, floor + 3.6), DOOR)
        for column in range(bays + 1):
            at = left + column * hall.bay_m
            _face(pen, hall, (at - 0.25, floor, at + 0.25, floor + hall.storey_m), COLUMN)
        floor += hall.storey_m
        _roof(pen, hall, left - 2, right + 2, floor)
        floor += 2.6


def _face(
    pen: ImageDraw.ImageDraw,
    hall: Hall,
    box: tuple[float, float, float, float],
    colour: Colour,
) -> None:
    left, low, right, high = box
    corners = [(left, low), (right, low), (right, high), (left, high)]
    _shape(pen, hall, corners, colour)


def _roof(pen: ImageDraw.ImageDraw, hall: Hall, left: float, right: float, floor: float) -> None:
    """Eaves that turn up at the corners, under a ridge."""
    ridge = min(3.0, (right - left) / 5)
    corners = [
        (left - 1, floor + 1.0),
        (left + 2, floor + 0.1),
        (right - 2, floor + 0.1),
        (right + 1, floor + 1.0),
        (right - ridge, floor + 3.0),
        (left + ridge, floor + 3.0),
    ]
    _shape(pen, hall, corners, ROOF)
    _face(pen, hall, (left + ridge, floor + 2.8, right - ridge, floor + 3.3), RIDGE)


def _shape(
    pen: ImageDraw.ImageDraw,
    hall: Hall,
    corners: Sequence[tuple[float, float]],
    colour: Colour,
) -> None:
    turn = radians(hall.towards)
    outline: list[tuple[float, float]] = []
    for (x1, z1), (x2, z2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        for piece in range(PIECES):
            share = piece / PIECES
            x, z = x1 + (x2 - x1) * share, z1 + (z2 - z1) * share
            outline.append(_seen(_turned(x, hall.away_m, z, turn)))
    for shift in _shifts(outline):
        pen.polygon([(x + shift, y) for x, y in _unbroken(outline)], fill=colour)


def _turned(x: float, y: float, z: float, turn: float) -> Point:
    return x * cos(turn) + y * sin(turn), y * cos(turn) - x * sin(turn), z


def _unbroken(outline: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Put a shape that crosses the edge of the picture together on one side of it."""
    first = outline[0][0]
    return [(x - WIDTH * round((x - first) / WIDTH), y) for x, y in outline]


def _shifts(outline: list[tuple[float, float]]) -> list[int]:
    across = [x for x, _y in _unbroken(outline)]
    shifts = [0]
    if min(across) < 0:
        shifts.append(WIDTH)
    if max(across) > WIDTH:
        shifts.append(-WIDTH)
    return shifts
