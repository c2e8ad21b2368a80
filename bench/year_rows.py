"""What a year of many places consists of, each kind of row as one statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

SITES = 1_000
# For each so many sales one answer, one visit of a tour, one play in each of two languages.
ANSWERS, VISITS, PLAYS = 20, 10, 10
# Above every id that is there.
ABOVE = 100_000_000
PLACE = 9_000_000
ROOM = 16
DEVICE = PLACE
PLACES = (
    "(SELECT id AS site_id, row_number() OVER (ORDER BY id) - 1 AS nr"
    " FROM heritage_sites_heritagesite WHERE slug LIKE 'synthetic-%%') place"
)
# The nth of `count` sales, spread evenly over the year.
MOMENT = "(%(first)s::timestamptz + nth * (%(length)s::interval / %(count)s))"
SALES = "generate_series(1, %(count)s) nth"
OPENED = f"""
INSERT INTO ticketing_entitlement (product_id, site_id, entries, position)
SELECT {PLACE} + nr, site_id, 1, 0 FROM {PLACES}
"""  # noqa: S608 - our own words, here and below
GATES = f"""
INSERT INTO heritage_sites_gate (id, site_id, code, name, use, location_credit)
SELECT {PLACE} + nr, site_id, 'bench', 'bench', '', '' FROM {PLACES}
"""  # noqa: S608
LISTED = f"""
INSERT INTO payments_listedmovement (provider, source, kind, reference, amount, occurred_at, day,
                                     listed_at, listed_in, times)
