"""Dates and times in Vietnamese words. A date that cannot be is left to the numbers."""

import re
from typing import Final

from guides.domain.normalising.vietnamese_numbers import day, month, number

Match = re.Match[str]
DAY_MONTH_YEAR: Final = re.compile(
    r"(?<![\w/.-])((?i:ngày|hôm|mùng|mồng)\s)?(\d{1,2})([/.-])(\d{1,2})\3(\d{4})(?![\w/-])"
)
YEAR_MONTH_DAY: Final = re.compile(r"(?<![\w/.-])((?i:ngày)\s)?(\d{4})-(\d{2})-(\d{2})(?![\w/-])")
DAYS_OF_MONTH: Final = re.compile(
    r"(?<![\w/.-])((?i:ngày|từ|từ ngày)\s)?(\d{1,2})\s?[-–—]\s?(\d{1,2})/(\d{1,2})"
    r"(?:/(\d{4}))?(?![\w/-])"
)
# `ngày 4-5 tháng 9`: its month comes in words.
DAYS_BEFORE_MONTH: Final = re.compile(r"\b((?i:ngày))\s(\d{1,2})\s?[-–—]\s?(\d{1,2})(?=\stháng\b)")
MONTH_YEAR: Final = re.compile(r"(?<![\w/.-])((?i:tháng)\s)?(\d{1,2})/(\d{4})(?![\w/-])")
DAY_MONTH: Final = re.compile(
    r"(?<![\w/.-])((?:(?i:ngày|hôm|mùng|mồng|từ|đến|lễ|khánh|sáng|chiều|tối|đêm|trước|sau|và|qua)\s)?)"
    r"(\d{1,2})/(\d{1,2})(?![\w/-])(?!\s(?:diện tích|số|dân số|tổng|chiều|quãng|phần))"
)
# 30-4 and 30.4 are a day only behind a word for one, or before a calendar.
DAY_DASH_MONTH: Final = re.compile(
    r"(?<!các )(?<!những )\b((?i:ngày|hôm|lễ|khánh|dịp|phóng|mùng|mồng)\s)(\d{1,2})[-.](\d{1,2})"
    r"(?![\w/-]|[.,]\d|\s?[-–—]|\s(?:tháng|Tết))"
)
DAY_OF_CALENDAR: Final = re.compile(
    r"(?<![\w/.-])(ngày )?(\d{1,2})[-/.](\d{1,2})(?=\s(?:âm|dương) lịch)"
)
# `bằng 1/3`, `1/4 thế kỷ`: parts of a whole.
PART_BEFORE: Final = re.compile(
    r"\b(?:bằng|chiếm|khoảng|hơn|gần|chừng|chia|còn|được|quá|cỡ|thành)\s$"
)
PART_AFTER: Final = re.compile(
    r"\s(?:thế kỷ|thế giới|thời gian|của|giá|lượng|khối|chu vi|thân|giờ)\b"
)
MONTH_DASH_YEAR: Final = re.compile(r"\b((?i:tháng)\s\d{1,2})\s?[-.]\s?(?=\d{4}(?!\w))")
MONTHS: Final = re.compile(
    r"\b((?i:tháng)\s\d{1,2})\s?[-–—]\s?(?:tháng\s)?(?=\d{1,2}(?!\d|[-–—/.]\d{1,2}(?!\d)))"
)
DAY_WORD: Final = re.compile(r"\b((?i:ngày))\s(\d{1,2})(\s(?:tháng|và|đến)\b)")
MONTH_WORD: Final = re.compile(r"\b((?i:tháng))\s(\d{1,2})(?![\d.,/:]|\s?(?:đ|%))")
CLOCK: Final = re.compile(r"(?<![\w:.,])(\d{1,2})(?:\s?(?:h|g|giờ)\s?|:)(\d{2})['′]?(?![\w:])")
HOUR: Final = re.compile(r"(?<![\w:.,])(\d{1,2})h(?!\w)")
CLOCK_RANGE: Final = re.compile(
    r"(?<![\w:.,])(\d{1,2}(?:h\d{0,2}|:\d{2}))\s?[-–—]\s?(\d{1,2}(?:h\d{0,2}|:\d{2}))(?!\w)"
)
DATE_RANGE: Final = re.compile(r"(\d{1,2}/\d{1,2}(?:/\d{4})?|\d{1,2}/\d{4})\s?[-–—]\s?(?=\d{1,2}/)")


