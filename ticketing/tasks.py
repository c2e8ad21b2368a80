"""Alarm clocks of ticketing: each looks for rows that wait."""

from celery import shared_task
from django.utils import timezone

from ticketing.domain import (
    calendars,
    closure_cases,
    closure_mails,
    delivery,
    holds,
    recounting,
    revenue,
    signing_keys,
)

# Some seconds of work; the next turn goes on.
ORDERS_A_TURN = 300


@shared_task
def release_holds() -> int:
    """Every minute, by beat. Safe to repeat; safe to miss a turn."""
    return holds.release_expired_holds(at=timezone.now())


@shared_task
def deliver_tickets() -> int:
    """Every half minute, by beat. Safe to repeat; a missed turn only delays a mail."""
    return delivery.deliver_tickets(at=timezone.now())


@shared_task
def keep_signing_keys() -> None:
    """Every hour, by beat. Issuing makes its own key when this never ran."""
    signing_keys.ensure_keys(at=timezone.now())


@shared_task
def settle_admissions() -> int:
    """Every hour, by beat. Safe to repeat; a missed turn only delays the places' money."""
    return revenue.settle_admissions(at=timezone.now())


@shared_task
def work_on_closures() -> int:
    """Every five seconds, by beat. Safe to repeat, to stop and to kill: each order is a row."""
    return closure_cases.work_on_cases(at=timezone.now(), limit=ORDERS_A_TURN)


@shared_task
def find_latecomers_of_closures() -> int:
    """Every five minutes, by beat, for money that was late. Safe to repeat; safe to miss a turn."""
    return closure_cases.look_for_latecomers(at=timezone.now())


@shared_task
def tell_of_closures() -> int:
    """Every ten seconds, by beat. Safe to repeat; a missed turn only delays a mail."""
    return closure_mails.tell_buyers(at=timezone.now())


@shared_task
def write_calendars() -> None:
    """Every hour, by beat: the slots of the coming days. Safe to repeat; safe to miss a turn."""
    calendars.write_calendars(at=timezone.now())


@shared_task
def recount_capacity() -> None:
    """Every night, by beat. Safe to repeat; a missed night is made up for by the next."""
    recounting.recount_capacity(at=timezone.now())
