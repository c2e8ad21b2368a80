"""The cheapest sites to close a gap."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.dashboard.doors import Desk, at_desk
from reporting.domain.cheapest import cheapest

PLANNED = ("A3", "A1", "A2", "A5")


@require_safe
@at_desk()
def plan(request: HttpRequest, desk: Desk) -> HttpResponse:
    """For one indicator and its targets: which sites, in which order, with how much work."""
    code = request.GET.get("code", PLANNED[0])
    report = desk.shown.report
    indicator = report.indicator(code)
    if code not in PLANNED or indicator is None:
        raise Http404
    targets = [indicator.target, *(each.target for each in indicator.milestones)]
    percents = sorted({target.percent for target in targets if target is not None})
    plans = [found for each in percents if (found := cheapest(report, code=code, percent=each))]
    return render(
        request,
        "department/plan.html",
        desk.context(
            report=report,
            shown=desk.shown,
            it=indicator,
            codes=[each for each in PLANNED if report.indicator(each)],
            code=code,
            plans=plans,
        ),
    )