def dates(text: str) -> str:
    """Say dates; days before months, as they are written here."""
    text = MONTHS.sub(r"\1 đến tháng ", MONTH_DASH_YEAR.sub(r"\1/", text))
    text = DATE_RANGE.sub(r"\1 đến ", text)
    text = YEAR_MONTH_DAY.sub(lambda m: _date(m, *m.group(4, 3, 2)), text)
    text = DAY_MONTH_YEAR.sub(lambda m: _date(m, *m.group(2, 4, 5)), text)
    text = DAYS_OF_MONTH.sub(_days, text)
    text = DAYS_BEFORE_MONTH.sub(lambda m: f"{m[1]} {_day(m[2])} đến {_day(m[3])}", text)
    text = MONTH_YEAR.sub(_month_of_year, text)
    for short in (DAY_OF_CALENDAR, DAY_DASH_MONTH, DAY_MONTH):
        text = short.sub(_day_and_month, text)
    text = DAY_WORD.sub(lambda m: f"{m.group(1)} {_day(m.group(2))}{m.group(3)}", text)
    return MONTH_WORD.sub(lambda m: f"{m.group(1)} {_month(m.group(2))}", text)


def _date(found: Match, of_day: str, of_month: str, of_year: str) -> str:
    if not _can_be(of_day, of_month):
        return found.group(0)
    word = (found.group(1) or "ngày ").strip()
    # `mùng 1/5`: the word for the first ten days is there already.
    said = number(int(of_day)) if word.lower() in {"mùng", "mồng"} else day(int(of_day))
    return f"{word} {said} tháng {month(int(of_month))} năm {number(int(of_year))}"


def _days(found: Match) -> str:
    word, first, last, of_month, of_year = found.groups()
    if not (_can_be(first, of_month) and _can_be(last, of_month)):
        return found.group(0)
    head = "từ ngày" if (word or "").strip().lower().startswith("từ") else "ngày"
    year = f" năm {number(int(of_year))}" if of_year else ""
    return f"{head} {day(int(first))} đến {day(int(last))} tháng {month(int(of_month))}{year}"


def _month_of_year(found: Match) -> str:
    if not 1 <= int(found.group(2)) <= 12:
        return found.group(0)
    word = (found.group(1) or "tháng ").strip()
    return f"{word} {month(int(found.group(2)))} năm {number(int(found.group(3)))}"


def _day_and_month(found: Match) -> str:
    word, of_day, of_month = (found.group(1) or "").strip(), found.group(2), found.group(3)
    if not _can_be(of_day, of_month) or (not word and _part_of_a_whole(found)):
        return found.group(0)
    said = f"{day(int(of_day))} tháng {month(int(of_month))}"
    if word.lower() == "ngày":
        return f"{word} {said}"
    if word.lower() in {"mùng", "mồng"}:
        return f"{word} {number(int(of_day))} tháng {month(int(of_month))}"
    return f"{word} ngày {said}".strip()


def _part_of_a_whole(found: Match) -> bool:
    before, after = found.string[: found.start()], found.string[found.end() :]
    part = PART_BEFORE.search(before) or PART_AFTER.match(after)
    return part is not None and int(found.group(2)) < int(found.group(3)) <= 10


def _can_be(of_day: str, of_month: str) -> bool:
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(int(of_month), 31)
    return 1 <= int(of_month) <= 12 and 1 <= int(of_day) <= longest


def _day(written: str) -> str:
    return day(int(written)) if 1 <= int(written) <= 31 else written


def _month(written: str) -> str:
    return month(int(written)) if 1 <= int(written) <= 12 else written


def times(text: str) -> str:
    """Say times of the day: 7h30 and 07:30, 17h."""
    text = CLOCK_RANGE.sub(r"\1 đến \2", text)
    text = CLOCK.sub(_clock, text)
    return HOUR.sub(lambda m: f"{number(int(m.group(1)))} giờ", text)


def _clock(found: Match) -> str:
    hour, minute = int(found.group(1)), int(found.group(2))
    if hour > 24 or minute > 59:
        return found.group(0)
    said = f"{number(hour)} giờ"
    return f"{said} {number(minute)}" if minute else said
