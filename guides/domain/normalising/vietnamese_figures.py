"""Figures that are no plain number: of telephones, of measures, of laws, of years until today."""

import re
from typing import Final

from guides.domain.normalising.vietnamese_numbers import digits, ordinal

Match = re.Match[str]
# 0234 3823 529 or (+84) 234.3823.529: said figure by figure, so that somebody can dial it.
PHONE: Final = re.compile(
    r"(?<![\w.,/-])(?:(?:(\()?(\+84)(?(1)\))[ .-]?\d{2,3}|0[1-9]\d{1,3})(?:[ .-]\d{1,7}){1,3}"
    r"|\+84\d{8,10}|0\d{9,10}|(?<!năm )1[89]00[ .]?\d{4}(?:\d\d)?)(?![\w/]|[.,-]\d)"
)
EMERGENCY: Final = re.compile(
    r"\b((?i:gọi|tổng đài|hotline|số máy|đường dây nóng))"
    r"((?:(?:,? |: | hoặc | và |, |/)(?:số )?11[1-9]\b)+)"
)
# 1 000 000: one group alone may as well be two numbers beside each other.
SPACED: Final = re.compile(r"(?<![\d.,/-])([1-9]\d{0,2}(?: \d{3}){2,})(?![\d.,/])")
TIMES: Final = re.compile(r"(?:(?<=[\dm²])|(?<=mét)) ?[x×] ?(?=\d)")
UNTIL_TODAY: Final = re.compile(r"(\d{4})\s?[-–—]\s?(nay|hiện nay)\b")
# 1916-17: the century is written once.
SAME_CENTURY: Final = re.compile(r"(?<![\w.,/-])(1\d|20)(\d\d)\s?[-–]\s?(\d\d)(?![\w/-]|[.,]\d)")
# 5m50: half a metre more; 3m2 is an area.
METRES: Final = re.compile(r"(?<![\w.,])(\d{1,3})m(\d{2}|[014-9])(?!\w)")
KILOMETRE_STONE: Final = re.compile(r"(?<!\w)(?<!\d )[Kk][Mm]\s?(?=\d)")
ANGLE: Final = re.compile(r"(\d+)\s?[°º]\s?(\d+)\s?['′](?:\s?(\d+(?:[.,]\d+)?)\s?[\"″])?")
DEGREES: Final = re.compile(r"(?<=\d)\s?º(?!C)")
WEEK: Final = re.compile(r"\bT([2-7])\s?[-–—]\s?(?:T([2-7])|CN)\b")
# 1,234,567: two commas divide thousands, as in English; one begins a fraction.
COMMAS: Final = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3}){2,}(?![\d,])")
QUARTER: Final = re.compile(r"\b((?i:quý|kỳ|đợt) (?:IV|I{1,3}|[1-4]))/(?=\d{4})")
MONTH_SHORT: Final = re.compile(r"\bT(\d{1,2})/(?=\d{4}\b)")
# 144/2018/NĐ-CP, 821/QĐ-TTg, `Luật số 5/2024`: numbers of papers, not dates.
PAPER: Final = re.compile(r"(?<![\w/])(\d{1,5})/(?:(\d{4})/)?(?=[A-ZĐ]{2,})")
NUMBER_OF_YEAR: Final = re.compile(
    r"\b((?i:số|luật|nghị định|quyết định|thông tư|nghị quyết|chỉ thị)) (\d{1,5})/(\d{4})\b"
)
# 12/3 Lê Lợi; round the clock.
HOUSE: Final = re.compile(r"\b((?i:số nhà|số|kiệt|ngõ|hẻm|nhà)) (\d+[A-Z]?)/(\d+)(?![\w/])")
ROUND_THE_CLOCK: Final = re.compile(r"(?<![\w/])24/(24|7)(?![\w/])")
MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
MORE: Final = re.compile(r"(?<!\S)>\s?(?=\d)")
LESS: Final = re.compile(r"(?<!\S)<\s?(?=\d)")
POINTED: Final = re.compile(r"(?<![\d.,])\d+(?:\.\d+)+(?!\d)")
THOUSANDS: Final = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
OF_A_PART: Final = re.compile(r"(?i:mục|bảng|hình|chương|khoản|phần|tiết|bài|điểm|phiên bản)\s$")


