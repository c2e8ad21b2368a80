"""Gate scans: each request lets in the bearer of another ticket that was never used before."""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import orjson
from django.db import connection
from django.utils import timezone

from bench.figures import Figure, Target
from bench.load import Request
from bench.run import CONNECTIONS, USUAL, Run
from sites.models import Gate, HeritageSite, Language
from ticketing.domain.enrolment import Enrolled, enrol, open_enrolment
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.redemption import REDEEM
from ticketing.domain.ticket_token import to_text
from ticketing.domain.visit_days import day_of, start_of
from ticketing.models import Outcome, Product, Scan, Ticket

SITE = "dai-noi"
PRODUCT = "single-dai-noi"
LARGEST_LINE = 255
TARGET = Target(ratio=0.45, p99_ms=30)

# PostgreSQL alone takes copies of one real ticket, whose numbers follow those of the real ones
# on the order's lines. Their ids lie as far apart as random ones do.
COPIES_PER_LINE = 32_000
MOST_COPIES = 2_000_000
COPY = """
INSERT INTO ticketing_ticket
SELECT copy.*
FROM ticketing_ticket model, generate_series(%(first)s::bigint, %(last)s::bigint) nth,
     jsonb_populate_record(model, jsonb_build_object(
         'id', nth * 2654435761 %% 4294967296 * 2147483648,
         'line_id', (%(lines)s::bigint[])[1 + nth / %(per_line)s],
         'number', %(behind)s + nth %% %(per_line)s)) copy
WHERE model.id = %(model)s
"""
NEXT_COPY = r"""
\set ticket :number * 2654435761 % 4294967296 * 2147483648
\set digits random(1000000000000000000, 9000000000000000000)
"""


@dataclass(frozen=True, slots=True)
class Device:
    id: int
    token: str


def gate_scan(run: Run) -> Iterator[Figure]:
    """Measure the gate path, and PostgreSQL alone with the very statement that it sends."""
    gate, devices = enrol_devices(count=max(CONNECTIONS))
    needed = {connections: run.enough(connections=connections) for connections in CONNECTIONS}
    tickets = issue(count=sum(needed.values()))
    for connections in CONNECTIONS:
        alone = run.database_alone(
            redeem_for_pgbench(tickets[0], gate=gate, first_device=devices[0].id),
            name="gate_scan_database",
            connections=connections,
            prepare=partial(copy, tickets[0]),
            written=admitted,
        )
        yield Figure(name="gate_scan_database", connections=connections, measured=alone)
        fresh = [tickets.pop() for _ in range(needed[connections])]
        measured = run.ask_once(
            scans(fresh, devices=devices[:connections], at=timezone.now()),
            name="gate_scan",
            connections=connections,
            written=admitted,
        )
        yield Figure(
            name="gate_scan",
            connections=connections,
            measured=measured,
            limit=run.limit_with(alone, connections=connections),
            target=TARGET if connections == USUAL else None,
        )


def copy(model: Ticket, numbers: range) -> None:
    """Make a copy of the ticket for each of the numbers."""
    lines = model.line.order.lines.order_by("pk").values_list("pk", flat=True)
    asked: dict[str, Any] = {
        "model": model.pk,
        "first": numbers.start,
        "last": numbers.stop - 1,
        "lines": list(lines),
        "per_line": COPIES_PER_LINE,
        "behind": LARGEST_LINE,
    }
    with connection.cursor() as cursor:
        cursor.execute(COPY, asked)
        cursor.execute("VACUUM ANALYZE ticketing_ticket")


def redeem_for_pgbench(model: Ticket, *, gate: Gate, first_device: int) -> str:
    """The statement of the gate path, with its parameters as pgbench can give them."""
    at = f"to_timestamp({timezone.now().timestamp()})"
    parameters = {
        "ticket": ":ticket",
        "token": rf"'\x{bytes(model.token).hex()}'::bytea",
        "device": f"({first_device} + :client_id)",
        "gate": str(gate.pk),
        "gate_site": str(gate.site_id),
        "scan_id": "rpad(:digits::text, 32, '0')::uuid",
        "people": "NULL",
        "document_seen": "false",
        "claimed": "'admitted'",
        "unlimited": "false",
        "site": str(gate.site_id),
        "day": "NULL",
        "at": at,
        "scanned_at": at,
        "rule_judged": "false",
        "broken_rule": "NULL",
        "mode": "'online'",
    }
    asked = re.sub(r"%\((\w+)\)s", lambda found: parameters[found[1]], REDEEM.strip())
    return f"{NEXT_COPY}{asked};\n"


def admitted() -> int:
    return Scan.objects.filter(outcome=Outcome.ADMITTED).count()


def enrol_devices(*, count: int) -> tuple[Gate, list[Device]]:
    """One device for each connection, all at one gate."""
    site = HeritageSite.objects.get(slug=SITE)
    gate, _made = Gate.objects.get_or_create(site=site, code="bench", defaults={"name": "Bench"})
    return gate, [_enrol(gate, number) for number in range(count)]


def _enrol(gate: Gate, number: int) -> Device:
    at = timezone.now()
    enrolled = enrol(code=open_enrolment(gate=gate, at=at), name=f"bench {number}", at=at)
    if not isinstance(enrolled, Enrolled):
        raise TypeError(enrolled)
    return Device(enrolled.device.pk, enrolled.token)


def issue(*, count: int) -> list[Ticket]:
    """Buy this many tickets of one person for today, in one order."""
    now = timezone.now()
    lines = max(-(-count // LARGEST_LINE), MOST_COPIES // COPIES_PER_LINE)
    line = LineWanted(
        product_id=Product.objects.get(slug=PRODUCT).pk,
        category="adult",
        quantity=LARGEST_LINE,
        visit_date=day_of(now),
    )
    placed = place_order(
        idempotency_key=f"bench-{uuid.uuid4()}",
        wish=Wish(lines=[line] * lines, language=Language.VI, email="bench@example.org"),
        # Early enough to buy for today, whatever the hour is.
        at=start_of(day_of(now)) + timedelta(minutes=1),
    )
    if not isinstance(placed, OrderPlaced):
        raise TypeError(placed)
    paid = pay_order(order=placed.order, at=now)
    if not isinstance(paid, OrderPaid):
        raise TypeError(paid)
    return list(paid.tickets)


def scans(tickets: Sequence[Ticket], *, devices: Sequence[Device], at: datetime) -> list[Request]:
    return [
        Request(
            "/api/v1/gate/scans",
            method="POST",
            headers={"Authorization": f"Bearer {devices[number % len(devices)].token}"},
            body=orjson.dumps(
                {
                    "scan_id": uuid.uuid4(),
                    "token": to_text(bytes(ticket.token)),
                    "scanned_at": at,
                }
            ),
        )
        for number, ticket in enumerate(tickets)
    ]
