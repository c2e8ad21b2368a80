"""Figures that are no plain number: of telephones, of measures, of years until today."""

import re
from typing import Final

from guides.domain.normalising.vietnamese_numbers import digits

# 0234 3823 529 or (+84) 234.3823.529: said figure by figure, so that somebody can dial it.
PHONE: Final = re.compile(
    r"(?<![\w.,/-])(?:(\()?(\+84)(?(1)\))[ .-]?\d{2,3}|0[1-9]\d{1,3})"
    r"(?:[ .-]\d{2,4}){1,3}(?![\w/]|[.,-]\d)"
)
# 1 000 000: one group alone may as well be two numbers beside each other.
SPACED: Final = re.compile(r"(?<![\d.,/-])([1-9]\d{0,2}(?: \d{3}){2,})(?![\d.,/])")
TIMES: Final = re.compile(r"(?<=[\dm²]) ?[x×] ?(?=\d)")
UNTIL_TODAY: Final = re.compile(r"(\d{4})\s?[-–—]\s?(nay|hiện nay)\b")
# 5m50: half a metre more.
METRES: Final = re.compile(r"(?<![\w.,])(\d{1,3})m(\d{2})(?!\w)")
DEGREES: Final = re.compile(r"(?<=\d)\s?º(?!C)")
QUARTER: Final = re.compile(r"\b((?i:quý) (?:IV|I{1,3}|[1-4]))/(?=\d{4})")


def figures(text: str) -> str:
    """Take apart what would be read as other numbers."""
    text = SPACED.sub(lambda m: m.group(1).replace(" ", ""), text)
    text = PHONE.sub(_dialled, text)
    text = UNTIL_TODAY.sub(r"\1 đến \2", text)
    text = METRES.sub(r"\1 mét \2", text)
    text = DEGREES.sub(" độ", text)
    return TIMES.sub(" nhân ", QUARTER.sub(r"\1 năm ", text))


def _dialled(found: re.Match[str]) -> str:
    groups = re.findall(r"\d+", found.group())
    said = ", ".join(digits(group) for group in groups)
    return f"cộng {said}" if found.group(2) else said
