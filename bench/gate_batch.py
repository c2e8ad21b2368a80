"""Scans told later: batches of a thousand, each scan of another ticket that was never used.

PostgreSQL alone runs the very statements of one batch, in one transaction, with the values that
the server gave them. Both are counted in scans a second.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from time import perf_counter

import orjson
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.figures import Figure, Limit, Target
from bench.gate import Device, enrol_devices, issue
from bench.load import Measured, Request
from bench.run import Run
from ticketing.domain.device_care import Report
from ticketing.domain.scan_log import tell
from ticketing.domain.ticket_token import to_link_part
from ticketing.domain.told_events import ToldEvent
from ticketing.models import GateEvent, Ticket

BATCH = 1000
ALONE_BATCHES = 12
TARGET = Target(ratio=0.6)
CONNECTIONS = (1, 4)
# More batches than two cores take; a run that used them up would count its silence.
ENOUGH_EACH_SECOND = 28


def gate_batch(run: Run) -> Iterator[Figure]:
    """Measure the upload of scans made alone, against PostgreSQL with the same statements."""
    _gate, devices = enrol_devices(count=max(CONNECTIONS))
    batches = dict.fromkeys(CONNECTIONS, ENOUGH_EACH_SECOND * run.seconds)
    tickets = issue(count=BATCH * (sum(batches.values()) + ALONE_BATCHES))
    alone = _alone(devices[0], [_take(tickets) for _ in range(ALONE_BATCHES)])
    yield Figure(name="gate_batch_database", connections=1, measured=alone)
    for connections in CONNECTIONS:
        requests = [
            _request(_take(tickets), device=devices[number % connections])
            for number in range(batches[connections])
        ]
        measured = run.ask_once(
            requests, name="gate_batch", connections=connections, written=_batches_written
        )
        yield Figure(
            name="gate_batch",
            connections=connections,
            measured=replace(measured, rate=measured.rate * BATCH),
            limit=Limit(alone.rate * (1 if connections == 1 else 2), "P, on each core"),
            target=TARGET if connections == 1 else None,
        )


def _take(tickets: list[Ticket]) -> list[Ticket]:
    return [tickets.pop() for _ in range(BATCH)]


def _batches_written() -> int:
    return GateEvent.objects.count() // BATCH


def _request(tickets: Sequence[Ticket], *, device: Device) -> Request:
    at = timezone.now()
    scans = [
        {
            "scan_id": uuid.uuid4(),
            "sequence": ticket.pk & (1 << 53) - 1,
            "token": to_link_part(bytes(ticket.token)),
            "outcome": "admitted",
            "people": 1,
            "scanned_at": at,
        }
        for ticket in tickets
    ]
    return Request(
        "/api/v1/gate/scans/batch",
        method="POST",
        headers={"Authorization": f"Bearer {device.token}"},
        body=orjson.dumps({"scans": scans, "waiting": 0}),
    )


def _alone(device: Device, batches: Sequence[Sequence[Ticket]]) -> Measured:
    """Replay what each batch sent to the database: the time of the statements, nothing of ours.

    Each batch runs once through the server's code, is rolled back, and its statements are sent
    again as they were, with their values written in.
    """
    seconds = []
    for tickets in batches:
        statements = _statements(device, tickets, at=timezone.now())
        started = perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        seconds.append(perf_counter() - started)
    ordered = sorted(seconds)
    return Measured(
        rate=BATCH * len(ordered) / sum(ordered),
        p50_ms=ordered[len(ordered) // 2] * 1000,
        p99_ms=ordered[-1] * 1000,
        done=len(ordered),
    )


def _statements(device: Device, tickets: Sequence[Ticket], *, at: datetime) -> list[str]:
    events = [
        ToldEvent(
            event_id=uuid.uuid4(),
            sequence=ticket.pk & (1 << 53) - 1,
            text=to_link_part(bytes(ticket.token)),
            outcome="admitted",
            people=1,
            happened_at=at,
        )
        for ticket in tickets
    ]
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        tell(device_id=device.id, events=events, report=Report(waiting=0), at=at)
        transaction.set_rollback(True)
    return [
        query["sql"]
        for query in queries.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "ROLLBACK", "COMMIT"))
    ]
