"""Which words a reader gets when a text is not there in their language."""

from collections.abc import Iterable, Mapping


def fallback(language: str) -> tuple[str, ...]:
    """The languages that are tried, in this order."""
    return tuple(dict.fromkeys((language, "en", "vi")))


def worded(texts: Mapping[str, str], language: str) -> str:
    """The text in the first language that has one, else nothing."""
    return next((texts[tried] for tried in fallback(language) if texts.get(tried)), "")


def by_language(rows: Iterable[tuple[int, str, str]], language: str) -> dict[int, str]:
    """Of rows (object, language, text): the one text of each object to show."""
    texts: dict[int, dict[str, str]] = {}
    for key, spoken, text in rows:
        texts.setdefault(key, {})[spoken] = text
    return {key: worded(spoken, language) for key, spoken in texts.items()}
