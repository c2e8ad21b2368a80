from celery import shared_task
from django.utils import timezone

from payments.domain import refunding, sweeping, webhook_inbox


@shared_task
def process_webhooks() -> int:
    """Nudged by each webhook, and every few seconds by beat. Safe to repeat; safe to miss."""
    return webhook_inbox.process_messages(at=timezone.now())


@shared_task
def sweep_payments() -> int:
    """By beat: ask for what never came. Safe to repeat; safe to miss a turn."""
    return sweeping.sweep(at=timezone.now())


@shared_task
def send_refunds() -> int:
    """By beat: give back what must go back. Safe to repeat; safe to miss a turn."""
    return refunding.send_refunds(at=timezone.now())
