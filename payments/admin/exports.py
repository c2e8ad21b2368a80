"""Tables for accountants: CSV and XLSX, in which no cell is ever a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from xlsxwriter import Workbook

from ticketing.domain.visit_days import VIETNAM

# What a spreadsheet would run instead of show.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Column = tuple[str, Callable[[Any], object]]


def cell(value: object) -> str | int:
    """A number stays one; a text that would be run is shown instead."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S")
    text = str(value)
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text


def as_csv(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    # Spreadsheets take UTF-8 for it only with this mark.
    answer.write("\ufeff")
    writer = csv.writer(answer)
    writer.writerow([title for title, _value in columns])
    for row in rows:
        writer.writerow([cell(value(row)) for _title, value in columns])
    return answer


def as_xlsx(name: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponse:
    file = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(file, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for place, (title, _value) in enumerate(columns):
            sheet.write_string(0, place, title, bold)
        for number, row in enumerate(rows, start=1):
            for place, (_title, value) in enumerate(columns):
                sheet.write(number, place, cell(value(row)))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    answer = HttpResponse(file.getvalue(), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer
