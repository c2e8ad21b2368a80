"""Freezing a quarter of a full year: a thousand sites, millions of payments and scans."""

import resource
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from bench.figures import Figure, Target
from bench.load import Measured, Request
from bench.orders import EMAIL, PRODUCT
from bench.run import USUAL, Run, WrongAnswersError
from payments.models import Payment, PaymentAttempt
from reporting.domain.calendar import ReportingWindow
from reporting.domain.freezing import Frozen, freeze
from reporting.models import RegistryEntry, ReportingBody
from sites.domain.synthetic import make_synthetic_places
from sites.models import Organisation, User
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.models import Product, RevenueShare, Tariff, Ticket

SITES = 1_000
SCANS_EACH = 2
YEAR = 2026
QUARTERS = [ReportingWindow(YEAR, quarter) for quarter in range(1, 5)]
FREEZE_LIMIT_MS = 120_000
ANSWER_LIMIT_MS = 300
MEBIBYTE = 1024
MOST_MEMORY_MB = 1024
# The nth of `count` sales, spread evenly over the year.
MOMENT = "%(first)s::timestamptz + nth * (%(length)s::interval / %(count)s)"
SALES = "generate_series(1, %(count)s) nth"
LISTED = """
INSERT INTO payments_listedmovement (provider, source, kind, reference, amount, occurred_at, day,
                                     listed_at, listed_in, times)
SELECT 'vnpay', 'provider', 'payment', 'bench-' || nth, 1, at, at::date, at + interval '1 day',
       'bench', 1
FROM generate_series(1, %(count)s) nth,
     LATERAL (SELECT %(first)s::timestamptz + nth * (%(length)s::interval / %(count)s) AS at) when_
"""
# One in fifty goes back; some of it after the freeze of its quarter.
REFUNDED = """
INSERT INTO payments_refund (payment_id, amount, reason, status, requested_at, due_at,
    provider_reference, attempts, last_error, returns, needs_two_people, transfer_reference)
SELECT id, amount, 'order_cancelled', 'succeeded', received_at + interval '5 days', received_at,
       '', 0, '', 0, false, ''
FROM payments_payment WHERE id > 100000000 AND id %% 50 = 0
"""
SCANNED = """
INSERT INTO ticketing_scan (scan_id, device_id, gate_id, ticket_id, outcome, people, scanned_at,
                            received_at)
SELECT gen_random_uuid(), 1, 9000000 + nth %% %(sites)s, 100000000 + nth, 'admitted', 1, at, at
FROM generate_series(1, %(count)s) nth, generate_series(1, %(each)s) turn,
     LATERAL (SELECT %(first)s::timestamptz + nth * (%(length)s::interval / %(count)s)
                     + turn * interval '2 hours' AS at) when_
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """The rows that all others are copies of."""

    order: int
    line: int
    ticket: int
    attempt: int
    payment: int
    product: int


def report(run: Run) -> Iterator[Figure]:
    """Freeze the four quarters, and read the last of them as everybody does."""
    body = fill(payments=run.payments)
    *_earlier, (took, memory) = [_frozen(body, window) for window in QUARTERS]
    yield Figure(
        name="report_freeze",
        connections=1,
        measured=Measured(rate=1 / took, p50_ms=took * 1000, p99_ms=took * 1000, done=1),
        target=Target(p99_ms=FREEZE_LIMIT_MS),
        places=SITES,
    )
    yield Figure(
        name="report_memory_mb",
        connections=1,
        measured=Measured(rate=0, p50_ms=memory, p99_ms=memory, done=1),
        target=Target(p99_ms=MOST_MEMORY_MB),
        places=SITES,
    )
    path = f"/api/v1/reports/adoption?window={QUARTERS[-1]}"
    yield Figure(
        name="report_read",
        connections=USUAL,
        measured=run.ask([Request(path)], name="report_read", connections=USUAL),
        limit=run.limit_without_database(connections=USUAL),
        target=Target(p99_ms=ANSWER_LIMIT_MS),
        places=SITES,
    )


def _frozen(body: ReportingBody, window: ReportingWindow) -> tuple[float, float]:
    started = time.monotonic()
    done = freeze(body=body, window=window, at=window.freezes_at)
    took = time.monotonic() - started
    if not isinstance(done, Frozen):
        raise WrongAnswersError("The window was not frozen.")
    return took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE


def fill(*, payments: int) -> ReportingBody:
    """Make a year by copying one sale: minutes, not hours."""
    make_synthetic_places(count=SITES, seed=1)
    frame = _one_sale()
    with transaction.atomic(), connection.cursor() as cursor:
        # Copies of sound rows need no second look; the planner is told at the end.
        cursor.execute("SET LOCAL session_replication_role = replica")
        _places(frame)
        _sales(frame, payments)
        _seen()
        body = _body()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return body


def _one_sale() -> Frame:
    at = datetime(YEAR, 6, 1, 3, tzinfo=UTC)
    product = Product.objects.get(slug=PRODUCT)
    line = LineWanted(
        product_id=product.pk, category="adult", quantity=1, visit_date=date(YEAR, 6, 2)
    )
    wish = Wish(lines=[line], language="vi", email=EMAIL)
    placed = place_order(idempotency_key="bench-report", wish=wish, at=at)
    paid = pay_order(order=placed.order, at=at) if isinstance(placed, OrderPlaced) else None
    if not isinstance(paid, OrderPaid):
        raise WrongAnswersError("The sale that all others copy was refused.")
    order = paid.order
    facts = {"order": order, "provider": "vnpay", "amount": order.total}
    organisation = product.organisation
    attempt = PaymentAttempt.objects.create(
        **facts, organisation=organisation, status="succeeded", provider_reference="bench",
        created_at=at, expires_at=at, due_at=at, closed_at=at,
    )  # fmt: skip
    payment = Payment.objects.create(
        **facts, attempt=attempt, provider_reference="bench", received_at=at, settles_order=True,
        organisation=organisation,
    )  # fmt: skip
    ticket = Ticket.objects.get(line__order=order)
    return Frame(order.pk, order.lines.get().pk, ticket.pk, attempt.pk, payment.pk, product.pk)


def copy(
    table: str, template: str, changed: Mapping[str, str], *, source: str, **values: Any
) -> None:
    """Insert a copy of one row for each row of `source`, with some columns of its own."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT column_name FROM information_schema.columns
            WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position""",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
        told = [changed.get(name, f"one.{name}") for name in columns]
        one = f"(SELECT * FROM {table} WHERE {template}) one"  # noqa: S608 - our own names
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608 - as above
            f" SELECT {', '.join(told)} FROM {source}, {one}",
            values,
        )


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _places(frame: Frame) -> None:
    """A product, a gate and a scanner for each of the places."""
    execute("CREATE TEMPORARY TABLE place ON COMMIT DROP AS SELECT id AS site_id,"
            " row_number() OVER (ORDER BY id) - 1 AS number"
            " FROM heritage_sites_heritagesite WHERE slug LIKE 'synthetic-%'")  # fmt: skip
    copy("ticketing_product", f"id = {frame.product}",
         {"id": "9000000 + number", "slug": "'bench-' || number"}, source="place")  # fmt: skip
    execute("INSERT INTO ticketing_entitlement (product_id, site_id, entries, position)"
            " SELECT 9000000 + number, site_id, 1, 0 FROM place")  # fmt: skip
    tariff = Tariff.objects.filter(product=frame.product, category__code="adult").exclude(
        approved_by=""
    )
    copy("ticketing_tariff", f"id = {tariff.latest('effective_from').pk}",
         {"id": "9000000 + number", "product_id": "9000000 + number"}, source="place")  # fmt: skip
    execute("INSERT INTO heritage_sites_gate (id, site_id, code, name, use, location_credit)"
            " SELECT 9000000 + number, site_id, 'bench', 'bench', '', '' FROM place")  # fmt: skip


def _sales(frame: Frame, payments: int) -> None:
    """Orders, lines, tickets, payments, what the provider lists of them, and two scans for each."""
    year = QUARTERS[-1].ends_at - QUARTERS[0].starts_at - timedelta(days=1)
    size: dict[str, Any] = {"count": payments, "first": QUARTERS[0].starts_at, "length": year}
    product, name, base = f"9000000 + nth %% {SITES}", "'bench-' || nth", "100000000 + nth"
    copy("ticketing_order", f"id = {frame.order}", {
        "id": base, "code": "lpad(to_hex(nth), 8, '0')", "idempotency_key": name,
        "email": "'b' || nth || '@example.org'", "created_at": MOMENT, "paid_at": MOMENT,
    }, source=SALES, **size)  # fmt: skip
    copy("ticketing_orderline", f"id = {frame.line}",
         {"id": base, "order_id": base, "product_id": product}, source=SALES, **size)  # fmt: skip
    copy("ticketing_ticket", f"id = {frame.ticket}", {
        "id": base, "line_id": base, "product_id": product, "issued_at": MOMENT,
    }, source=SALES, **size)  # fmt: skip
    copy("payments_paymentattempt", f"id = {frame.attempt}", {
        "id": base, "order_id": base, "provider_reference": name,
    }, source=SALES, **size)  # fmt: skip
    copy("payments_payment", f"id = {frame.payment}", {
        "id": base, "order_id": base, "attempt_id": base, "received_at": MOMENT,
        "provider_reference": name,
    }, source=SALES, **size)  # fmt: skip
    share = RevenueShare.objects.filter(line=frame.line).order_by("pk")[0]
    copy("ticketing_revenueshare", f"id = {share.pk}", {
        "id": base, "line_id": base, "at": MOMENT, "site_id": "place.site_id",
    }, source=f"{SALES} JOIN place ON place.number = nth %% {SITES}", **size)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LISTED, size)
        cursor.execute(REFUNDED, {})
        cursor.execute(SCANNED, {**size, "sites": SITES, "each": SCANS_EACH})


SNAPSHOTS = """
INSERT INTO reporting_offersnapshot (site_id, day, hour, taken_at, open_day, on_offer, products,
                                     methods, failure, answer_hash)
