"""Why a file is not taken: a name for programs, and a sentence for the person who sent it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class Refusal(StrEnum):
    EMPTY = "EMPTY"
    TOO_LARGE = "TOO_LARGE"
    CUT_OFF = "CUT_OFF"
    WRONG_TYPE = "WRONG_TYPE"
    BROKEN = "BROKEN"
    TOO_LONG = "TOO_LONG"
    TOO_SHORT = "TOO_SHORT"
    SILENT = "SILENT"
    TOO_MANY_PIXELS = "TOO_MANY_PIXELS"
    NOT_A_PANORAMA = "NOT_A_PANORAMA"
    DRAWING = "DRAWING"
    UNPACKS_TOO_LARGE = "UNPACKS_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken. `most` is the limit that it broke, where there is one."""

    why: Refusal
    most: int = 0

    def __str__(self) -> str:
        return sentence(self)


def sentence(refused: Refused) -> str:
    """Say it in the language of the reader, with what to do instead."""
    sentences = {
        Refusal.EMPTY: _("The file is empty: 0 bytes came. Please choose it again."),
        Refusal.TOO_LARGE: _("The file is too large. At most %(most)s MB are taken."),
        Refusal.CUT_OFF: _("The connection broke before the whole file was here. Send it again."),
        Refusal.WRONG_TYPE: _(
            "This is not a file of the expected kind, whatever its name says. Sound: MP3, WAV, "
            "FLAC, M4A, Ogg or Opus. Pictures: JPEG, PNG or WebP."
        ),
        Refusal.BROKEN: _(
            "The file is damaged or its end is missing. Please export it again and send it whole."
        ),
        Refusal.TOO_LONG: _("The recording is too long. At most %(most)s minutes are taken."),
        Refusal.TOO_SHORT: _("The recording is shorter than a second."),
        Refusal.SILENT: _("There is nothing but silence in the recording."),
        Refusal.TOO_MANY_PIXELS: _(
            "The picture unfolds to more than %(most)s million pixels. Please make it smaller."
        ),
        Refusal.NOT_A_PANORAMA: _(
            "A panorama must be twice as wide as it is high, and at least 2048 pixels wide."
        ),
        Refusal.DRAWING: _(
            "Drawings (SVG) can carry programs and are not taken. Please save it as PNG."
        ),
        Refusal.UNPACKS_TOO_LARGE: _("Unpacked, the file would be too large. Nothing was taken."),
    }
    unit = 60 if refused.why == Refusal.TOO_LONG else 1_000_000
    return sentences[refused.why] % {"most": refused.most // unit}