def figures(text: str) -> str:
    """Take apart what would be read as other numbers."""
    text = MAIL.sub(lambda m: m.group().replace("@", " a còng ").replace(".", " chấm "), text)
    text = SPACED.sub(lambda m: m.group(1).replace(" ", ""), text)
    text = COMMAS.sub(lambda m: m.group().replace(",", ""), WEEK.sub(_week, text))
    text = EMERGENCY.sub(_emergency, PHONE.sub(_dialled, text))
    text = MORE.sub("hơn ", LESS.sub("dưới ", text))
    text = SAME_CENTURY.sub(_same_century, UNTIL_TODAY.sub(r"\1 đến \2", text))
    text = KILOMETRE_STONE.sub("ki lô mét ", METRES.sub(r"\1 mét \2", text))
    text = DEGREES.sub(" độ", ANGLE.sub(_angle, text))
    return _papers(TIMES.sub(" nhân ", QUARTER.sub(r"\1 năm ", text)))


def points(text: str) -> str:
    """Say points that do not divide thousands: 3.5 is `3,5`, part 3.2 is `3 chấm 2`."""

    def said(found: Match) -> str:
        figure, before = found.group(), text[: found.start()]
        if THOUSANDS.fullmatch(figure):
            return figure
        heads_a_line = not before.rpartition("\n")[2] and text[found.end() :].startswith(". ")
        if figure.count(".") == 1 and not OF_A_PART.search(before) and not heads_a_line:
            return figure.replace(".", ",")
        return figure.replace(".", " chấm ")

    return POINTED.sub(said, text)


def _papers(text: str) -> str:
    text = PAPER.sub(lambda m: f"{m[1]} năm {m[2]}, " if m[2] else f"{m[1]}, ", text)
    text = NUMBER_OF_YEAR.sub(r"\1 \2 năm \3", MONTH_SHORT.sub(r"tháng \1/", text))
    return HOUSE.sub(r"\1 \2 trên \3", ROUND_THE_CLOCK.sub(r"24 trên \1", text))


def _dialled(found: Match) -> str:
    written = found.group().removeprefix("(").removeprefix("+84")
    if not 8 <= len(re.findall(r"\d", found.group())) <= 13:
        return found.group()
    groups = [part for group in re.findall(r"\d+", written) for part in _in_breath(group)]
    if found.group().startswith(("(+84", "+84")):
        return f"cộng {digits('84')}, " + ", ".join(digits(group) for group in groups)
    return ", ".join(digits(group) for group in groups)


def _week(found: Match) -> str:
    last = f"thứ {ordinal(int(found.group(2)))}" if found.group(2) else "chủ nhật"
    return f"thứ {ordinal(int(found.group(1)))} đến {last}"


def _in_breath(group: str) -> list[str]:
    """Part a long row of figures as people say it: four, then by three."""
    if len(group) <= 5:
        return [group]
    first = len(group) % 3 or 3
    first = first + 3 if first < 3 else first
    return [group[:first], *(group[at : at + 3] for at in range(first, len(group), 3))]


def _emergency(found: Match) -> str:
    return found.group(1) + re.sub(r"11\d", lambda m: digits(m.group()), found.group(2))


def _same_century(found: Match) -> str:
    century, first, last = found.groups()
    if int(last) <= int(first):
        return found.group()
    return f"{century}{first} đến {century}{last}"


def _angle(found: Match) -> str:
    said = f"{found.group(1)} độ {found.group(2)} phút "
    return f"{said}{found.group(3)} giây " if found.group(3) else said