SELECT site_id, (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
       extract(hour FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh'), at, true, true,
       jsonb_build_array(jsonb_build_object('id', 9000000 + number)), '["vnpay"]', '', ''
FROM place, generate_series(%s::timestamptz, %s::timestamptz, interval '6 hours') at
"""
PROBES = """
INSERT INTO reporting_buyprobe (site_id, day, hour, probed_at, product_id, succeeded, methods,
                                failure, duration_ms)
SELECT site_id, (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
       extract(hour FROM at AT TIME ZONE 'Asia/Ho_Chi_Minh'), at, 9000000 + number, true,
       '["vnpay"]', '', 90
FROM place, generate_series(%s::timestamptz, %s::timestamptz, interval '1 hour') at
"""


def _seen() -> None:
    """Snapshots of the year and the probes of its last quarter."""
    hour, ends = timedelta(hours=1), QUARTERS[-1].ends_at - timedelta(hours=1)
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOTS, [QUARTERS[0].starts_at + hour, ends])
        cursor.execute(PROBES, [QUARTERS[-1].starts_at, ends])


def _body() -> ReportingBody:
    organisation, _made = Organisation.objects.get_or_create(slug="bench-department")
    body = ReportingBody.objects.create(
        organisation=organisation, operates_from=QUARTERS[0].first_day
    )
    lan, minh = (User.objects.create(username=f"bench-{name}") for name in ("lan", "minh"))
    at = QUARTERS[0].starts_at - timedelta(days=9)
    with connection.cursor() as cursor:
        cursor.execute("SELECT site_id FROM place ORDER BY number")
        site_ids = [row[0] for row in cursor.fetchall()]
    # The triggers sleep in this transaction: versions are put in as they would be in force.
    RegistryEntry.objects.bulk_create(
        RegistryEntry(
            organisation=organisation, site_id=site_id, kind="di_tich", paid=True, reason="bench",
            in_scope_from=QUARTERS[0].first_day, proposed_by=lan, proposed_at=at,
            approved_by=minh, approved_at=at,
        )
        for site_id in site_ids
    )  # fmt: skip
    return ReportingBody.objects.select_related("organisation").get(pk=body.pk)
