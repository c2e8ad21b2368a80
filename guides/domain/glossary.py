"""How names are said: a voice reads a Vietnamese name by the rules of its own language.

The shipped names (`guides/data/speech/names.yaml`) hold for all; a site's own go before them.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

NAMES = Path(__file__).resolve().parents[1] / "data" / "speech" / "names.yaml"


def with_names_said(text: str, *, language: str, own: Mapping[str, str] | None = None) -> str:
    """Put what is said in the place of each name, the longest name first.

    A name is found with its marks or without any, and only as whole words.
    """
    said = {**shipped(language), **_spellings(own or {})}
    if not said:
        return text
    names = "|".join(re.escape(name) for name in sorted(said, key=len, reverse=True))
    # Letters of the Latin script alone hold together: 嘉隆 may stand right beside a name.
    latin = "A-Za-zÀ-ỹĐđ"
    found = re.compile(rf"(?<![{latin}])(?:{names})(?![{latin}])")
    return found.sub(lambda match: said[match.group(0)], unicodedata.normalize("NFC", text))


@cache
def shipped(language: str) -> Mapping[str, str]:
    """Return what is said for each spelling of the shipped names."""
    rows = yaml.safe_load(NAMES.read_text(encoding="utf-8"))["names"]
    return {
        spelling: said
        for row in rows
        for name in (row["name"], *row.get("also", ()))
        if language in row["say"]
        for spelling, said in _spellings({name: row["say"][language]}).items()
    }


def _spellings(names: Mapping[str, str]) -> dict[str, str]:
    """Add the spelling without marks, in which foreign languages often print a name."""
    plain = {unmarked(name): said for name, said in names.items()}
    return {**plain, **{unicodedata.normalize("NFC", name): said for name, said in names.items()}}


def unmarked(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
