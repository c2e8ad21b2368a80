"""What gate devices fetch, and what they tell later."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Schema
from pydantic import BaseModel, Field, TypeAdapter, ValidationError, model_validator

from sites.schemas.times import Moment
from ticketing.domain.credentials import Credential
from ticketing.domain.device_care import Report
from ticketing.domain.gate_names import gate_names
from ticketing.domain.gate_pack import Pack
from ticketing.domain.scan_log import Kept
from ticketing.domain.ticket_ids import to_column
from ticketing.domain.told_events import ToldEvent
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import GateEvent, Outcome
from ticketing.schemas.gate import LONGEST_CODE, DeviceGateOut, DeviceSiteOut, FirstAdmissionOut

LARGEST_BATCH = 1000
LONGEST_ID = 64
LARGEST_NUMBER = 2**53 - 1
LARGEST_OFFSET_MS = 400 * 24 * 3600 * 1000

Number = Annotated[int, Field(strict=True, ge=0, le=LARGEST_NUMBER)]
Waiting = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Label = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]


class SignedOut(Schema):
    """A text and the base64url signature over its domain and its UTF-8 bytes."""

    text: str
    signature: str


class PartOut(Schema):
    number: int
    name: str
    text: str


class PackOut(Schema):
    """`parts` are those newer than `since`; `manifest` lists all that belong together."""

    number: int
    manifest: SignedOut
    parts: list[PartOut]
    credential: SignedOut


class HeartbeatIn(Schema):
    """`pack_number`: the newest part that the device holds; `waiting`: scans not sent yet."""

    device_at: Moment | None = None
    pack_number: Number | None = None
    battery: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    waiting: Waiting | None = None
    app: Label = ""


class HeartbeatOut(Schema):
    server_at: datetime
    pack_number: int
    gate: DeviceGateOut
    site: DeviceSiteOut
    credential: SignedOut
    # Guards of this site may type the short code of a ticket.
    code_search: bool


class SeatIn(Schema):
    """What the code on the wall of the gate says."""

    site: Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[-\w]+$")]
    gate: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[-\w]+$")]


class SeatOut(Schema):
    gate: DeviceGateOut
    site: DeviceSiteOut


class ToldScanIn(BaseModel):
    """One scan, or the undoing of one (`kind: undo`, with `undoes` and a reason).

    Not a `Schema` of ninja: what that adds to each of a thousand rows is not needed here.
    """

    scan_id: UUID
    sequence: Annotated[int, Field(strict=True, ge=1, le=LARGEST_NUMBER)] | None = None
    kind: Literal["scan", "undo"] = "scan"
    token: Annotated[str, Field(max_length=LONGEST_CODE, pattern=r"^[^\x00]*$")] = ""
    ticket_id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] | None = None
    gate: Annotated[str, Field(max_length=60, pattern=r"^[-\w]+$")] | None = None
    mode: GateEvent.Mode = GateEvent.Mode.ISOLATED
    outcome: Outcome | None = None
    reason: Line = ""
    people: Annotated[int, Field(strict=True, ge=0, le=255)] | None = None
    document_seen: Annotated[bool, Field(strict=True)] = False
    confirmed_by: Literal["", "guard", "supervisor"] = ""
    operator: Label = ""
    undoes: UUID | None = None
    scanned_at: Moment
    offset_ms: Annotated[int, Field(strict=True, ge=-LARGEST_OFFSET_MS, le=LARGEST_OFFSET_MS)] = 0
    pack_number: Number = 0

    @model_validator(mode="after")
    def is_whole(self) -> "ToldScanIn":
        if self.kind == "undo" and (self.undoes is None or not self.reason.strip()):
            message = "an undoing names the scan and its reason"
            raise ValueError(message)
        if self.kind == "scan" and not (self.token or self.ticket_id):
            message = "a scan has a token, or the id of a ticket"
            raise ValueError(message)
        return self


class BatchIn(Schema):
    """`scans` are read one by one, so that a bad one never stops the others."""

    scans: Annotated[list[Any], Field(max_length=LARGEST_BATCH)]
    device_at: Moment | None = None
    pack_number: Number | None = None
    battery: Annotated[int, Field(strict=True, ge=0, le=100)] | None = None
    waiting: Waiting | None = None
    app: Label = ""


class ToldScanOut(Schema):
    """`outcome` is what the merge makes of it now; a later arrival can still change it."""

    index: int
    scan_id: str | None
    status: Literal["stored", "repeated", "quarantined", "conflict", "invalid"]
    outcome: Outcome | None = None
    # By right, of the people let in.
    counted_people: int | None = None
    first_admission: FirstAdmissionOut | None = None
    detail: str | None = None


class BatchOut(Schema):
    """One answer for each scan, in the order of the request."""

    results: list[ToldScanOut]
    server_at: datetime
    pack_number: int


class UndoIn(Schema):
    reason: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")]
    undone_at: Moment | None = None
    operator: Label = ""


class UndoneOut(Schema):
    scan_id: UUID
    undone: bool


_SCAN = TypeAdapter(ToldScanIn)
_SCANS = TypeAdapter(list[ToldScanIn])


def read_scans(told: Sequence[Any]) -> list[ToldEvent | str]:
    """Read the scans of a batch, or say of each that is unreadable what is wrong with it."""
    try:
        return [_event(scan) for scan in _SCANS.validate_python(told)]
    except ValidationError:
        return [_read_scan(one) for one in told]


def _read_scan(told: Any) -> ToldEvent | str:
    try:
        return _event(_SCAN.validate_python(told))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}".lstrip(": ")


def _event(scan: ToldScanIn) -> ToldEvent:
    return ToldEvent(
        event_id=scan.scan_id,
        sequence=scan.sequence,
        kind=scan.kind,
        text=scan.token,
        ticket_id=to_column(int(scan.ticket_id, 16)) if scan.ticket_id else None,
        gate_code=scan.gate,
        mode=scan.mode,
        outcome=None if scan.kind == "undo" or scan.outcome is None else scan.outcome.value,
        reason=scan.reason,
        people=scan.people or 0,
        document_seen=scan.document_seen,
        confirmed_by=scan.confirmed_by,
        operator=scan.operator,
        undoes=scan.undoes if scan.kind == "undo" else None,
        happened_at=scan.scanned_at,
        offset_ms=scan.offset_ms,
        pack_number=scan.pack_number,
    )


def report_of(said: HeartbeatIn | BatchIn) -> Report:
    return Report(
        pack_number=said.pack_number,
        battery=said.battery,
        waiting=said.waiting,
        device_at=said.device_at,
        app=said.app,
    )


def pack_out(pack: Pack, credential: Credential) -> dict[str, Any]:
    """The fields of `PackOut` as plain values: parts are large."""
    return {
        "number": pack.number,
        "manifest": {"text": pack.manifest, "signature": pack.signature},
        "parts": [
            {"number": part.number, "name": part.name, "text": part.text} for part in pack.parts
        ],
        "credential": {"text": credential.text, "signature": credential.signature},
    }


def results_out(
    told: Sequence[Any], read: Sequence[ToldEvent | str], kept: Sequence[Kept]
) -> list[dict[str, Any]]:
    """The fields of `ToldScanOut` for each scan of the request, in its order."""
    firsts = [one.settled.first for one in kept if one.settled]
    names = gate_names({first.gate_id for first in firsts if first})
    answers = iter(kept)
    results: list[dict[str, Any]] = []
    for index, (raw, event) in enumerate(zip(told, read, strict=True)):
        if isinstance(event, str):
            named = _id_of(raw)
            results.append({"index": index, "scan_id": named, "status": "invalid", "detail": event})
        else:
            results.append({"index": index, **_result(next(answers), names)})
    return results


def _id_of(raw: Any) -> str | None:
    """How the device calls an unreadable scan, where that can be said back."""
    scan_id = raw.get("scan_id") if isinstance(raw, dict) else None
    # JSON can hold half a letter, which no answer could.
    sayable = isinstance(scan_id, str) and scan_id.isascii() and len(scan_id) <= LONGEST_ID
    return scan_id if sayable else None


def _result(kept: Kept, names: dict[int, tuple[str, str]]) -> dict[str, Any]:
    settled = kept.settled
    first = None
    if settled is not None and settled.first is not None:
        code, name = names[settled.first.gate_id]
        first = {"at": settled.first.at.astimezone(VIETNAM), "gate": {"code": code, "name": name}}
    return {
        "scan_id": kept.event.event_id,
        "status": kept.status,
        "outcome": kept.outcome or None,
        "counted_people": settled.counted if settled else None,
        "first_admission": first,
        "detail": None,
    }
