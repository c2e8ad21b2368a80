"""The QR code of a ticket, alphanumeric: level M for screens, level Q for paper.

Drawing takes some milliseconds, and a ticket never changes its token, so a drawing is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from io import BytesIO
from itertools import groupby
from typing import Final

from django.core.cache import cache
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import QRData

from ticketing.domain.ticket_token import to_text


@dataclass(frozen=True, slots=True)
class Form:
    """A size and a strength that the token of a ticket fits."""

    version: int
    correction: int

    @property
    def modules(self) -> int:
        """Modules a side, without the quiet zone."""
        return self.version * 4 + 17


SCREEN = Form(version=6, correction=ERROR_CORRECT_M)
# Folds, dirt and thin toner take modules away: a quarter of the code may be lost.
PAPER = Form(version=8, correction=ERROR_CORRECT_Q)
# The densest mode that holds every character of the token.
ALPHANUMERIC: Final = 2
# The border that the standard asks for, in modules.
QUIET_ZONE = 4
PIXELS_PER_MODULE = 12
KEPT_S = 24 * 3600


def modules(token: bytes, *, form: Form = SCREEN) -> list[list[bool]]:
    """The dark modules row by row, without the quiet zone."""
    code = QRCode(version=form.version, error_correction=form.correction, border=0)
    code.add_data(QRData(to_text(token), mode=ALPHANUMERIC))
    # A text that does not fit is a bug and raises, rather than growing the code.
    code.make(fit=False)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def path(token: bytes, *, form: Form = SCREEN) -> str:
    """The dark modules as the path of an SVG drawing, one stroke for each run of a row."""
    return "".join(
        f"M{column} {number}h{width}v1h-{width}z"
        for number, row in enumerate(modules(token, form=form), start=QUIET_ZONE)
        for column, width in _dark_runs(row)
    )


def _dark_runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    runs, column = [], QUIET_ZONE
    for dark, group in groupby(row):
        width = len(list(group))
        if dark:
            runs.append((column, width))
        column += width
    return runs


def paths(tokens: Sequence[bytes]) -> list[str]:
    """The paths of many tokens; those that were drawn before are read in one go."""
    keys = [f"qr:{sha256(token).hexdigest()}" for token in tokens]
    kept: dict[str, str] = cache.get_many(keys)
    fresh = {key: path(token) for key, token in zip(keys, tokens, strict=True) if key not in kept}
    if fresh:
        cache.set_many(fresh, timeout=KEPT_S)
    return [kept.get(key) or fresh[key] for key in keys]


def svg(drawing: str, *, title: str, form: Form = SCREEN) -> str:
    """An SVG document around a path. White is part of it: a dark screen must not invert it."""
    side = form.modules + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"'
        f' role="img" shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<rect width="{side}" height="{side}" fill="#fff"/><path d="{drawing}"/></svg>'
    )


def png(token: bytes) -> bytes:
    """A black and white PNG with its quiet zone."""
    rows = modules(token)
    side = len(rows) + 2 * QUIET_ZONE
    image = Image.new("1", (side, side), color=1)
    for y, row in enumerate(rows, start=QUIET_ZONE):
        for x, dark in enumerate(row, start=QUIET_ZONE):
            if dark:
                image.putpixel((x, y), 0)
    large = image.resize((side * PIXELS_PER_MODULE,) * 2, Image.Resampling.NEAREST)
    out = BytesIO()
    large.save(out, format="PNG", optimize=True)
    return out.getvalue()
