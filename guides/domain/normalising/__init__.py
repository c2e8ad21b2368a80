"""What is written becomes what is said: engines guess at numbers and dates, and guess wrongly.

`to_say` is the one door. Vietnamese is written out here; other languages keep their numbers,
which their voices read rightly, and have only what no voice may stumble over taken out.
"""

import re
from typing import Final

from guides.domain.normalising.cleaning import clean, readings
from guides.domain.normalising.vietnamese import vietnamese

__all__ = ["to_say"]

ABOUT: Final = re.compile(r"(?<![\w~])~\s?(?=\d)")


def to_say(*, text: str, language: str) -> str:
    """Return the text as a voice should say it; the same text always gives the same."""
    if language == "vi":
        # Before marks are cleaned away: `~500` is said with its doubt.
        return vietnamese(clean(ABOUT.sub("khoảng ", text)))
    plain = clean(text)
    return readings(plain) if language == "ja" else plain
