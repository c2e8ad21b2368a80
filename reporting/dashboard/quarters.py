"""The quarters: which report is due, frozen, signed, sent; its files and its changes."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from reporting.dashboard.doors import Desk, at_desk
from reporting.domain.calendar import ReportingWindow
from reporting.domain.filing import (
    NotNow,
    filing_of,
    filing_status,
    paper_of,
    record_receipt,
    record_sending,
    take_signed,
)
from reporting.domain.reading import Source, read, table_of
from reporting.domain.signing import SignatureJudgement
from reporting.gateways.trial_authority import MARK
from reporting.gateways.trust import read_trust
from reporting.models import FiledPaper, Filing, FrozenReport, Sending
from reporting.schemas.board import ON_TOP
from reporting.schemas.sheets import report_sheet
from reporting.schemas.wording import FILING, NOT_NOW, SIGNATURE, STATUS, SYSTEM
from reporting.tasks import set_papers

RELOAD_AFTER_S = 5
LARGEST_UPLOAD = 20 * 1024 * 1024
JSON = "application/json; charset=utf-8"


@require_safe
@at_desk()
def quarters(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every window with a report: its main figures and how far it has come."""
    body = desk.viewer.body
    filings = {
        (each.year, each.quarter): each
        for each in Filing.objects.filter(organisation=body.organisation_id)
    }
    rows = []
    for source in reversed(desk.sources):
        table = {row.code: row for row in table_of(source)}
        filing = filings.get((source.window.year, source.window.quarter))
        status = Filing.Status(filing.status) if filing else Filing.Status.DRAFT
        shares = [table[code] for code in ON_TOP if code in table]
        rows.append((source, FILING[status], filing, shares))
    shown = desk.shown if desk.source else None
    return render(
        request,
        "department/quarters.html",
        desk.context(rows=rows, codes=ON_TOP, shown=shown, report=shown.report if shown else None),
    )


@require_safe
@at_desk()
def quarter(request: HttpRequest, desk: Desk, window: str) -> HttpResponse:
    """One report: where it is on its way, its files, its corrections and registry changes."""
    source = _source(desk, window)
    shown = read(source)
    status = filing_status(organisation_id=desk.viewer.body.organisation_id, window=source.window)
    filing = _filing(desk, source) if source.frozen else None
    ready = filing is not None and filing.papers.filter(kind=FiledPaper.Kind.HANDED_OUT).exists()
    return render(
        request,
        "department/quarter.html",
        desk.context(
            report=shown.report,
            shown=shown,
            source=source,
            filing=filing,
            paper_ready=ready,
            by_test_authority=filing is not None and MARK in filing.signer,
            # Whoever waits for the paper sees it come without doing anything.
            names={row.slug: row.name for row in shown.report.sites},
            reload_after=RELOAD_AFTER_S if source.frozen and not ready else None,
            status=status,
            steps=[(each, FILING[each]) for each in Filing.Status],
            sendings=_sendings(filing),
            uploads=_uploads(filing),
            rows=[(row, STATUS[row.status]) for row in shown.report.indicators],
            days_left=(source.window.due_day - timezone.localdate()) // timedelta(days=1),
        ),
    )


@require_safe
@at_desk()
def paper(request: HttpRequest, desk: Desk, window: str) -> HttpResponse:
    """The file to be signed; it is set once, in the background, and stays the same."""
    filing = _filing(desk, _frozen(desk, window))
    kept = paper_of(filing=filing, kind=FiledPaper.Kind.HANDED_OUT)
    if kept is None:
        set_papers.delay_on_commit()
        return _back(desk, window)
    return _pdf(kept, f"{desk.viewer.body.organisation.slug}-{window}.pdf")


@require_safe
@at_desk()
def signed_paper(request: HttpRequest, desk: Desk, window: str) -> HttpResponse:
    filing = _filing(desk, _frozen(desk, window))
    kept = paper_of(filing=filing, kind=FiledPaper.Kind.SIGNED)
    return _pdf(kept, f"{desk.viewer.body.organisation.slug}-{window}-signed.pdf")


