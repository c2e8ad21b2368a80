"""Numbers without a target: tickets, visitors, revenue, refunds, incidents."""

from collections.abc import Iterator, Mapping

from reporting.domain.evidence.span import Span, ask
from reporting.domain.indicators.facts import MoneyFacts
from reporting.domain.indicators.report import ContextNumber, Words
from reporting.domain.indicators.shares import display

TICKETS = """
SELECT coalesce(sum(sold.quantity), 0) FROM (
    SELECT DISTINCT line_id, quantity FROM report_sale WHERE why <> 'test') sold
"""
# What came to each place, by the moment it was booked: never by the year of an invoice.
REVENUE = """
SELECT share.site_id, line.revenue_kind, sum(share.amount)
FROM ticketing_revenueshare share
JOIN ticketing_orderline line ON line.id = share.line_id
WHERE share.at >= %(starts)s AND share.at < %(ends)s AND share.at <= %(known)s
  AND share.site_id = ANY(%(sites)s)
GROUP BY share.site_id, line.revenue_kind ORDER BY share.site_id, line.revenue_kind
"""
REFUNDS = """
SELECT count(*), coalesce(sum(refund.amount), 0) FROM payments_refund refund
WHERE refund.requested_at >= %(starts)s AND refund.requested_at < %(ends)s
  AND refund.requested_at <= %(known)s
  AND EXISTS (
    SELECT FROM payments_payment payment
    JOIN ticketing_orderline line ON line.order_id = payment.order_id
    JOIN reporting_entitlement_over_time opened ON opened.product_id = line.product_id
     AND opened.since < %(then)s AND %(then)s <= opened.until
    WHERE payment.id = refund.payment_id AND opened.site_id = ANY(%(sites)s))
"""
DUPLICATES = """
SELECT count(*) FROM ticketing_incident incident
JOIN reporting_gate_over_time gate ON gate.id = incident.gate_id
 AND gate.since < incident.at AND incident.at <= gate.until
WHERE incident.kind = 'duplicate' AND incident.at >= %(starts)s AND incident.at < %(ends)s
  AND incident.opened_at <= %(known)s AND gate.site_id = ANY(%(sites)s)
  AND (incident.withdrawn_at IS NULL OR incident.withdrawn_at > %(known)s)
"""
ENTRIES = "SELECT count(*) FROM report_entry"
# Minutes of the day in which a gate let people in by itself.
OFFLINE = """
SELECT count(DISTINCT (gate_id, date_trunc('minute', happened_at)))
FROM ticketing_gateevent event JOIN reporting_gate_over_time gate ON gate.id = event.gate_id
 AND gate.since < event.happened_at AND event.happened_at <= gate.until
WHERE event.mode IN ('isolated', 'paper') AND event.kind = 'scan'
  AND event.happened_at >= %(starts)s AND event.happened_at < %(ends)s
  AND event.received_at <= %(known)s AND gate.site_id = ANY(%(sites)s)
"""
PLAYS = """
SELECT language, count(*) FROM guides_play
WHERE NOT staff AND started_at >= %(starts)s AND started_at < %(ends)s
  AND received_at <= %(known)s AND site_id = ANY(%(sites)s)
GROUP BY language ORDER BY language
"""
REVENUE_WORDS = {
    "state_fee": Words("doanh thu phí tham quan", "revenue of state fees"),
    "service": Words("doanh thu dịch vụ", "revenue of services"),
}
VISITORS = Words("lượt khách", "visitors")
PER = 10_000


def context(
    span: Span,
    *,
    people: Mapping[tuple[int, str], int],
    money: MoneyFacts,
    slugs: Mapping[int, str],
) -> tuple[ContextNumber, ...]:
    """All of them, province first, then by site; `report_sale` is there already."""
    return (
        *_of_all(span, people, money),
        *(
            _number("visitors", VISITORS, number, site=slugs[site_id], category=category)
            for (site_id, category), number in sorted(
                people.items(), key=lambda item: (slugs[item[0][0]], item[0][1])
            )
        ),
        *sorted(_revenue(span, slugs), key=lambda one: (one.site, one.code)),
    )


def _of_all(
    span: Span, people: Mapping[tuple[int, str], int], money: MoneyFacts
) -> Iterator[ContextNumber]:
    ((tickets,),) = ask(TICKETS, span)
    ((refunds, given_back),) = ask(REFUNDS, span)
    ((duplicates,),) = ask(DUPLICATES, span)
    ((entries,),) = ask(ENTRIES, span)
    ((offline,),) = ask(OFFLINE, span)
    cashless = money.online_amount + money.counter_cashless_amount
    yield _number("tickets", Words("vé bán", "tickets sold"), tickets)
    yield _number("visitors", VISITORS, sum(people.values()))
    yield ContextNumber(
        "cashless_share",
        Words("tỷ lệ không dùng tiền mặt, theo giá trị", "cashless share by value"),
        cashless,
        display(cashless, cashless + money.cash_amount),
    )
    yield _number("refunds", Words("số lần hoàn tiền", "refunds"), refunds)
    yield _number("refunded", Words("số tiền hoàn", "money given back"), given_back)
    yield _number("duplicates", Words("lượt quét trùng", "duplicate scans"), duplicates)
    yield ContextNumber(
        "duplicates_per_10000",
        Words("lượt quét trùng trên 10.000 lượt", "duplicate scans in 10,000"),
        duplicates,
        _per(duplicates, entries),
    )
    yield _number(
        "offline_minutes", Words("phút cổng hoạt động ngoại tuyến", "offline minutes"), offline
    )
    for language, plays in ask(PLAYS, span):
        label = Words(f"lượt nghe ({language})", f"plays ({language})")
        yield _number(f"plays_{language}", label, plays)


def _revenue(span: Span, slugs: Mapping[int, str]) -> Iterator[ContextNumber]:
    for site_id, kind, amount in ask(REVENUE, span):
        words = REVENUE_WORDS[kind]
        yield _number(f"revenue_{kind}", words, int(amount), site=slugs[site_id])


def _number(
    code: str, label: Words, value: int, *, site: str = "", category: str = ""
) -> ContextNumber:
    shown = f"{int(value):,}".replace(",", ".")
    return ContextNumber(code, label, int(value), shown, site, category)


def _per(count: int, of: int) -> str:
    """In ten thousand, cut after one decimal."""
    if of == 0:
        return "–"
    tenths = count * PER * 10 // of
    return f"{tenths // 10},{tenths % 10}"
