"""One site, and the rows that make it count."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reporting.dashboard.doors import Desk, at_desk
from reporting.domain.evidence.witnesses import contents_of
from reporting.domain.indicators.report import Cell, SiteRow, Words
from reporting.domain.indicators.written import sha256_of
from reporting.domain.reading import evidence_of
from reporting.schemas.board import line_of
from reporting.schemas.wording import EVIDENCE, EVIDENCE_FACTS


@require_safe
@at_desk(whole=False)
def site(request: HttpRequest, desk: Desk, slug: str) -> HttpResponse:
    """Every indicator of one site: why it counts or not, and the rows behind it."""
    row = _row(desk, slug)
    line = line_of(row)
    return render(
        request,
        "department/site.html",
        desk.context(
            report=desk.shown.report,
            shown=desk.shown,
            row=row,
            line=line,
            cells=[(each, _links(each.cell)) for each in line.cells],
            figures=[each for each in desk.shown.report.context if each.site == slug],
        ),
    )


@require_safe
@at_desk(whole=False)
def evidence(request: HttpRequest, desk: Desk, slug: str, kind: str, number: int) -> HttpResponse:
    """One row as it was at the freeze; of a draft, as it is now."""
    row = _row(desk, slug)
    key = f"{kind}:{number}"
    cells = [cell for cell in row.cells if key in cell.evidence]
    if not cells or desk.source is None:
        raise Http404
    kept = evidence_of(desk.source, site=slug, key=key)
    content = kept.content if kept else contents_of([key]).get(key)
    if content is None:
        raise Http404
    return render(
        request,
        "department/evidence.html",
        desk.context(
            report=desk.shown.report,
            shown=desk.shown,
            row=row,
            key=key,
            kind=EVIDENCE.get(kind, Words(kind, kind)),
            codes=[cell.code for cell in cells],
            facts=_facts(content),
            sha256=sha256_of(content),
            kept=kept is not None,
        ),
    )


def _row(desk: Desk, slug: str) -> SiteRow:
    """Somebody else's site looks like no site."""
    row = desk.shown.report.site(slug)
    if row is None or not desk.viewer.sees(slug):
        raise Http404
    return row


def _links(cell: Cell) -> list[tuple[str, int, Words]]:
    found = []
    for key in cell.evidence:
        kind, _colon, number = key.partition(":")
        found.append((kind, int(number), EVIDENCE.get(kind, Words(kind, kind))))
    return found


def _facts(content: str) -> list[tuple[Words, str]]:
    said = json.loads(content)
    return [
        (EVIDENCE_FACTS.get(name, Words(name, name)), _told(value))
        for name, value in sorted(said.items())
    ]


def _told(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
