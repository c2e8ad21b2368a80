"""Numbers in Vietnamese words."""

from typing import Final

DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
# Of each group of three from the right; a thousand million is one more million.
GROUPS: Final = ("", "nghìn", "triệu")
BILLION: Final = "tỷ"


def number(value: int) -> str:
    """Say a whole number: 24313 is `hai mươi bốn nghìn ba trăm mười ba`."""
    if value < 0:
        return f"âm {number(-value)}"
    if value < 10:
        return DIGITS[value]
    billions, rest = divmod(value, 1_000_000_000)
    if not billions:
        return _below_billion(rest, whole=False)
    said = f"{number(billions)} {BILLION}"
    return f"{said} {_below_billion(rest, whole=True)}" if rest else said


def _below_billion(value: int, *, whole: bool) -> str:
    """Say the groups of three; `whole` when something stands before them."""
    words: list[str] = []
    for place in (2, 1, 0):
        group = value // 1000**place % 1000
        if group:
            words += [_three(group, whole=whole or bool(words)), GROUPS[place]]
    return " ".join(word for word in words if word)


def _three(value: int, *, whole: bool) -> str:
    """Say three figures; with something before them, the zeros too."""
    hundreds, rest = divmod(value, 100)
    if not hundreds and not whole:
        return _two(rest)
    words = f"{DIGITS[hundreds]} trăm"
    if not rest:
        return words
    return f"{words} lẻ {DIGITS[rest]}" if rest < 10 else f"{words} {_two(rest)}"


def _two(value: int) -> str:
    tens, ones = divmod(value, 10)
    if not tens:
        return DIGITS[ones]
    words = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if not ones:
        return words
    if ones == 5:
        return f"{words} lăm"
    return f"{words} mốt" if ones == 1 and tens > 1 else f"{words} {DIGITS[ones]}"


def digits(text: str) -> str:
    """Say figure by figure: telephone numbers and what follows a comma with a zero."""
    return " ".join(DIGITS[int(one)] for one in text if one.isdecimal())


def decimal(whole: str, fraction: str) -> str:
    """Say `3,5` as `ba phẩy năm` and `3,05` as `ba phẩy không năm`."""
    # `3,1415`: nobody says thousands behind the comma.
    by_figure = fraction.startswith("0") or len(fraction) > 3
    after = digits(fraction) if by_figure else number(int(fraction))
    return f"{number(int(whole))} phẩy {after}"


def ordinal(value: int) -> str:
    """Say what stands after `thứ`: the first and the fourth have words of their own."""
    return {1: "nhất", 4: "tư"}.get(value, number(value))


def after_de(value: int) -> str:
    """Say what stands after `đệ`, the learned word for an ordinal."""
    learned = ("nhất", "nhị", "tam", "tứ", "ngũ", "lục", "thất", "bát", "cửu", "thập")
    return learned[value - 1] if 1 <= value <= len(learned) else number(value)


def month(value: int) -> str:
    return "tư" if value == 4 else number(value)


def day(value: int) -> str:
    """Say a day of a month: up to the tenth with `mùng`."""
    return f"mùng {number(value)}" if value <= 10 else number(value)


ROMAN: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def roman(letters: str) -> int | None:
    """Read a Roman number; nothing when the letters do not make one."""
    values = [ROMAN[letter] for letter in letters]
    total = sum(
        -value if any(later > value for later in values[place + 1 : place + 2]) else value
        for place, value in enumerate(values)
    )
    return total if total > 0 and to_roman(total) == letters else None


def to_roman(value: int) -> str:
    steps = (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L")
    more = (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")
    written = ""
    for size, letters in (*steps, *more):
        written += letters * (value // size)
        value %= size
    return written
