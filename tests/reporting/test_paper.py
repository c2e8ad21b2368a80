"""The report on paper says what its machine file says."""

import json
import re
from functools import cache
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import IndirectObject

from reporting.domain.indicators.written import canonical, read_report, sha256_of
from reporting.schemas.paper import set_paper
from tests.reporting.made_reports import whole_province

BODY = canonical(whole_province())


@cache
def paper() -> bytes:
    return set_paper(BODY, sha256_of(BODY))


def reader() -> PdfReader:
    return PdfReader(BytesIO(paper()))


@cache
def words() -> str:
    """Without spaces: a column breaks words where it likes."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in reader().pages))


def squeezed(*parts: object) -> str:
    return re.sub(r"\s+", "", "".join(str(part) for part in parts))


def in_vietnamese(value: int | None) -> str:
    return "–" if value is None else f"{value:,}".replace(",", ".")


def in_english(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


def test_every_number_of_the_table_is_read_back_in_both_languages() -> None:
    missing = []
    for row in json.loads(BODY)["indicators"]:
        sources = ", ".join(row["quotes"])
        for lang, told in (("vi", in_vietnamese), ("en", in_english)):
            line = squeezed(
                row["code"],
                row["title"][lang],
                sources,
                told(row["num"]),
                told(row["den"]),
                row["display"],
            )
            missing += [] if line in words() else [line]

    assert missing == []


def test_every_reading_fact_and_context_number_is_read_back() -> None:
    body = json.loads(BODY)
    expected = []
    for row in body["indicators"]:
        for each in row["readings"]:
            share = f"{in_vietnamese(each['num'])}/{in_vietnamese(each['den'])}"
            expected.append(squeezed(each["label"]["vi"], share, each["display"]))
        expected += [squeezed(each["label"]["vi"], each["display"]) for each in row["facts"]]
    names = {row["slug"]: row["name"]["vi"] for row in body["sites"]}
    categories = {"student": "sinh viên", "": ""}
    for each in body["context"]:
        where, whom = names.get(each["site"], ""), categories[each["category"]]
        expected.append(squeezed(each["label"]["vi"], where, whom, each["display"]))

    assert len(expected) > 20
    assert [line for line in expected if line not in words()] == []


def test_every_line_of_the_matrix_is_read_back() -> None:
    marks = {"yes": "✓", "no": "✗", "excused": "○", "not_applicable": "–"}
    lines = [
        squeezed(
            row["name"]["vi"],
            {"di_tich": "di tích", "bao_tang": "bảo tàng"}[row["kind"]],
            "có",
            *(marks[cell["verdict"]] for cell in row["cells"]),
            f"{row['satisfied']}/{row['answers']}",
        )
        for row in json.loads(BODY)["sites"]
    ]

    assert len(lines) == 29
    assert [line for line in lines if line not in words()] == []


def test_the_machine_file_inside_is_the_frozen_report() -> None:
    inside = reader().attachments["so-vhtt-2026-Q3.json"]

    assert inside == [BODY.encode()]
    assert read_report(inside[0].decode()) == whole_province()
    assert sha256_of(BODY) in words()


def test_it_is_tagged_speaks_vietnamese_and_says_that_it_is_an_archive_file() -> None:
    catalog: Any = reader().trailer["/Root"]

    assert catalog["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalog
    assert catalog["/Lang"] == "vi"
    metadata = catalog["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part\W+3", metadata)
    assert re.search(r"pdfaid:conformance\W+A", metadata)


def test_every_font_is_inside() -> None:
    found = reader()
    numbers = range(1, int(str(found.trailer["/Size"])))
    objects: list[Any] = [found.get_object(IndirectObject(each, 0, found)) for each in numbers]
    fonts = [
        each
        for each in objects
        if isinstance(each, dict) and each.get("/Type") == "/FontDescriptor"
    ]

    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(each) for each in fonts)


def test_its_objects_are_not_packed_together_or_the_check_of_a_signature_takes_a_minute() -> None:
    assert b"/ObjStm" not in paper()
    assert len(paper()) < 1_000_000


def test_vietnamese_stands_before_english() -> None:
    assert words().index(squeezed("Các chỉ tiêu")) < words().index("Indicators")


def test_made_up_figures_say_so() -> None:
    assert squeezed("SỐ LIỆU GIẢ LẬP") in words()
    assert squeezed("MADE-UP FIGURES") in words()