@require_safe
@at_desk()
def machine_file(request: HttpRequest, desk: Desk, window: str) -> HttpResponse:
    """The frozen bytes, the same at every download."""
    report = FrozenReport.objects.get(pk=_frozen(desk, window).pk)
    name = f"{desk.viewer.body.organisation.slug}-{window}.json"
    return HttpResponse(
        report.body.encode(),
        content_type=JSON,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@at_desk()
def sheet_file(request: HttpRequest, desk: Desk, window: str) -> HttpResponse:
    """The same figures as a table, for a spreadsheet."""
    name = f"{desk.viewer.body.organisation.slug}-{window}.csv"
    return HttpResponse(
        report_sheet(read(_frozen(desk, window)).report).encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@at_desk()
def upload(request: HttpRequest, desk: Desk, window: str) -> HttpResponse:
    """Judge a signed file that somebody brings back."""
    filing = _to_change(desk, window)
    file = request.FILES.get("file")
    if file is None or not file.size or file.size > LARGEST_UPLOAD:
        _say(request, desk, NOT_NOW["no_file"].vi, NOT_NOW["no_file"].en, good=False)
        return _back(desk, window)
    judged = take_signed(
        filing=filing,
        pdf=file.read(),
        trust=read_trust(settings.REPORT_TRUST, production=settings.MODE == "production"),
        by=desk.viewer.user,
        at=timezone.now(),
    )
    match judged:
        case SignatureJudgement(verdict=verdict):
            words = SIGNATURE[verdict]
            _say(request, desk, words.vi, words.en, good=verdict.accepted)
        case NotNow():
            _say(request, desk, NOT_NOW["state"].vi, NOT_NOW["state"].en, good=False)
    return _back(desk, window)


@require_POST
@at_desk()
def sent(request: HttpRequest, desk: Desk, window: str) -> HttpResponse:
    """Write down that the signed file was handed to a system."""
    return _step(
        request,
        desk,
        window,
        lambda filing, system: record_sending(
            filing=filing, system=system, by=desk.viewer.user, at=timezone.now()
        ),
    )


@require_POST
@at_desk()
def receipt(request: HttpRequest, desk: Desk, window: str) -> HttpResponse:
    """Write down the receipt number that a system gave."""
    number = request.POST.get("number", "")
    return _step(
        request,
        desk,
        window,
        lambda filing, system: record_receipt(
            filing=filing, system=system, number=number, by=desk.viewer.user, at=timezone.now()
        ),
    )


def _step(
    request: HttpRequest,
    desk: Desk,
    window: str,
    step: Callable[[Filing, Sending.System], Sending | NotNow],
) -> HttpResponse:
    filing = _to_change(desk, window)
    system = request.POST.get("system", "")
    if system not in Sending.System.values:
        raise Http404
    if isinstance(step(filing, Sending.System(system)), NotNow):
        _say(request, desk, NOT_NOW["state"].vi, NOT_NOW["state"].en, good=False)
    return _back(desk, window)


def _source(desk: Desk, window: str) -> Source:
    found = next((each for each in desk.sources if str(each.window) == window), None)
    if found is None:
        raise Http404
    return found


def _frozen(desk: Desk, window: str) -> Source:
    found = _source(desk, window)
    if not found.frozen:
        raise Http404
    return found


def _filing(desk: Desk, source: Source) -> Filing:
    window: ReportingWindow = source.window
    return filing_of(organisation=desk.viewer.body.organisation, window=window)


def _to_change(desk: Desk, window: str) -> Filing:
    """An auditor reads alone: to them there is nothing to change here."""
    if not desk.viewer.may_file:
        raise Http404
    return _filing(desk, _frozen(desk, window))


def _sendings(filing: Filing | None) -> list[tuple[object, object, Sending | None]]:
    known = {each.system: each for each in filing.sendings.all()} if filing else {}
    return [(system, SYSTEM[system], known.get(system)) for system in Sending.System]


def _uploads(filing: Filing | None) -> list[tuple[object, object]]:
    rows = filing.uploads.select_related("uploaded_by").order_by("-uploaded_at") if filing else []
    return [(each, SIGNATURE.get(each.verdict)) for each in rows]  # type: ignore[call-overload]  # a verdict is its own text


def _pdf(kept: FiledPaper | None, name: str) -> HttpResponse:
    if kept is None:
        raise Http404
    return HttpResponse(
        bytes(kept.content),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _say(request: HttpRequest, desk: Desk, vi: str, en: str, *, good: bool) -> None:
    words = vi if desk.lang == "vi" else en
    (messages.success if good else messages.error)(request, words)


def _back(desk: Desk, window: str) -> HttpResponse:
    answer = redirect("department:quarter", window=window)
    answer["Location"] += desk.query
    return answer
