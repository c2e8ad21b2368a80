"""What everybody may have: figures of frozen reports, with small cells left out.

A release is made of frozen bytes and of nothing else. Those never change, so a quarter is never
released in two versions whose difference would tell of a few people.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Condition

from cachetools import LRUCache, cached

from reporting.domain.bodies import bodies
from reporting.domain.indicators.facts import DatasetFacts
from reporting.domain.indicators.report import AdoptionReport, Words
from reporting.domain.reading import Source, read, sources
from reporting.domain.suppressing import FEWEST, SUM, suppress
from reporting.models import ReportingBody

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
QUARTERLY = "http://publications.europa.eu/resource/authority/frequency/QUARTERLY"
# A quarter, and the days in which it is frozen.
UPDATED_WITHIN = timedelta(days=100)
KEPT = 64
ALL = "all"

Row = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Dataset:
    slug: str
    title: Words
    description: Words
    # The columns in their order, and what each means.
    columns: tuple[tuple[str, Words], ...]


QUARTER = ("window", Words("kỳ báo cáo", "reporting quarter"))
BODY = ("organisation", Words("đơn vị báo cáo", "reporting organisation"))
SITE = ("site", Words("điểm", "site"))
MADE_UP = ("made_up", Words("1: số liệu giả lập", "1: made-up figures of a demonstration"))
DATASETS = (
    Dataset(
        "indicators",
        Words("Chỉ tiêu chuyển đổi số theo quý", "Indicators of digital adoption by quarter"),
        Words(
            "Tử số, mẫu số, giá trị và kết quả của từng chỉ tiêu trong các báo cáo đã chốt.",
            "Numerator, denominator, value and status of every indicator of the frozen reports.",
        ),
        (
            BODY,
            QUARTER,
            ("code", Words("mã chỉ tiêu", "code of the indicator")),
            ("title_vi", Words("tên tiếng Việt", "Vietnamese title")),
            ("title_en", Words("tên tiếng Anh", "English title")),
            ("num", Words("tử số", "numerator")),
            ("den", Words("mẫu số", "denominator")),
            ("display", Words("giá trị, cắt sau một chữ số", "value, cut after one decimal")),
            ("status", Words("kết quả", "status")),
            MADE_UP,
        ),
    ),
    Dataset(
        "sites",
        Words("Từng điểm và các chỉ tiêu A1–A5", "Each site and the indicators A1 to A5"),
        Words(
            "Điểm nào được tính ở chỉ tiêu nào, và vì sao chưa.",
            "Which site counts for which indicator, and why not.",
        ),
        (
            BODY,
            QUARTER,
            SITE,
            ("name_vi", Words("tên tiếng Việt", "Vietnamese name")),
            ("name_en", Words("tên tiếng Anh", "English name")),
            ("code", Words("mã chỉ tiêu", "code of the indicator")),
            (
                "verdict",
                Words("yes, no, excused, not_applicable", "yes, no, excused, not_applicable"),
            ),
            ("reason_vi", Words("lý do", "reason in Vietnamese")),
            ("reason_en", Words("lý do bằng tiếng Anh", "reason in English")),
            MADE_UP,
        ),
    ),
    Dataset(
        "visitors",
        Words("Lượt khách theo điểm và đối tượng", "Visitors by site and category"),
        Words(
            f"Ô dưới {FEWEST} lượt, và các ô có thể dùng để tính ra chúng, để trống.",
            f"Cells below {FEWEST}, and those from which they could be computed, are left empty.",
        ),
        (
            BODY,
            QUARTER,
            ("site", Words("điểm; all: mọi điểm", "site; all: all sites")),
            ("category", Words("đối tượng; all: mọi đối tượng", "category; all: all categories")),
            ("visitors", Words("lượt khách; trống: không công bố", "people; empty: not published")),
            MADE_UP,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Release:
    """All that is published of one dataset now."""

    dataset: Dataset
    rows: tuple[Row, ...]
    windows: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    updated_at: datetime | None
    made_up: bool


def dataset_of(slug: str) -> Dataset | None:
    return next((each for each in DATASETS if each.slug == slug), None)


def release(dataset: Dataset) -> Release:
    """Every frozen quarter of every reporting organisation, oldest first."""
    known = [
        (body.organisation.slug, source)
        for body in bodies()
        for source in sources(body)
        if source.frozen
    ]
    rows = [row for slug, source in known for row in rows_of(dataset.slug, slug, source)]
    windows = [source.window for _slug, source in known]
    return Release(
        dataset,
        rows=tuple(rows),
        windows=tuple(sorted({str(window) for window in windows})),
        first_day=min((window.first_day for window in windows), default=None),
        last_day=max((window.last_day for window in windows), default=None),
        updated_at=max((source.at for _slug, source in known), default=None),
        made_up=any(row["made_up"] for row in rows),
    )


@cached(LRUCache(KEPT), condition=Condition())
def rows_of(dataset: str, organisation: str, source: Source) -> Sequence[Row]:
    """What one frozen report adds to a dataset; the same bytes give the same rows."""
    report = read(source).report
    head: Row = {"organisation": organisation, "window": str(source.window)}
    made_up = int(report.head.made_up)
    return tuple({**head, **row, "made_up": made_up} for row in ROWS[dataset](report))


def _indicators(report: AdoptionReport) -> Iterable[Row]:
    return (
        {
            "code": row.code,
            "title_vi": row.title.vi,
            "title_en": row.title.en,
            "num": row.num,
            "den": row.den,
            "display": row.display,
            "status": row.status.value,
        }
        for row in report.indicators
    )


def _sites(report: AdoptionReport) -> Iterable[Row]:
    return (
        {
            "site": site.slug,
            "name_vi": site.name.vi,
            "name_en": site.name.en,
            "code": cell.code,
            "verdict": cell.verdict.value,
            "reason_vi": cell.reason.vi if cell.reason else "",
            "reason_en": cell.reason.en if cell.reason else "",
        }
        for site in report.sites
        for cell in site.cells
    )


def _visitors(report: AdoptionReport) -> Iterable[Row]:
    counts = {
        (each.site, each.category): each.value
        for each in report.context
        if each.code == "visitors" and each.site and each.category
    }
    return (
        {
            "site": ALL if site == SUM else site,
            "category": ALL if category == SUM else category,
            "visitors": value,
        }
        for (site, category), value in suppress(counts).cells.items()
    )


ROWS: Mapping[str, Callable[[AdoptionReport], Iterable[Row]]] = {
    "indicators": _indicators,
    "sites": _sites,
    "visitors": _visitors,
}


def datasets_kept(*, body: ReportingBody, at: datetime) -> DatasetFacts:
    """D4: entries of the catalogue, and those that were updated within their frequency.

    Each has its licence, its description and its machine-readable form by construction. A release
    counts from the freeze that its window has, so that a later computation says the same.
    """
    frozen = [each.window.freezes_at for each in sources(body) if each.frozen]
    fresh = any(at - UPDATED_WITHIN <= each < at for each in frozen)
    return DatasetFacts(all=len(DATASETS), good=len(DATASETS) if fresh else 0)
