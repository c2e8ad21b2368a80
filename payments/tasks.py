from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from payments.domain import (
    bank_feed,
    cancellations,
    refunding,
    sweeping,
    taking,
    telling,
    webhook_inbox,
)
from payments.domain.ledger import from_lists, splits
from payments.domain.reconciling import asking, bank, fetching, nightly
from ticketing.domain.visit_days import day_of


@shared_task
def process_webhooks() -> int:
    """Nudged by each webhook, and every few seconds by beat. Safe to repeat; safe to miss."""
    return webhook_inbox.process_messages(at=timezone.now())


@shared_task
def read_bank_accounts() -> int:
    """By beat: what no message told is in the bank's list. Safe to repeat; safe to miss."""
    at = timezone.now()
    bank_feed.read_accounts(at=at)
    return bank_feed.match_lines(at=at)


@shared_task
def sweep_payments() -> int:
    """By beat: ask for what never came. Safe to repeat; safe to miss a turn."""
    return sweeping.sweep(at=timezone.now())


@shared_task
def send_refunds() -> int:
    """By beat: give back what must go back. Safe to repeat; safe to miss a turn."""
    now = timezone.now()
    taking.return_parts(at=now)
    cancellations.refund_cancellations(at=now)
    return refunding.send_refunds(at=now)


@shared_task
def post_shares() -> int:
    """By beat: divide what was earned in the books. Safe to repeat; safe to miss a turn."""
    return splits.post_shares(at=timezone.now())


@shared_task
def tell_buyers() -> int:
    """By beat: mail what happened to somebody's money. Safe to repeat; safe to miss a turn."""
    return telling.send_messages(at=timezone.now())


@shared_task
def reconcile() -> int:
    """By beat, at night: three lists of the same money. Safe to repeat; safe to miss a turn."""
    now = timezone.now()
    today = day_of(now)
    for back in range(nightly.LOOK_BACK.days, 0, -1):
        fetching.fetch_lists(day=today - timedelta(days=back), at=now)
        bank.list_bank_lines(day=today - timedelta(days=back), at=now)
    bank.post_unmatched(at=now)
    from_lists.post_fees_and_payouts(at=now)
    return sum(one.found for one in nightly.reconcile_lately(today=today, at=now))


@shared_task
def ask_about_money() -> int:
    """By beat, before `reconcile`: payments of providers without a list, a few in each turn.

    Safe to repeat; safe to miss a turn.
    """
    now, pace = timezone.now(), asking.Pace()
    days = [day_of(now) - timedelta(days=back) for back in range(nightly.LOOK_BACK.days, 0, -1)]
    return sum(asking.ask_about(day=day, at=now, pace=pace) for day in days)
