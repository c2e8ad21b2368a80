"""What holds for every language: no marks that a voice would read out or stumble over."""

import re
import unicodedata
from typing import Final

# Zero-width marks, soft hyphens, directions: invisible, and read as a pause or a letter.
UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LINK: Final = re.compile(r"(?:https?://|\bwww\.)\S+?(?=[.,;:!?)]*(?:\s|$))")
# *emphasis*, `code`, # headings: what people paste from elsewhere.
MARKUP: Final = re.compile(r"[*_`#|\\^~]+")
# 皇城《こうじょう》: the reading after the characters, as books for children print it.
READING: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々]+《([\u3040-\u30ff]+)》")


def clean(text: str) -> str:
    """Compose the letters, take out what is not said, keep the division into lines."""
    plain = CONTROL.sub(" ", UNSEEN.sub("", unicodedata.normalize("NFC", text)))
    plain = MARKUP.sub(" ", LINK.sub(" ", plain))
    lines = (re.sub(r"[ \t\u00a0\u2000-\u200a\u3000]+", " ", line) for line in plain.split("\n"))
    return "\n".join(line.strip() for line in lines if line.strip())


def readings(text: str) -> str:
    """Say the kana that stand after Chinese characters in place of them."""
    return READING.sub(r"\1", text)
