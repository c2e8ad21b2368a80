"""Settled payments at the sites: which count, and why the others do not."""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.domain.evidence.span import ROWS_NAMED, STAFF, Span, ask, make_table
from reporting.domain.indicators.facts import MoneyFacts, PairFacts, Rows, SaleFacts

# A line for each place that a payment covers, with the first rule that keeps it from counting.
# `report_entry` says where the tickets of combos were used.
COLLECT = f"""
CREATE TEMPORARY TABLE report_sale ON COMMIT DROP AS
WITH covered AS (
    SELECT product_id, site_id, places > 1 AS combo FROM (
        SELECT product_id, site_id, count(*) OVER (PARTITION BY product_id) AS places
        FROM reporting_entitlement_over_time
        WHERE since < %(then)s AND %(then)s <= until) every
    WHERE site_id = ANY(%(sites)s)
), paid AS (
    SELECT payment.id, payment.order_id, payment.provider, payment.provider_reference,
           payment.amount, payment.received_at,
           -- Most installations have no such line, and then nobody is asked.
           CASE WHEN %(no_tests)s THEN false ELSE EXISTS (
               SELECT FROM payments_paymentattempt attempt
               WHERE attempt.id = payment.attempt_id
                 AND (attempt.account_id = ANY(%(test_accounts)s) OR (attempt.account_id IS NULL
                      AND payment.provider = ANY(%(test_providers)s)))) END AS test
    FROM payments_payment payment
    WHERE payment.use = 'settles' AND payment.received_at >= %(starts)s
      AND payment.received_at < %(ends)s AND payment.received_at <= %(known)s
), back AS (
    SELECT refund.payment_id, sum(refund.amount) AS amount
    FROM payments_refund refund JOIN paid ON paid.id = refund.payment_id
    WHERE refund.requested_at <= %(known)s GROUP BY refund.payment_id
), gone AS (
    SELECT cancelled.line_id, sum(cancelled.people) AS people
    FROM ticketing_cancellationline cancelled
    JOIN ticketing_cancellation cancellation ON cancellation.id = cancelled.cancellation_id
    WHERE cancellation.cancelled_at >= %(starts)s AND cancellation.cancelled_at <= %(known)s
    GROUP BY cancelled.line_id
), visited AS (
    SELECT DISTINCT entry.line_id, entry.site_id
    FROM report_entry entry
    JOIN ticketing_product product ON product.id = entry.product_id AND product.kind = 'combo'
), staff AS (
    SELECT DISTINCT email FROM ({STAFF}) employed
), listed AS (
    SELECT DISTINCT provider, reference FROM payments_listedmovement
    WHERE kind = 'payment' AND listed_at <= %(known)s
      AND day BETWEEN %(first)s::date - 7 AND %(last)s::date + 7
)
SELECT paid.id AS payment_id, line.id AS line_id, line.product_id, covered.site_id,
       paid.received_at, line.amount, line.quantity,
       CASE WHEN paid.test THEN 'test'
            WHEN staff.email IS NOT NULL THEN 'staff'
            WHEN least(paid.amount, line.unit_amount) < %(floor)s THEN 'below_floor'
            WHEN coalesce(back.amount, 0) >= paid.amount
              OR coalesce(gone.people, 0) >= line.quantity THEN 'refunded'
            WHEN listed.reference IS NULL THEN 'not_reconciled'
            WHEN covered.combo AND visited.line_id IS NULL THEN 'not_visited'
            ELSE '' END AS why
FROM paid
JOIN ticketing_order bought ON bought.id = paid.order_id
JOIN ticketing_orderline line ON line.order_id = bought.id
JOIN covered ON covered.product_id = line.product_id
LEFT JOIN back ON back.payment_id = paid.id
LEFT JOIN gone ON gone.line_id = line.id
LEFT JOIN staff ON staff.email = lower(bought.email)
LEFT JOIN listed
  ON listed.provider = paid.provider AND listed.reference = paid.provider_reference
LEFT JOIN visited ON visited.line_id = line.id AND visited.site_id = covered.site_id
WHERE line.amount > 0
"""  # noqa: S608 # what is put together holds no value
COUNTED = """
WITH each AS (
    SELECT DISTINCT site_id, payment_id, received_at FROM report_sale WHERE why = ''
)
SELECT site_id, count(*),
       (array_agg(payment_id ORDER BY received_at, payment_id))[1:%(named)s],
       encode(sha256(convert_to(string_agg(payment_id::text, ',' ORDER BY payment_id), 'UTF8')),
              'hex')
FROM each GROUP BY site_id
"""
REFUSED = """
SELECT site_id, why, count(DISTINCT payment_id) FROM report_sale WHERE why <> ''
GROUP BY site_id, why
"""
# What counts online at the sites; a payment that covers several is one payment.
ONLINE = """
SELECT count(DISTINCT payment_id), coalesce(sum(amount), 0) FROM (
    SELECT DISTINCT payment_id, line_id, amount FROM report_sale WHERE why IN ('', 'not_visited')
) each
"""
COUNTER_BY_SITE = """
WITH each AS (
    SELECT site_id, id, settled_at, amount, CASE WHEN method = 'cash' THEN 'cash'
           WHEN amount < %(floor)s THEN 'below_floor' ELSE '' END AS why
    FROM reporting_counterpayment
    WHERE settled_at >= %(starts)s AND settled_at < %(ends)s AND received_at <= %(known)s
      AND site_id = ANY(%(sites)s)
)
SELECT site_id, why, count(*), sum(amount),
       (array_agg(id ORDER BY settled_at, id))[1:%(named)s],
       encode(sha256(convert_to(string_agg(id::text, ',' ORDER BY id), 'UTF8')), 'hex')
FROM each GROUP BY site_id, why
"""
# Reading 1 of Q2: what is sold at a place, and what of it is offered and paid online.
PAIRS = """
WITH sold AS (
    SELECT site_id, product_id, bool_or(why = '') AS counted FROM report_sale
    WHERE why NOT IN ('staff', 'test') GROUP BY site_id, product_id
), priced AS (
    SELECT DISTINCT product_id FROM ticketing_tariff
    WHERE approved_by <> '' AND amount > 0 AND effective_from <= %(last)s
      AND (effective_to IS NULL OR effective_to > %(last)s)
), offered AS (
    SELECT DISTINCT snapshot.site_id, (product->>'id')::bigint AS product_id
    FROM reporting_offersnapshot snapshot,
         jsonb_array_elements(snapshot.products) AS product
    WHERE snapshot.on_offer AND snapshot.taken_at <= %(known)s AND (snapshot.site_id, snapshot.day)
        IN (SELECT site_id, max(day) FROM reporting_offersnapshot
            WHERE day BETWEEN %(first)s AND %(last)s AND open_day AND taken_at <= %(known)s
              AND site_id = ANY(%(sites)s) GROUP BY site_id)
)
SELECT sold.site_id, count(*),
       count(*) FILTER (WHERE sold.counted AND offered.product_id IS NOT NULL)
FROM sold
JOIN reporting_product_over_time product ON product.id = sold.product_id AND product.on_sale
 AND product.since < %(then)s AND %(then)s <= product.until
JOIN priced ON priced.product_id = sold.product_id
LEFT JOIN offered ON offered.site_id = sold.site_id AND offered.product_id = sold.product_id
GROUP BY sold.site_id
"""


