"""Vietnamese as it is said. Each step takes what the next ones would read wrongly."""

import re
from collections.abc import Callable
from typing import Final

from guides.domain.normalising import vietnamese_dates as dates
from guides.domain.normalising import vietnamese_figures as figures
from guides.domain.normalising import vietnamese_numbers as numbers
from guides.domain.normalising import vietnamese_romans as romans
from guides.domain.normalising import vietnamese_words as words

Match = re.Match[str]
# 24.313 or 1.234.567, 3,5 and 12; a comma before three figures is still a decimal comma here.
NUMBER: Final = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
LETTER: Final = r"[^\W\d_]"

ORDINAL: Final = re.compile(r"\b((?i:thứ|hạng)) (\d{1,3})\b(?![.,]\d)")
RANGE: Final = re.compile(rf"(?<![\w.,/-])({NUMBER})\s?[-–—]\s?({NUMBER})(?![\w/-]*\d)")
ANY_UNIT: Final = "|".join(re.escape(one) for one in sorted(words.UNITS, key=len, reverse=True))
UNIT: Final = re.compile(rf"((?<![^\s(])-)?({NUMBER})\s?({ANY_UNIT})(?!\w)")
UNIT_RANGE: Final = re.compile(
    rf"({NUMBER}\s?(?:{ANY_UNIT}))\s?[-–—]\s?(?={NUMBER}\s?(?:{ANY_UNIT})(?!\w))"
)
UNIT_OF_MANY: Final = re.compile(
    r"\b(nghìn|ngàn|vạn|triệu|trăm|chục|vài|mấy|mỗi|nửa)\s(km²|km2|km|m²|m2|m³|m3|m|ha|kg|cm)(?!\w)"
)
UNIT_OF_THOUSANDS: Final = re.compile(r"\b(nghìn|ngàn|triệu|tỷ|tỉ)\s?(VNĐ|VND|đ|₫|USD)(?!\w)")
MONEY_BEFORE: Final = re.compile(
    rf"(US\$|[$€£]|\b(?:USD|VNĐ|VND|EUR))\s?({NUMBER})((?: (?:nghìn|triệu|tỷ|tỉ))?)"
)
ANY_ABBREVIATION: Final = "|".join(
    re.escape(one) for one in sorted(words.ABBREVIATIONS, key=len, reverse=True)
)
ABBREVIATION: Final = re.compile(rf"(?<!\w)({ANY_ABBREVIATION})(?!{LETTER})")
# `TP.Huế`, `Q.1`: the point stands for the space.
GLUED: Final = re.compile(
    rf"(?<!\w)(TP|Tp|tp|TX|TT|Q|P|H|GS|TS|PGS|ThS|BS|KTS|TK)\.(?={LETTER}{{2}}|\d)"
)
CENTURY_SHORT: Final = re.compile(r"\b[Tt]k\.?\s?(?=[IVX]+\b|\d)")
# `H.1` is a picture; `ông X.` hides a name.
PICTURE: Final = re.compile(r"(?<!\w)H\.\s?(?=\d)")
INITIAL: Final = re.compile(r"\b((?i:ông|bà|anh|chị|cô|em|cụ|bác) [A-ZĐ])\.(?= )")
PLAIN: Final = re.compile(rf"(?<![\d])(-?)({NUMBER})(?![\d])")
FRACTION: Final = re.compile(r"(?<![\w/.,])(\d{1,3})/([1-9]\d{0,2}(?:\.\d{3})+|\d{1,3})(?![\w/])")
RATIO: Final = re.compile(r"(?<![\w:.,])(\d+):(\d+)(?![\w:])")
# 200.000đ/vé, 300 khách/ngày: for one of them; between other words it is a pause.
FOR_ONE: Final = re.compile(
    r"\b(đồng|đô la|đô la Mỹ|ơ rô|nghìn|khách|lượt|người|vé|suất|giờ|chuyến|lần|ki lô mét)\s?/\s?"
    r"(?=(?:người|lượt|vé|ngày|giờ|phút|tháng|năm|lần|khách|nhóm|đoàn|chuyến|suất|xe|đêm|tuần)\b)"
)
BETWEEN_WORDS: Final = re.compile(rf"(?<={LETTER})/(?={LETTER})")


