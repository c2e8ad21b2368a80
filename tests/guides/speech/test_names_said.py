"""A name is said as in Huế, whatever the language around it."""

import pytest
import yaml

from guides.domain.glossary import NAMES, with_names_said
from sites.models import Language

REIGNS = (
    "Gia Long",
    "Minh Mạng",
    "Thiệu Trị",
    "Tự Đức",
    "Dục Đức",
    "Hiệp Hòa",
    "Kiến Phúc",
    "Hàm Nghi",
    "Đồng Khánh",
    "Thành Thái",
    "Duy Tân",
    "Khải Định",
    "Bảo Đại",
)


def test_every_reign_is_said_in_every_language() -> None:
    rows = {row["name"]: row["say"] for row in yaml.safe_load(NAMES.read_text("utf-8"))["names"]}
    foreign = {language for language in Language.values if language != "vi"}

    assert {name: set(rows[name]) for name in REIGNS} == dict.fromkeys(REIGNS, foreign)
    assert [with_names_said(name, language="vi") for name in REIGNS] == list(REIGNS)


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Emperor Tự Đức of the Nguyễn", "en", "Emperor Too Dook of the Nwin"),
        ("Emperor Tu Duc, in Hue.", "en", "Emperor Too Dook, in Hway."),
        ("皇帝Gia Long的陵墓", "zh", "皇帝嘉隆的陵墓"),
        ("Gia Longue", "fr", "Gia Longue"),
        ("Der Kaiser Minh Mệnh", "de", "Der Kaiser Ming Mang"),
        ("Nguyễn Huế", "ja", "グエン フエ"),
    ],
)
def test_names_are_found_with_and_without_marks_and_as_whole_words(
    text: str, language: str, said: str
) -> None:
    assert with_names_said(text, language=language) == said


def test_a_site_says_a_name_in_its_own_way() -> None:
    said = with_names_said("Tự Đức at Vọng", language="en", own={"Tự Đức": "Tuh", "Vọng": "Vom"})

    assert said == "Tuh at Vom"