@dataclass(frozen=True, slots=True)
class Sales:
    online: Mapping[int, SaleFacts]
    counter: Mapping[int, SaleFacts]
    pairs: Mapping[int, PairFacts]
    money: MoneyFacts


def collect_sales(span: Span) -> None:
    """Make `report_sale` for the rest of the transaction; `report_entry` is there already."""
    make_table("report_sale", COLLECT, span)


def sales(span: Span) -> Sales:
    counter, cashless, cash = _counter(span)
    ((count, amount),) = ask(ONLINE, span)
    return Sales(
        online=_online(span),
        counter=counter,
        pairs={site_id: PairFacts(pairs, online) for site_id, pairs, online in ask(PAIRS, span)},
        money=MoneyFacts(count, int(amount), *cashless, *cash),
    )


def _online(span: Span) -> dict[int, SaleFacts]:
    refused: dict[int, dict[str, int]] = {}
    for site_id, why, count in ask(REFUSED, span):
        refused.setdefault(site_id, {})[why] = count
    counted = {
        site_id: Rows(tuple(f"payment:{pk}" for pk in first), count, digest)
        for site_id, count, first, digest in ask(COUNTED, span)
    }
    return {
        site_id: SaleFacts(counted.get(site_id, Rows()), refused.get(site_id, {}))
        for site_id in sorted({*counted, *refused})
    }


def _counter(span: Span) -> tuple[dict[int, SaleFacts], tuple[int, int], tuple[int, int]]:
    refused: dict[int, dict[str, int]] = {}
    counted: dict[int, Rows] = {}
    sums = {True: (0, 0), False: (0, 0)}
    for site_id, why, count, amount, first, digest in ask(COUNTER_BY_SITE, span):
        of_cash = why == "cash"
        sums[of_cash] = (sums[of_cash][0] + count, sums[of_cash][1] + int(amount))
        if why:
            refused.setdefault(site_id, {})[why] = count
        else:
            keys = tuple(f"counter_payment:{pk}" for pk in first[:ROWS_NAMED])
            counted[site_id] = Rows(keys, count, digest)
    facts = {
        site_id: SaleFacts(counted.get(site_id, Rows()), refused.get(site_id, {}))
        for site_id in sorted({*counted, *refused})
    }
    return facts, sums[False], sums[True]
