"""Roman numbers: read where one is meant, since `DI`, `MM` and `VI` are words too."""

import re
from typing import Final

from guides.domain.normalising.vietnamese_numbers import after_de, number, ordinal, roman

Match = re.Match[str]
ROMAN: Final = r"[IVXLCDM]+"

BEFORE: Final = (
    "thế kỷ|thế kỉ|thiên niên kỷ|chương|phần|quyển|tập|khóa|kỳ|kỷ|đời|hồi|hạng|cấp|loại|thứ"
    "|lần thứ|đại hội|mục|điều|bậc|quý|khu|vùng|giai đoạn|đợt|thế chiến|chiến tranh thế giới"
)
# Kings whose number belongs to the name; those of Huế have none.
KINGS: Final = (
    "Louis|Napoléon|Napoleon|Henri|Charles|Philippe|François|Pius|Piô|Gioan Phaolô|Bênêđictô"
    "|Rama|Elizabeth|George|Wilhelm|Pyotr|Nikolai|Aleksandr|Sultan|Ramesses|Henry|Edward|James"
    "|William|Leopold|Friedrich|Ekaterina|Norodom|Franz Joseph|Phaolô|Lêô|Felipe"
)
JOINED: Final = r"(?:, ?| và | hay | hoặc | đến |\s?[-–—]\s?)"
# `các thế kỷ XVII, XVIII và XIX`: one word before all of them.
AFTER_WORD: Final = re.compile(rf"\b((?i:{BEFORE})) ({ROMAN}(?:{JOINED}[IVX]+\b)*)(?!\w)")
AND: Final = re.compile(rf"\b((?i:thế kỷ|thế kỉ) [\w ]{{1,24}}? (?:và|đến|hay)) ({ROMAN})\b")
OF_KING: Final = re.compile(rf"\b({KINGS})(?: (đệ|thứ))? ({ROMAN})\b")
CROWNED: Final = re.compile(
    r"\b((?i:vua|hoàng đế|nữ hoàng|giáo hoàng|quốc vương|sa hoàng)"
    r"(?: (?!VI|XI)[^\W\da-z_]\w*(?<![IVX])){1,3}) (I|V|X|VI|XI)\b"
)
HEADING: Final = re.compile(r"(?m)^([IVX]{1,5})(?=\.\s)")
# Two letters or more make a number by themselves, but for those that are words in capitals.
ALONE: Final = re.compile(r"(?<![\w.])(?!(?:VI|XI)\b)([IVX]{2,})(?!\w)")


def romans(text: str) -> str:
    """Say Roman numbers in words; what is no number stays."""
    text = OF_KING.sub(_of_king, AND.sub(_last, AFTER_WORD.sub(_after_word, text)))
    text = HEADING.sub(_alone, CROWNED.sub(_last, text))
    return ALONE.sub(_alone, text)


def _one(letters: str, *, after: str) -> str:
    value = roman(letters)
    if value is None:
        return letters
    if after.lower() == "đệ":
        return after_de(value)
    return ordinal(value) if after.lower().endswith(("thứ", "hạng")) else number(value)


def _after_word(found: Match) -> str:
    word, several = found.groups()
    several = re.sub(r"\s?[-–—]\s?", " đến ", several)
    first, *others = re.split(r"\b", several.strip())[1:]
    said = _one(first, after=word) + "".join(
        _one(part, after="") if re.fullmatch(ROMAN, part) else part for part in others
    )
    return f"{word} {said}"


def _last(found: Match) -> str:
    return f"{found.group(1)} {_one(found.group(2), after=found.group(1))}"


def _of_king(found: Match) -> str:
    name, word, letters = found.groups()
    return " ".join(filter(None, (name, word, _one(letters, after=word or ""))))


def _alone(found: Match) -> str:
    return _one(found.group(1), after="")
