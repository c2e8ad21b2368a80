"""Tables as CSV, for people who open them in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from reporting.domain.indicators.report import AdoptionReport

# A sheet runs what starts like a formula; the apostrophe makes it a text.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
REPORT_COLUMNS = (
    "window", "code", "site", "name_vi", "name_en", "num", "den", "display", "status",
    "reason_vi", "reason_en",
)  # fmt: skip

Value = str | int | None


def sheet(columns: Sequence[str], rows: Iterable[Mapping[str, Value]]) -> str:
    """Write rows out; nothing stands where a row says nothing."""
    out = StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({key: _plain(row.get(key)) for key in columns} for row in rows)
    return out.getvalue()


def _plain(value: Value) -> str | int:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def report_sheet(report: AdoptionReport) -> str:
    """The table of indicators, then every site under every indicator."""
    return sheet(REPORT_COLUMNS, (*_figures(report), *_cells(report)))


def _figures(report: AdoptionReport) -> Iterator[Mapping[str, Value]]:
    for row in report.indicators:
        yield {
            "window": report.head.window,
            "code": row.code,
            "name_vi": row.title.vi,
            "name_en": row.title.en,
            "num": row.num,
            "den": row.den,
            "display": row.display,
            "status": row.status.value,
        }


def _cells(report: AdoptionReport) -> Iterator[Mapping[str, Value]]:
    for site in report.sites:
        for cell in site.cells:
            yield {
                "window": report.head.window,
                "code": cell.code,
                "site": site.slug,
                "name_vi": site.name.vi,
                "name_en": site.name.en,
                "status": cell.verdict.value,
                "reason_vi": cell.reason.vi if cell.reason else "",
                "reason_en": cell.reason.en if cell.reason else "",
            }
