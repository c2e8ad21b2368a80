"""A frozen report is set on paper, signed outside, brought back, sent and acknowledged (D1, D2)."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from reporting.domain.bodies import rules_of
from reporting.domain.calendar import ReportingWindow, midnight
from reporting.domain.filing_status import move
from reporting.domain.signing import SignatureJudgement, SignatureVerdict, judge_file
from reporting.gateways.pades import Trust
from reporting.models import (
    FiledPaper,
    Filing,
    FrozenReport,
    ReportingBody,
    Sending,
    SignedUpload,
)
from sites.models import Organisation, User

Status = Filing.Status


@dataclass(frozen=True, slots=True)
class NotNow:
    """The filing is not where this step starts from."""

    status: Filing.Status


def filing_of(*, organisation: Organisation, window: ReportingWindow) -> Filing:
    """The one filing of a window; a draft until its report is frozen and set on paper."""
    filing, _made = Filing.objects.get_or_create(
        organisation=organisation, year=window.year, quarter=window.quarter
    )
    return filing


def window_of_report(report: FrozenReport | Filing) -> ReportingWindow:
    body = ReportingBody.objects.get(organisation=report.organisation_id)
    return ReportingWindow(report.year, report.quarter, rules_of(body))


@transaction.atomic
def issue(*, report: FrozenReport, pdf: bytes, at: datetime) -> Filing:
    """Keep the file that is handed out for signing; the first one stays, whoever makes another."""
    filing = filing_of(organisation=report.organisation, window=window_of_report(report))
    if move(filing, to=Status.FROZEN, report=report):
        _keep(filing, FiledPaper.Kind.HANDED_OUT, pdf, at=at)
    return Filing.objects.get(pk=filing.pk)


def take_signed(
    *, filing: Filing, pdf: bytes, trust: Trust, by: User, at: datetime
) -> SignatureJudgement | NotNow:
    """Judge an uploaded file, keep the verdict, and the file if it is accepted."""
    ours = paper_of(filing=filing, kind=FiledPaper.Kind.HANDED_OUT)
    if filing.status != Status.FROZEN or ours is None:
        return NotNow(Status(filing.status))
    due = window_of_report(filing).due_day
    judged = judge_file(
        pdf,
        original=bytes(ours.content),
        on_time_until=midnight(due + timedelta(days=1)),
        trust=trust,
        at=at,
    )
    return _written(filing, judged, pdf, by=by, at=at)


@transaction.atomic
def _written(
    filing: Filing, judged: SignatureJudgement, pdf: bytes, *, by: User, at: datetime
) -> SignatureJudgement | NotNow:
    SignedUpload.objects.create(
        filing=filing,
        uploaded_by=by,
        uploaded_at=at,
        sha256=hashlib.sha256(pdf).hexdigest(),
        verdict=judged.verdict,
        signer=judged.signer[:300],
        stamped_at=judged.stamped_at,
    )
    if not judged.verdict.accepted:
        return judged
    moved = move(
        filing,
        to=Status.SIGNED,
        signer=judged.signer[:300],
        stamped_at=judged.stamped_at,
        on_time=judged.verdict is SignatureVerdict.VALID,
    )
    if not moved:
        return NotNow(Status(Filing.objects.get(pk=filing.pk).status))
    _keep(filing, FiledPaper.Kind.SIGNED, pdf, at=at)
    return judged


@transaction.atomic
def record_sending(
    *, filing: Filing, system: Sending.System, by: User, at: datetime
) -> Sending | NotNow:
    """That a person handed the signed file to a system; a repeat changes nothing."""
    locked = Filing.objects.select_for_update().get(pk=filing.pk)
    if locked.status not in {Status.SIGNED, Status.SENT}:
        return NotNow(Status(locked.status))
    sending, _made = Sending.objects.get_or_create(
        filing=locked, system=system, defaults={"sent_at": at, "sent_by": by}
    )
    move(locked, to=Status.SENT)
    return sending


@transaction.atomic
def record_receipt(
    *, filing: Filing, system: Sending.System, number: str, by: User, at: datetime
) -> Sending | NotNow:
    """The number that a system gave; acknowledged once every system that it was sent to did."""
    locked = Filing.objects.select_for_update().get(pk=filing.pk)
    sending = Sending.objects.filter(filing=locked, system=system).first()
    if locked.status != Status.SENT or sending is None or not number.strip():
        return NotNow(Status(locked.status))
    if sending.acknowledged_at is None:
        sending.receipt_number = number.strip()[:100]
        sending.acknowledged_at, sending.acknowledged_by = at, by
        sending.save(update_fields=["receipt_number", "acknowledged_at", "acknowledged_by"])
    if not locked.sendings.filter(acknowledged_at__isnull=True).exists():
        move(locked, to=Status.ACKNOWLEDGED)
    return sending


def paper_of(*, filing: Filing, kind: FiledPaper.Kind) -> FiledPaper | None:
    return FiledPaper.objects.filter(filing=filing, kind=kind).first()


def _keep(filing: Filing, kind: FiledPaper.Kind, pdf: bytes, *, at: datetime) -> None:
    FiledPaper.objects.create(
        filing=filing,
        kind=kind,
        sha256=hashlib.sha256(pdf).hexdigest(),
        content=pdf,
        made_at=at,
    )


def filing_status(*, organisation_id: int, window: ReportingWindow) -> Filing.Status:
    """How far a window's report has come; a draft before anybody touched it."""
    rows = Filing.objects.filter(
        organisation=organisation_id, year=window.year, quarter=window.quarter
    )
    status = rows.values_list("status", flat=True).first()
    return Status(status) if status else Status.DRAFT
