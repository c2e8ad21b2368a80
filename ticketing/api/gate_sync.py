"""What gate devices fetch so that they can be alone, and what they tell when they are back."""

from typing import Annotated
from uuid import UUID

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from sites.domain.limits import within_limit
from sites.schemas.problems import Problem, ProblemError
from ticketing.api.gate import DeviceToken, search_is_off
from ticketing.domain.code_search import (
    NoSuchTicket,
    SearchIsOff,
    TicketFound,
    is_code_search_on,
    search_by_code,
)
from ticketing.domain.credentials import credential_for
from ticketing.domain.device_care import (
    NoSuchGate,
    Report,
    has_drifted,
    keep_report,
    read_clock,
    take_seat,
)
from ticketing.domain.enrolment import Seat
from ticketing.domain.gate_pack import gate_pack, newest_number
from ticketing.domain.scan_log import NothingToUndo, tell, undo
from ticketing.domain.ticket_token import to_text
from ticketing.domain.told_events import ToldEvent
from ticketing.models import GateDevice
from ticketing.schemas.gate import CodeIn, FoundOut, gate_out, site_out
from ticketing.schemas.gate_sync import (
    LARGEST_NUMBER,
    BatchIn,
    BatchOut,
    HeartbeatIn,
    HeartbeatOut,
    PackOut,
    SeatIn,
    SeatOut,
    SignedOut,
    UndoIn,
    UndoneOut,
    pack_out,
    read_scans,
    report_of,
    results_out,
)

router = Router(tags=["gate"], auth=DeviceToken())


def _device(request: HttpRequest) -> GateDevice:
    """The device that asks; a disabled one is told so, and gets nothing."""
    seat: Seat = request.auth  # type: ignore[attr-defined]  # what DeviceToken returned
    device = GateDevice.objects.select_related("gate__site").get(pk=seat.device_id)
    if device.disabled_at is not None:
        raise ProblemError(
            status=403,
            code="device_disabled",
            detail=_("This device was disabled. Please hand it to your supervisor."),
        )
    return device


@router.get(
    "/gate/pack", response={200: PackOut, 304: None, 401: Problem, 403: Problem, 422: Problem}
)
def get_pack(
    request: HttpRequest, since: Annotated[int, Field(ge=0, le=LARGEST_NUMBER)] = 0
) -> HttpResponse:
    """All that a gate needs to decide by itself; with `since`, only what is newer.

    `since` is the number of the pack that the device holds. The ETag is that of the whole pack:
    304 says that the device's own is the newest.
    """
    device, at = _device(request), timezone.now()
    pack = gate_pack(site=device.gate.site, since=since, at=at)
    keep_report(device_id=device.pk, report=Report(pack_number=since or None), at=at)
    etag = f'"{device.gate.site_id}-{pack.number}"'
    same = get_conditional_response(request, etag=etag)
    if same is not None:
        return same
    answer = pack_out(pack, credential_for(device=device, at=at))
    return HttpResponse(
        orjson.dumps(answer),
        content_type="application/json",
        headers={"ETag": etag, "Cache-Control": "private, no-cache"},
    )


@router.post(
    "/gate/heartbeat", response={200: HeartbeatOut, 401: Problem, 403: Problem, 422: Problem}
)
def create_heartbeat(request: HttpRequest, said: HeartbeatIn) -> HeartbeatOut:
    """Say how the device is; hear the time, the newest number, and a fresh credential."""
    device, at = _device(request), timezone.now()
    if said.device_at and has_drifted(device_id=device.pk, device_at=said.device_at, at=at):
        read_clock(device_id=device.pk, device_at=said.device_at, at=at)
    keep_report(device_id=device.pk, report=report_of(said), at=at)
    credential = credential_for(device=device, at=at)
    return HeartbeatOut(
        server_at=at,
        pack_number=newest_number(site_id=device.gate.site_id),
        gate=gate_out(device.gate),
        site=site_out(device.gate),
        credential=SignedOut(text=credential.text, signature=credential.signature),
        code_search=is_code_search_on(site_id=device.gate.site_id),
    )


@router.post(
    "/gate/codes",
    response={200: FoundOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem, 429: Problem},
)
def find_code(request: HttpRequest, said: CodeIn) -> FoundOut:
    """Find a ticket by the short code below its QR code, where the site allows it.

    Nobody is let in by this: the gate presents the token afterwards, with `typed`.
    """
    device = _device(request)
    if not within_limit(
        what="gate_codes", who=str(device.pk), per_minute=settings.GATE_CODES_PER_MINUTE
    ):
        raise ProblemError(
            status=429,
            code="too_many_attempts",
            detail=_("Too many codes in one minute. Please wait a minute."),
            Retry_After="60",
        )
    match search_by_code(code=said.code, site_id=device.gate.site_id, at=timezone.now()):
        case TicketFound(token):
            return FoundOut(token=to_text(token))
        case SearchIsOff():
            raise search_is_off()
        case NoSuchTicket():
            detail = _("No ticket for this place has this code. Please compare it once more.")
            raise ProblemError(status=404, code="no_such_code", detail=detail)


@router.post(
    "/gate/seat",
    response={200: SeatOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
)
def change_seat(request: HttpRequest, wall: SeatIn) -> SeatOut:
    """Sit at the gate whose code on the wall was scanned; only within the device's own site."""
    device = _device(request)
    seated = take_seat(device_id=device.pk, site_slug=wall.site, gate_code=wall.gate)
    if isinstance(seated, NoSuchGate):
        detail = _("This gate is not of the site that the device was enrolled for.")
        raise ProblemError(status=404, code="no_such_gate", detail=detail)
    return SeatOut(gate=gate_out(seated.device.gate), site=site_out(seated.device.gate))


@router.post("/gate/scans/batch", response={200: BatchOut, 401: Problem, 422: Problem})
def create_scans(request: HttpRequest, batch: BatchIn) -> HttpResponse:
    """Take up to 1,000 scans made alone, in any order and any number of times.

    Every scan gets its own answer; a bad one never stops the others. A disabled device may tell
    what it has: it is kept in quarantine until a person looks at it.
    """
    seat: Seat = request.auth  # type: ignore[attr-defined]  # what DeviceToken returned
    at = timezone.now()
    read = read_scans(batch.scans)
    events = [event for event in read if isinstance(event, ToldEvent)]
    kept = tell(device_id=seat.device_id, events=events, report=report_of(batch), at=at)
    answer = {
        "results": results_out(batch.scans, read, kept),
        "server_at": at,
        "pack_number": newest_number(site_id=seat.site_id),
    }
    return HttpResponse(orjson.dumps(answer), content_type="application/json")


@router.post(
    "/gate/scans/{scan_id}/undo",
    response={200: UndoneOut, 401: Problem, 403: Problem, 404: Problem, 422: Problem},
)
def undo_scan(request: HttpRequest, scan_id: UUID, said: UndoIn) -> UndoneOut:
    """Take back an entry that this device made by mistake. A repeat changes nothing."""
    device = _device(request)
    undone = undo(
        device_id=device.pk,
        scan_id=scan_id,
        reason=said.reason.strip(),
        operator=said.operator,
        at=timezone.now(),
    )
    if isinstance(undone, NothingToUndo):
        detail = _("This device let nobody in with this scan.")
        raise ProblemError(status=404, code="nothing_to_undo", detail=detail)
    return UndoneOut(scan_id=scan_id, undone=True)
