"""QR codes that only our own devices read: enrolment, and the wall of a gate."""

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode

from sites.models import Gate

ENROLMENT_PREFIX = "HUEGATE1:"
WALL_PREFIX = "HUEGATE:"
QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """The dark modules as one path in a square of `side`, quiet zone included."""

    side: int
    path: str


def draw(text: str) -> Drawing:
    code = QRCode(error_correction=ERROR_CORRECT_Q, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{column} {number}h1v1h-1z"
        for number, row in enumerate(rows)
        for column, dark in enumerate(row)
        if dark
    )
    return Drawing(len(rows), path)


def enrolment_text(code: str) -> str:
    return ENROLMENT_PREFIX + code


def wall_text(gate: Gate) -> str:
    """What hangs at the gate: no secret, it only says where the device is."""
    return f"{WALL_PREFIX}{gate.site.slug}/{gate.code}"
