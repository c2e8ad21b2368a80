"""Vietnamese as it is said. Each step takes what the next ones would read wrongly."""

import re
from collections.abc import Callable
from typing import Final

from guides.domain.normalising import vietnamese_dates as dates
from guides.domain.normalising import vietnamese_figures as figures
from guides.domain.normalising import vietnamese_numbers as numbers
from guides.domain.normalising import vietnamese_words as words

Match = re.Match[str]
# 24.313 or 1.234.567, 3,5 and 12; a comma before three figures is still a decimal comma here.
NUMBER: Final = r"(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?"
LETTER: Final = r"[^\W\d_]"
CENTURY: Final = r"[IVXLCDM]+"

BEFORE_ROMAN: Final = (
    "thế kỷ|thế kỉ|thiên niên kỷ|chương|phần|quyển|tập|khóa|kỳ|kỷ|đời|hồi|hạng|cấp|loại|thứ"
    "|lần thứ|đại hội|mục|điều|bậc|quý|khu|vùng|giai đoạn|đợt"
)
# Kings whose number belongs to the name; those of Huế have none.
KINGS: Final = (
    "Louis|Napoléon|Napoleon|Henri|Charles|Philippe|François|Pius|Piô|Gioan Phaolô|Bênêđictô"
    "|Rama|Elizabeth|George|Wilhelm|Pyotr|Nikolai|Aleksandr|Sultan|Ramesses"
)
ROMAN_AFTER_WORD: Final = re.compile(
    rf"\b((?i:{BEFORE_ROMAN})) ({CENTURY})(?:\s?[-–—]\s?({CENTURY}))?\b"
)
ROMAN_AND: Final = re.compile(
    rf"\b((?i:thế kỷ|thế kỉ) [\w ]{{1,24}}? (?:và|đến|hay)) ({CENTURY})\b"
)
ROMAN_OF_KING: Final = re.compile(rf"\b({KINGS})(?: đệ)? ({CENTURY})\b")
ORDINAL: Final = re.compile(r"\b((?i:thứ|hạng)) (\d{1,3})\b(?![.,]\d)")
RANGE: Final = re.compile(rf"(?<![\w.,/-])({NUMBER})\s?[-–—]\s?({NUMBER})(?![\w/-]*\d)")
UNIT: Final = re.compile(
    rf"({NUMBER})\s?({'|'.join(re.escape(u) for u in sorted(words.UNITS, key=len, reverse=True))})"
    rf"(?!\w)"
)
UNIT_OF_THOUSANDS: Final = re.compile(r"\b(nghìn|ngàn|triệu|tỷ|tỉ)\s?(VNĐ|VND|đ|₫|USD)(?!\w)")
MONEY_BEFORE: Final = re.compile(rf"(US\$|[$€£])\s?({NUMBER})((?: (?:nghìn|triệu|tỷ|tỉ))?)")
ANY_ABBREVIATION: Final = "|".join(
    re.escape(one) for one in sorted(words.ABBREVIATIONS, key=len, reverse=True)
)
ABBREVIATION: Final = re.compile(rf"(?<!\w)({ANY_ABBREVIATION})(?!{LETTER})")
# `TP.Huế`, `Q.1`: the point stands for the space.
GLUED: Final = re.compile(rf"(?<!\w)(TP|Tp|TX|TT|Q|P|H|GS|TS|PGS|ThS|BS|KTS)\.(?={LETTER}{{2}}|\d)")
PLAIN: Final = re.compile(rf"(?<![\d])(-?)({NUMBER})(?![\d])")
FRACTION: Final = re.compile(r"(?<![\w/.,])(\d{1,3})/(\d{1,3})(?![\w/])")


def vietnamese(text: str) -> str:
    """Write out everything that is not a word."""
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

    spaced = GLUED.sub(r"\1. ", text)
    for apart, together in words.TOGETHER.items():
        spaced = spaced.replace(apart, together)
    return ABBREVIATION.sub(said, spaced)


def _romans(text: str) -> str:
    def one(letters: str, *, after: str) -> str:
        value = numbers.roman(letters)
        if value is None:
            return letters
        ordered = after.lower().endswith("thứ")
        return numbers.ordinal(value) if ordered else numbers.number(value)

    def after_word(found: Match) -> str:
        said = f"{found.group(1)} {one(found.group(2), after=found.group(1))}"
        return f"{said} đến {one(found.group(3), after='')}" if found.group(3) else said

    def last(found: Match) -> str:
        return f"{found.group(1)} {one(found.group(2), after=found.group(1))}"

    return ROMAN_OF_KING.sub(last, ROMAN_AND.sub(last, ROMAN_AFTER_WORD.sub(after_word, text)))


def _ordinals(text: str) -> str:
    return ORDINAL.sub(lambda m: f"{m.group(1)} {numbers.ordinal(int(m.group(2)))}", text)


def _money(text: str) -> str:
    def before(found: Match) -> str:
        currency = words.CURRENCIES_BEFORE[found.group(1)]
        return f"{said_number(found.group(2))}{found.group(3)} {currency}"

    text = MONEY_BEFORE.sub(before, text)
    return UNIT_OF_THOUSANDS.sub(lambda m: f"{m.group(1)} {words.UNITS[m.group(2)]}", text)


def _ranges(text: str) -> str:
    return RANGE.sub(r"\1 đến \2", text)


def _units(text: str) -> str:
    return UNIT.sub(lambda m: f"{said_number(m.group(1))} {words.UNITS[m.group(2)]}", text)


def _fractions(text: str) -> str:
    def said(found: Match) -> str:
        return f"{numbers.number(int(found.group(1)))} phần {numbers.number(int(found.group(2)))}"

    return FRACTION.sub(said, text)


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
    for sign, word in words.SIGNS.items():
        text = text.replace(sign, word)
    return re.sub(r"\s[-–—]\s", ", ", text)


STEPS: Final[tuple[Callable[[str], str], ...]] = (
    figures.figures,
    _abbreviations,
    _romans,
    dates.dates,
    dates.times,
    _ordinals,
    _money,
    _ranges,
    _units,
    _fractions,
    _plain_numbers,
    _signs,
)
