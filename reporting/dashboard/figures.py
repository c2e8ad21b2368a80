"""Numbers without a target: people, money, satisfaction, languages, incidents."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from threading import Condition

from cachetools import LRUCache, cached
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from reporting.dashboard.doors import Desk, at_desk
from reporting.domain.indicators.measured import FEWEST_ANSWERS
from reporting.domain.indicators.report import AdoptionReport, ContextNumber, Words
from reporting.domain.indicators.shares import wilson
from reporting.domain.reading import Source, read
from reporting.schemas.charts import Bar, bars, whisker
from reporting.schemas.said import grouped
from reporting.schemas.wording import CATEGORY

MOST_BARS = 15
GOAL = 90
SECTIONS_KEPT = 32


@require_safe
@at_desk()
def figures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Each as a drawing with its table."""
    shown = desk.shown
    told = figures_told(desk.source, desk.lang) if desk.source else ""
    context = desk.context(report=shown.report, shown=shown, told=told)
    return render(request, "department/figures.html", context)


@cached(LRUCache(SECTIONS_KEPT), condition=Condition())
def figures_told(source: Source, lang: str) -> SafeString:
    """All of them as one section, drawn once for all who look at the same report."""
    report = read(source).report
    names = {row.slug: row.name for row in report.sites}
    told = {
        "lang": lang,
        "totals": [each for each in report.context if not each.site],
        "visitors": _visitors(report.context, names, lang),
        "categories": _by_category(report.context, lang),
        "revenue": _revenue(report.context, names, lang),
        "satisfaction": _satisfaction(report),
        "languages": _languages(report, lang),
    }
    return render_to_string("department/figures_told.html", told)


def _visitors(
    context: Sequence[ContextNumber], names: Mapping[str, Words], lang: str
) -> dict[str, object]:
    sums: dict[str, int] = defaultdict(int)
    for each in context:
        if each.code == "visitors" and each.site:
            sums[each.site] += each.value
    return _drawn({site: (value, 0) for site, value in sums.items()}, names, lang)


def _by_category(context: Sequence[ContextNumber], lang: str) -> dict[str, object]:
    sums: dict[str, int] = defaultdict(int)
    for each in context:
        if each.code == "visitors" and each.category:
            sums[each.category] += each.value
    names = {code: CATEGORY.get(code, Words(code, code)) for code in sums}
    return _drawn({code: (value, 0) for code, value in sums.items()}, names, lang)


def _revenue(
    context: Sequence[ContextNumber], names: Mapping[str, Words], lang: str
) -> dict[str, object]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for each in context:
        if each.code in {"revenue_state_fee", "revenue_service"} and each.site:
            sums[each.site][0] += each.value
            sums[each.site][1] += each.value if each.code == "revenue_service" else 0
    return _drawn({site: (both, part) for site, (both, part) in sums.items()}, names, lang)


def _drawn(
    sums: Mapping[str, tuple[int, int]], names: Mapping[str, Words], lang: str
) -> dict[str, object]:
    """Bars of the largest, and the table of all."""
    ordered = sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))
    rows = [(key, names.get(key, Words(key, key)), both, part) for key, (both, part) in ordered]
    drawing = bars(
        [
            Bar(name.vi if lang == "vi" else name.en, both, grouped(both, lang), hatched=part)
            for _key, name, both, part in rows[:MOST_BARS]
        ]
    )
    return {"chart": drawing if rows else "", "rows": rows}


def _satisfaction(report: AdoptionReport) -> dict[str, object] | None:
    b1 = report.indicator("B1")
    if b1 is None or b1.num is None or not b1.den:
        return None
    chart: SafeString | str = ""
    if b1.den >= FEWEST_ANSWERS:
        interval = wilson(b1.num, b1.den)
        low, high = float(interval.low) * 100, float(interval.high) * 100
        low_words, _dash, high_words = str(interval).rstrip("%").partition("–")
        chart = whisker(
            low=low,
            point=100 * b1.num / b1.den,
            high=high,
            goal=GOAL,
            words=(low_words, b1.display, high_words),
        )
    sites = [row for row in report.sites if row.answers]
    return {"it": b1, "chart": chart, "sites": sites, "fewest": FEWEST_ANSWERS}


def _languages(report: AdoptionReport, lang: str) -> dict[str, object]:
    a5 = report.indicator("A5")
    facts = [each for each in a5.facts if each.code.startswith("sites_in_")] if a5 else []
    drawing = bars(
        [
            Bar(each.label.vi if lang == "vi" else each.label.en, each.value or 0, each.display)
            for each in facts
        ]
    )
    return {"chart": drawing if facts else "", "facts": a5.facts if a5 else ()}
