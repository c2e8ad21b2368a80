"""The cheapest sites to close a gap."""

from threading import Condition

from cachetools import LRUCache, cached
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from reporting.dashboard.doors import Desk, at_desk
from reporting.domain.cheapest import cheapest
from reporting.domain.reading import Source, read

PLANNED = ("A3", "A1", "A2", "A5")
SECTIONS_KEPT = 32


@require_safe
@at_desk()
def plan(request: HttpRequest, desk: Desk) -> HttpResponse:
    """For one indicator and its targets: which sites, in which order, with how much work."""
    code = request.GET.get("code", PLANNED[0])
    report = desk.shown.report
    indicator = report.indicator(code)
    if desk.source is None or code not in PLANNED or indicator is None:
        raise Http404
    return render(
        request,
        "department/plan.html",
        desk.context(
            report=report,
            shown=desk.shown,
            it=indicator,
            codes=[each for each in PLANNED if report.indicator(each)],
            code=code,
            plans=plans_section(desk.source, code, desk.lang, desk.query),
        ),
    )


@cached(LRUCache(SECTIONS_KEPT), condition=Condition())
def plans_section(source: Source, code: str, lang: str, query: str) -> SafeString:
    """The way to each target: up to a thousand lines, written once for all who read the report."""
    report = read(source).report
    indicator = report.indicator(code)
    milestones = indicator.milestones if indicator else ()
    targets = [indicator.target if indicator else None, *(each.target for each in milestones)]
    percents = sorted({target.percent for target in targets if target is not None})
    plans = [found for each in percents if (found := cheapest(report, code=code, percent=each))]
    told = {"lang": lang, "query": query, "plans": plans}
    return render_to_string("department/plans.html", told)
