"""Whether anything came after a freeze that the window is about."""

from datetime import datetime

from reporting.domain.evidence.span import Span, ask

LATE = """
SELECT EXISTS (
    SELECT FROM payments_refund refund JOIN payments_payment payment
        ON payment.id = refund.payment_id
    WHERE refund.requested_at > %(since)s AND refund.requested_at <= %(known)s
      AND payment.received_at >= %(starts)s AND payment.received_at < %(ends)s)
OR EXISTS (
    SELECT FROM ticketing_cancellation
    JOIN payments_payment payment ON payment.order_id = ticketing_cancellation.order_id
    WHERE cancelled_at > %(since)s AND cancelled_at <= %(known)s
      AND payment.received_at >= %(starts)s AND payment.received_at < %(ends)s)
OR EXISTS (
    SELECT FROM payments_listedmovement
    WHERE listed_at > %(since)s AND listed_at <= %(known)s AND kind = 'payment'
      AND day BETWEEN %(first)s::date - 7 AND %(last)s::date + 7)
OR EXISTS (
    SELECT FROM ticketing_gateevent
    WHERE received_at > %(since)s AND received_at <= %(known)s
      AND happened_at >= %(starts)s - interval '1 day'
      AND happened_at < %(ends)s + interval '1 day')
OR EXISTS (
    SELECT FROM ticketing_entryverdict
    WHERE decided_at > %(since)s AND decided_at <= %(known)s
      AND at >= %(starts)s AND at < %(ends)s)
OR EXISTS (
    SELECT FROM reporting_counterpayment
    WHERE received_at > %(since)s AND received_at <= %(known)s
      AND settled_at >= %(starts)s AND settled_at < %(ends)s)
OR EXISTS (
    SELECT FROM reporting_handcount
    WHERE received_at > %(since)s AND received_at <= %(known)s
      AND day BETWEEN %(first)s AND %(last)s)
"""


def has_late_facts(span: Span, *, since: datetime) -> bool:
    """Cheap beside computing the window anew."""
    ((late,),) = ask(LATE, span, since=since)
    return bool(late)
