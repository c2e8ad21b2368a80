"""How devices are: what they say of themselves, and where they stand."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from sites.models import Gate
from ticketing.models import ClockReading, DeviceState, GateDevice

# A clock that drifts less than this is read anew only when something is uploaded.
DRIFT = timedelta(seconds=2)

# One row a device; what is not said stays as it was, and numbers never fall.
REPORT = """
INSERT INTO ticketing_devicestate AS s
    (device_id, seen_at, pack_number, synced_at, drained_number, battery, waiting, offset_ms, app)
VALUES (%(device)s, %(at)s, %(number)s, %(synced_at)s, %(drained)s, %(battery)s, %(waiting)s,
        %(offset_ms)s, %(app)s)
ON CONFLICT (device_id) DO UPDATE SET
    seen_at = GREATEST(s.seen_at, EXCLUDED.seen_at),
    pack_number = GREATEST(s.pack_number, EXCLUDED.pack_number),
    synced_at = GREATEST(s.synced_at, EXCLUDED.synced_at),
    drained_number = GREATEST(s.drained_number, EXCLUDED.drained_number),
    battery = COALESCE(EXCLUDED.battery, s.battery),
    waiting = COALESCE(EXCLUDED.waiting, s.waiting),
    offset_ms = COALESCE(EXCLUDED.offset_ms, s.offset_ms),
    app = COALESCE(NULLIF(EXCLUDED.app, ''), s.app)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a device says of itself. `pack_number`: the newest part that it holds."""

    pack_number: int | None = None
    battery: int | None = None
    waiting: int | None = None
    device_at: datetime | None = None
    app: str = ""


def keep_report(*, device_id: int, report: Report, at: datetime) -> None:
    """Remember when a device was heard and how it is; later words win, numbers never fall."""
    number = report.pack_number or 0
    offset = at - report.device_at if report.device_at else None
    asked: dict[str, Any] = {
        "device": device_id,
        "at": at,
        "number": number,
        "synced_at": at if number else None,
        # Nothing waits: all that it scanned while it knew less is here.
        "drained": number if report.waiting == 0 else 0,
        "battery": report.battery,
        "waiting": report.waiting,
        "offset_ms": offset // timedelta(milliseconds=1) if offset is not None else None,
        "app": report.app,
    }
    with connection.cursor() as cursor:
        cursor.execute(REPORT, asked)


def read_clock(*, device_id: int, device_at: datetime, at: datetime) -> ClockReading:
    """Note how far the device's clock is from ours at this moment."""
    offset_ms = (at - device_at) // timedelta(milliseconds=1)
    reading, _new = ClockReading.objects.get_or_create(
        device_id=device_id, device_at=device_at, defaults={"offset_ms": offset_ms}
    )
    return reading


def has_drifted(*, device_id: int, device_at: datetime, at: datetime) -> bool:
    """True when the clock is not where the last report left it."""
    state = DeviceState.objects.filter(device=device_id).first()
    if state is None or state.offset_ms is None:
        return True
    return abs(at - device_at - timedelta(milliseconds=state.offset_ms)) > DRIFT


@dataclass(frozen=True, slots=True)
class Seated:
    device: GateDevice


@dataclass(frozen=True, slots=True)
class NoSuchGate:
    """The code on the wall is not of a gate of the device's site."""


def take_seat(*, device_id: int, site_slug: str, gate_code: str) -> Seated | NoSuchGate:
    """Move a device to the gate whose code it scanned; to another site only by enrolling anew.

    What it scans online counts there after the few seconds that a seat is remembered.
    """
    device = GateDevice.objects.select_related("gate__site").get(pk=device_id)
    gate = Gate.objects.filter(
        site=device.gate.site_id, site__slug=site_slug, code=gate_code
    ).first()
    if gate is None:
        return NoSuchGate()
    GateDevice.objects.filter(pk=device_id).update(gate=gate)
    device.gate = gate
    return Seated(device)
