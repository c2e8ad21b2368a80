"""The copy by mail: claimed, sent, tried again, or noted as undeliverable.

The screen is the ticket's first way; this one may come late, or twice, and never stands alone.
"""

from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from django.db import transaction

from ticketing.domain.mail_of_tickets import compose
from ticketing.gateways.mail import NotNow, Refused, Sent, post
from ticketing.models import Order, OrderStatus

log = structlog.get_logger("ticketing.delivery")

FIRST_WAIT = timedelta(minutes=1)
# The waits double: the last try is about a day and a half after the first.
TRIES = 12
# Longer than a task may run: who claimed an order is dead when another worker may take it.
LEASE = timedelta(minutes=10)
GIVEN_UP = "given up after {tries} tries: {reason}"


class MailStatus(StrEnum):
    """What a buyer is told of the mail."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


def mail_status(order: Order) -> MailStatus | None:
    """How far the mail of an order is; None where none will be sent."""
    if order.status != OrderStatus.PAID or not order.email:
        return None
    if order.mail_failed_at is not None:
        return MailStatus.FAILED
    return MailStatus.SENT if order.deliver_after is None else MailStatus.WAITING


def deliver_tickets(*, at: datetime, limit: int = 100) -> int:
    """Send the mails that are due; how many went out. Each order is claimed before it is sent."""
    sent = 0
    for _turn in range(limit):
        order = _claim_one(at)
        if order is None:
            break
        outcome = _deliver(order, at=at)
        sent += isinstance(outcome, Sent)
        if isinstance(outcome, NotNow) and outcome.server_away:
            # The others would wait for the same silence; the next turn asks again.
            break
    return sent


@transaction.atomic
def _claim_one(at: datetime) -> Order | None:
    """Take one order that is due; another worker sees it only after the lease."""
    order = (
        Order.objects.select_for_update(skip_locked=True)
        .filter(deliver_after__lte=at)
        .order_by("deliver_after")
        .first()
    )
    if order is not None:
        order.delivery_attempts += 1
        order.deliver_after = at + LEASE
        order.save(update_fields=["delivery_attempts", "deliver_after"])
    return order


def next_try(*, attempts: int, at: datetime) -> datetime | None:
    """When to try again after this many attempts have failed; None after the last."""
    return at + FIRST_WAIT * 2 ** (attempts - 1) if attempts < TRIES else None


def _deliver(order: Order, *, at: datetime) -> Sent | Refused | NotNow:
    mail = compose(order)
    # Everything was cancelled meanwhile: there is nothing to send any more.
    outcome = Sent() if mail is None else post(mail)
    match outcome:
        case Sent():
            _note(order, delivered_at=at, deliver_after=None)
        case Refused(reason):
            _fail(order, reason=reason, at=at)
        case NotNow(reason):
            _try_later(order, reason=reason, at=at)
    return outcome


def _try_later(order: Order, *, reason: str, at: datetime) -> None:
    again = next_try(attempts=order.delivery_attempts, at=at)
    if again is None:
        _fail(order, reason=GIVEN_UP.format(tries=order.delivery_attempts, reason=reason), at=at)
        return
    log.warning("mail-put-off", order=order.code, reason=reason, again=again.isoformat())
    _note(order, deliver_after=again)


def _fail(order: Order, *, reason: str, at: datetime) -> None:
    log.warning("mail-failed", order=order.code, reason=reason)
    _note(order, deliver_after=None, mail_failed_at=at, mail_failure=reason)


def _note(order: Order, **facts: datetime | str | None) -> None:
    # Only what this worker claimed: who asked for the mail again meanwhile keeps their turn.
    Order.objects.filter(pk=order.pk, deliver_after=order.deliver_after).update(**facts)
