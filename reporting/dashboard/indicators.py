"""One indicator with its sites, and the matrix of all."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.dashboard.doors import Desk, at_desk
from reporting.domain.indicators.report import Verdict
from reporting.schemas.board import COLUMNS, card_of, history_of, line_of, reasons_of, state_of
from reporting.schemas.charts import PinState

ROWS_ON_A_PAGE = 100


@require_safe
@at_desk()
def indicator(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    """The number, how it is made, who counts, and why the others do not."""
    report = desk.shown.report
    found = report.indicator(code)
    if found is None or desk.source is None:
        raise Http404
    cells = [(row, cell) for row in report.sites if (cell := row.cell(code))]
    counted = [(row, cell) for row, cell in cells if cell.verdict == Verdict.YES]
    page = Paginator(counted, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "department/indicator.html",
        desk.context(
            report=report,
            shown=desk.shown,
            card=card_of(found, history_of(desk.sources, desk.source)),
            by_site=bool(cells),
            counted=page,
            reasons=reasons_of(report, code),
        ),
    )


@require_safe
@at_desk()
def matrix(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Sites and indicators; the ones that lack most can be asked for."""
    report = desk.shown.report
    state = request.GET.get("state", "")
    rows = report.sites
    if state in {each.value for each in PinState}:
        rows = tuple(row for row in rows if state_of(row) == state)
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "department/matrix.html",
        desk.context(
            report=report,
            shown=desk.shown,
            columns=COLUMNS,
            lines=[line_of(row) for row in page],
            page=page,
            state=state,
            states=PinState,
        ),
    )