def vietnamese(text: str) -> str:
    """Write out everything that is not a word."""
    text = text.replace("\u2212", "-")
    for step in STEPS:
        text = step(text)
    text = re.sub(r"[ \t]+([,.;:!?…)])", r"\1", re.sub(r"[ \t]+", " ", text))
    return "\n".join(line.strip() for line in text.split("\n"))


def _abbreviations(text: str) -> str:
    def said(found: Match) -> str:
        word, after = words.ABBREVIATIONS[found.group(1)], found.string[found.end() :]
        # The point of `v.v.` ends the sentence too.
        if not after.strip():
            return f"{word}." if found.group(1).endswith(".") else word
        return f"{word} " if after[0].isalnum() else word

    text = CENTURY_SHORT.sub("thế kỷ ", text)
    spaced = GLUED.sub(r"\1. ", PICTURE.sub("hình ", INITIAL.sub(r"\1", text)))
    for apart, together in words.TOGETHER.items():
        spaced = spaced.replace(apart, together)
    return ABBREVIATION.sub(said, spaced)


def _ordinals(text: str) -> str:
    return ORDINAL.sub(lambda m: f"{m.group(1)} {numbers.ordinal(int(m.group(2)))}", text)


def _money(text: str) -> str:
    def before(found: Match) -> str:
        currency = words.CURRENCIES_BEFORE[found.group(1)]
        return f"{said_number(found.group(2))}{found.group(3)} {currency}"

    text = MONEY_BEFORE.sub(before, text)
    return UNIT_OF_THOUSANDS.sub(lambda m: f"{m.group(1)} {words.UNITS[m.group(2)]}", text)


def _ranges(text: str) -> str:
    return UNIT_RANGE.sub(r"\1 đến ", RANGE.sub(r"\1 đến \2", text))


def _units(text: str) -> str:
    def said(found: Match) -> str:
        sign = "âm " if found.group(1) else ""
        return f"{sign}{said_number(found.group(2))} {words.UNITS[found.group(3)]}"

    text = UNIT_OF_MANY.sub(lambda m: f"{m.group(1)} {words.UNITS[m.group(2)]}", text)
    return UNIT.sub(said, text)


def _fractions(text: str) -> str:
    def said(found: Match) -> str:
        return f"{said_number(found.group(1))} phần {said_number(found.group(2))}"

    return FRACTION.sub(said, RATIO.sub(r"\1 trên \2", text))


def _plain_numbers(text: str) -> str:
    def said(found: Match) -> str:
        before = found.string[max(found.start() - 1, 0) : found.start()]
        after = found.string[found.end() : found.end() + 1]
        # `Covid-19` is no negative number.
        sign = "âm " if not before.strip() else " "
        head = sign if found.group(1) else " " if before.isalpha() else ""
        return f"{head}{said_number(found.group(2))}{' ' if after.isalpha() else ''}"

    return PLAIN.sub(said, text)


def said_number(written: str) -> str:
    """Say a number as it is written: points divide thousands, a comma begins the fraction."""
    whole, _comma, fraction = written.replace(".", "").partition(",")
    if fraction:
        return numbers.decimal(whole, fraction)
    # A telephone number, or the number of a car: no figure of it is lost.
    if len(whole) > 1 and whole.startswith("0"):
        return numbers.digits(whole)
    return numbers.number(int(whole))


def _signs(text: str) -> str:
    text = BETWEEN_WORDS.sub(", ", FOR_ONE.sub(r"\1 một ", text))
    for sign, word in words.SIGNS.items():
        text = text.replace(sign, word)
    return re.sub(r"\s[-–—]\s", ", ", text)


STEPS: Final[tuple[Callable[[str], str], ...]] = (
    figures.figures,
    _abbreviations,
    romans.romans,
    dates.dates,
    dates.times,
    figures.points,
    _ordinals,
    _money,
    _ranges,
    _units,
    _fractions,
    _plain_numbers,
    _signs,
)