SELECT 'vnpay', 'provider', 'payment', 'bench-' || nth, %(amount)s, at,
       (at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, at + interval '1 day', 'bench', 1
FROM {SALES}, LATERAL (SELECT {MOMENT} AS at) when_
"""  # noqa: S608
# One in fifty goes back; some of it after the freeze of its quarter.
REFUNDED = f"""
INSERT INTO payments_refund (payment_id, amount, reason, status, requested_at, settled_at, due_at,
    provider_reference, attempts, last_error, returns, needs_two_people, transfer_reference)
SELECT {ABOVE} + nth, %(amount)s, 'order_cancelled', 'succeeded', at, at, at, '', 1, '', 0, false,
       ''
FROM {SALES}, LATERAL (SELECT {MOMENT} + interval '5 days' AS at) when_ WHERE nth %% 50 = 0
"""  # noqa: S608
SCANNED = f"""
INSERT INTO ticketing_scan (scan_id, device_id, gate_id, ticket_id, outcome, people, scanned_at,
                            received_at)
SELECT gen_random_uuid(), {DEVICE}, {PLACE} + nth %% {SITES}, {ABOVE} + nth,
       CASE WHEN turn = 1 THEN 'admitted' ELSE 'already_admitted' END, 2 - turn, at, at
FROM {SALES}, generate_series(1, 2) turn,
     LATERAL (SELECT {MOMENT} + turn * interval '40 minutes' AS at) when_
"""  # noqa: S608
ANSWERED = f"""
INSERT INTO reporting_surveyanswer (score, comment, answered_at, device_hash, incentivised,
                                    by_staff, hidden_reason, order_id, site_id)
SELECT CASE WHEN nth %% 11 = 0 THEN 2 ELSE 5 END, '', {MOMENT} + interval '3 hours', '', false,
       false, '', {ABOVE} + nth, site_id
FROM {SALES} JOIN {PLACES} ON nr = nth %% {SITES} WHERE (nth / {SITES} + nth) %% {ANSWERS} = 0
"""  # noqa: S608
VISITED = f"""
INSERT INTO guides_tourvisit (client_id, scenes, started_at, seconds, received_at, staff, tour_id)
SELECT gen_random_uuid(), '{{1}}', at, 40, at, false, {PLACE} + nth %% {SITES}
FROM {SALES}, LATERAL (SELECT {MOMENT} AS at) when_ WHERE (nth / {SITES} + nth) %% {VISITS} = 0
"""  # noqa: S608
PLAYED = f"""
INSERT INTO guides_play (client_id, language, started_at, share_heard, received_at, staff, site_id,
                         stop_id)
SELECT gen_random_uuid(), language, at, 0.95, at, false, site_id,
       {PLACE} + nr * {ROOM}
FROM {SALES} JOIN {PLACES} ON nr = nth %% {SITES}, unnest(ARRAY['vi', 'en']) language,
     LATERAL (SELECT {MOMENT} AS at) when_ WHERE (nth / {SITES} + nth) %% {PLAYS} = 0
"""  # noqa: S608
SNAPSHOTS = f"""
INSERT INTO reporting_offersnapshot (site_id, day, hour, taken_at, open_day, on_offer, products,
                                     methods, failure, answer_hash)
SELECT site_id, day, hour, (day + make_time(hour, 5, 0)) AT TIME ZONE 'Asia/Ho_Chi_Minh', true,
       true, jsonb_build_array(jsonb_build_object('id', {PLACE} + nr)), '["vnpay"]', '', ''
FROM {PLACES}, generate_series(%(from)s::date, %(until)s::date, interval '1 day') moment,
     LATERAL (SELECT moment::date AS day) each, unnest(ARRAY[1, 7, 13, 19]) hour
"""  # noqa: S608
# Only of the last quarter; the earlier ones have nothing to say of any hour.
BUY_PROBES = f"""
INSERT INTO reporting_buyprobe (site_id, day, hour, probed_at, product_id, succeeded, methods,
                                failure, duration_ms)
SELECT site_id, day, hour, (day + make_time(hour, 0, 0)) AT TIME ZONE 'Asia/Ho_Chi_Minh',
       {PLACE} + nr, true, '["vnpay"]', '', 90
FROM {PLACES}, generate_series(%(late)s::date, %(until)s::date, interval '1 day') moment,
     LATERAL (SELECT moment::date AS day) each, generate_series(0, 23) hour
"""  # noqa: S608
PAGE_PROBES = f"""
INSERT INTO reporting_pageprobe (site_id, subject, subject_id, day, probed_at, url, ok, status_code,
                                 failure)
SELECT site_id, 'tour', {PLACE} + nr, day,
       (day + time '04:10') AT TIME ZONE 'Asia/Ho_Chi_Minh', '/tours', true, 200, ''
FROM {PLACES}, generate_series(%(from)s::date, %(until)s::date, interval '1 day') moment,
     LATERAL (SELECT moment::date AS day) each
"""  # noqa: S608
# Whose indexes sleep while they are filled, and are then made in one go; the largest first.
FILLED = (
    "ticketing_scan", "ticketing_order", "ticketing_ticket", "ticketing_orderline",
    "payments_paymentattempt", "payments_payment", "payments_listedmovement",
    "ticketing_revenueshare", "reporting_offersnapshot", "reporting_buyprobe", "guides_play",
    "guides_tourvisit", "reporting_pageprobe", "reporting_surveyanswer", "payments_refund",
)  # fmt: skip
ASLEEP = """
UPDATE pg_index SET indisready = false, indisvalid = false
WHERE indrelid = ANY(%(tables)s::regclass[])
"""
REFERENCES = """
SELECT child.relname, child_column.attname, parent.relname, parent_column.attname
FROM pg_constraint held
JOIN pg_class child ON child.oid = held.conrelid
JOIN pg_class parent ON parent.oid = held.confrelid
JOIN pg_attribute child_column
  ON child_column.attrelid = child.oid AND child_column.attnum = held.conkey[1]
JOIN pg_attribute parent_column
  ON parent_column.attrelid = parent.oid AND parent_column.attnum = held.confkey[1]
WHERE held.contype = 'f' AND child.relname = ANY(%s) ORDER BY child.relname, held.conname
"""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, whoever runs it."""

    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)


def copies(
    table: str, template: str, changed: Mapping[str, str], *, source: str, **values: Any
) -> Step:
    """A copy of each row that the template finds for each row of `source`, with own columns."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT column_name FROM information_schema.columns
            WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position""",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
    told = [changed.get(name, f'one."{name}"') for name in columns]
    # One of the columns is called "order".
    named = ", ".join(f'"{name}"' for name in columns)
    return Step(
        f"INSERT INTO {table} ({named}) SELECT {', '.join(told)}"  # noqa: S608 - our own names
        f" FROM {source}, (SELECT * FROM {table} WHERE {template}) one",
        # Without a value percent signs would stay doubled.
        values or {"no": None},
    )
