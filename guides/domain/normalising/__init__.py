"""What is written becomes what is said: engines guess at numbers and dates, and guess wrongly.

`to_say` is the one door. Vietnamese is written out here; other languages keep their numbers,
which their voices read rightly, and have only what no voice may stumble over taken out.
"""

from guides.domain.normalising.cleaning import clean, readings
from guides.domain.normalising.vietnamese import vietnamese

__all__ = ["to_say"]


def to_say(*, text: str, language: str) -> str:
    """Return the text as a voice should say it; the same text always gives the same."""
    plain = clean(text)
    if language == "vi":
        return vietnamese(plain)
    return readings(plain) if language == "ja" else plain
