"""The sheet beside a folder of files: XLSX or CSV, its columns in Vietnamese or English."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MOST_ROWS: Final = 5_000
MOST_COLUMNS: Final = 40
LARGEST_SHEET: Final = 40_000_000
COLUMNS: Final = {
    "guide": "guide",
    "bài": "guide",
    "chuyến": "guide",
    "stop": "stop",
    "điểm": "stop",
    "điểm dừng": "stop",
    "số": "stop",
    "language": "language",
    "ngôn ngữ": "language",
    "file": "file",
    "tệp": "file",
    "tập tin": "file",
    "title": "title",
    "tiêu đề": "title",
    "speaker": "speaker",
    "người đọc": "speaker",
    "credit": "credit",
    "nguồn": "credit",
    "tác giả": "credit",
    "licence": "licence",
    "license": "licence",
    "giấy phép": "licence",
    "rights": "rights",
    "quyền": "rights",
    "alt": "alt",
    "mô tả": "alt",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as a person numbers it, the head being the first."""

    number: int
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class NotASheet:
    """The file is neither XLSX nor CSV, or has no column that is known."""


def read_sheet(path: Path) -> list[Line] | NotASheet:
    """Read the first sheet; empty rows are left out, unknown columns too."""
    try:
        rows = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        ParseError,
        UnicodeDecodeError,
        csv.Error,
        KeyError,
        ValueError,
        OSError,
    ):
        return NotASheet()
    if not rows:
        return NotASheet()
    names = [COLUMNS.get(cell.strip().lower(), "") for cell in rows[0]]
    if not {"stop", "file"} <= set(names):
        return NotASheet()
    return list(_lines(rows[1:], names))


def _lines(rows: Sequence[Sequence[str]], names: Sequence[str]) -> Iterator[Line]:
    for number, row in enumerate(rows, start=2):
        said = {name: cell.strip() for name, cell in zip(names, row, strict=False) if name and cell}
        if any(said.values()):
            yield Line(number, said)


def _xlsx(path: Path) -> list[list[str]]:
    with zipfile.ZipFile(path) as opened:
        if sum(entry.file_size for entry in opened.infolist()) > LARGEST_SHEET:
            raise ValueError("unfolds too large")
    # openpyxl reads XML by defusedxml where that is installed, which it is.
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(
            max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True
        )
        return [[_cell(value) for value in row] for row in rows]
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    # A sheet keeps 7 as 7.0.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _csv(path: Path) -> list[list[str]]:
    if path.stat().st_size > LARGEST_SHEET:
        raise ValueError("too large")
    text = path.read_text(encoding="utf-8-sig")
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    return list(csv.reader(io.StringIO(text), delimiter=mark))[:MOST_ROWS]
