"""The report on paper: PDF/A-3, tagged, its machine file inside; Vietnamese, then English."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from reporting.domain.indicators.report import AdoptionReport, Indicator, SiteRow, Verdict, Words
from reporting.domain.indicators.written import read_report
from reporting.gateways.pades import with_place_for_signature
from reporting.gateways.paper import pdf_with_attachment
from reporting.schemas.charts import Goal, gauge
from reporting.schemas.wording import KIND, MARK, STATUS, VERDICT, target_words

# The columns of the matrix; other indicators are not judged site by site.
BY_SITE = ("A1", "A1b", "A2", "A3", "A4", "A5")
STYLE = (
    ".track{fill:#fff;stroke:#1c1a17;stroke-width:1}.fill{fill:#5b3a8c}"
    ".target{stroke:#1c1a17;stroke-width:2}"
    "text{font-family:Noto Sans;font-size:11px;fill:#1c1a17}"
)
DRAWN = ("A1", "A2", "A3", "A5")


@dataclass(frozen=True, slots=True)
class Part:
    """The whole report in one language."""

    lang: str
    title: str


PARTS = (
    Part("vi", "Báo cáo mức độ chuyển đổi số của di tích, bảo tàng, điểm văn hóa"),
    Part("en", "Report on the digital adoption of monuments, museums and cultural points"),
)


def set_paper(body: str, sha256: str) -> bytes:
    """Set a frozen report, with a place for its signature; `body` itself is attached."""
    report = read_report(body)
    html = paper_html(report, sha256=sha256)
    name = f"{report.head.organisation}-{report.head.window}.json"
    return with_place_for_signature(pdf_with_attachment(html, name=name, content=body.encode()))


def paper_html(report: AdoptionReport, *, sha256: str) -> str:
    return render_to_string(
        "reporting/paper.html",
        {
            "report": report,
            "parts": PARTS,
            "sha256": sha256,
            "indicators": [_row(indicator) for indicator in report.indicators],
            "columns": BY_SITE,
            "matrix": [_line(row) for row in report.sites],
            "reasons": _reasons(report),
            "names": {row.slug: row.name for row in report.sites},
        },
    )


def _row(indicator: Indicator) -> dict[str, object]:
    goals = goals_of(indicator)
    drawn = indicator.code in DRAWN and indicator.num is not None and indicator.den
    return {
        "it": indicator,
        "status": STATUS[indicator.status],
        "target": target_words(indicator.target),
        "milestones": [
            (target_words(each.target), each, STATUS[each.status]) for each in indicator.milestones
        ],
        "readings": [(each, STATUS[each.status]) for each in indicator.readings],
        "chart": _dressed(gauge(num=indicator.num or 0, den=indicator.den or 0, goals=goals))
        if drawn
        else "",
    }


def goals_of(indicator: Indicator) -> list[Goal]:
    """The target of now and the milestones of past years, each once."""
    targets = (indicator.target, *(each.target for each in indicator.milestones))
    seen = dict.fromkeys(target for target in targets if target is not None)
    return [Goal(target.percent, f"{target.percent} % ({target.year})") for target in seen]


def _dressed(chart: SafeString) -> SafeString:
    """On paper a drawing hears no style but its own."""
    opening, rest = chart.split(">", 1)
    return format_html("{}><style>{}</style>{}", mark_safe(opening), STYLE, mark_safe(rest))  # noqa: S308 # halves of what was made safe


def _line(row: SiteRow) -> dict[str, object]:
    marks = []
    for code in BY_SITE:
        cell = row.cell(code)
        marks.append((MARK[cell.verdict], VERDICT[cell.verdict]) if cell else ("", Words("", "")))
    return {"row": row, "kind": KIND.get(row.kind, Words(row.kind, row.kind)), "marks": marks}


def _reasons(report: AdoptionReport) -> list[dict[str, object]]:
    """Why sites do not count: each reason once, with the sites that it holds back."""
    found: dict[tuple[str, str, str], list[Words]] = {}
    for row in report.sites:
        for cell in row.cells:
            if cell.reason is not None and cell.verdict == Verdict.NO:
                key = (cell.code, cell.reason.vi, cell.reason.en)
                found.setdefault(key, []).append(row.name)
    return [
        {
            "code": code,
            "reason": Words(vi, en),
            "count": len(names),
            "names": Words(
                ", ".join(name.vi for name in names), ", ".join(name.en for name in names)
            ),
        }
        for (code, vi, en), names in sorted(found.items())
    ]
