"""Messages of providers: proven, stored raw before they are answered, and worked on after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from payments.domain.claiming import claimed, wait_after
from payments.domain.refunding import follow_message
from payments.domain.settlement import settle
from payments.gateways.lines import gateway_of, listeners
from payments.gateways.protocol import (
    About,
    GatewayUnavailable,
    PaymentGateway,
    ProviderEvent,
    WebhookRefused,
)
from payments.models import MerchantAccount, WebhookEvent

log = structlog.get_logger("payments.webhooks")


@dataclass(frozen=True, slots=True)
class Stored:
    """The message waits in the inbox, from now or from before."""


@dataclass(frozen=True, slots=True)
class NobodyListens:
    """Nobody has set this provider up here."""


def store_message(
    *, provider: str, body: bytes, headers: Mapping[str, str], at: datetime
) -> Stored | WebhookRefused | NobodyListens:
    """Keep a message that is proven to be the provider's; the same one twice is one row."""
    lines = listeners(provider)
    if not lines:
        return NobodyListens()
    account, event = _read(lines, body=body, headers=headers)
    if isinstance(event, WebhookRefused):
        log.warning("webhook refused", provider=provider, reason=event.reason, bytes=len(body))
        return event
    row = WebhookEvent(
        provider=provider,
        account=account,
        event_id=event.event_id,
        type=event.type[:100],
        body=body,
        api_version=event.api_version[:40],
        received_at=at,
        due_at=at,
    )
    WebhookEvent.objects.bulk_create([row], ignore_conflicts=True)
    return Stored()


def _read(
    lines: list[tuple[MerchantAccount | None, PaymentGateway]],
    *,
    body: bytes,
    headers: Mapping[str, str],
) -> tuple[MerchantAccount | None, ProviderEvent | WebhookRefused]:
    """Find whose secret proves the message."""
    read: ProviderEvent | WebhookRefused = WebhookRefused("nobody listens")
    for account, gateway in lines:
        read = gateway.read_webhook(body=body, headers=headers)
        if isinstance(read, ProviderEvent):
            return account, read
    return None, read


def process_messages(*, at: datetime) -> int:
    """Work on every message that is due; return how many were. A failure waits, and longer."""
    due = WebhookEvent.objects.filter(processed_at__isnull=True, due_at__lte=at)

    def put_off(event: WebhookEvent) -> None:
        event.attempts += 1
        event.due_at = at + wait_after(event.attempts)
        event.save(update_fields=["attempts", "due_at"])

    seen = 0
    for event in claimed(due.select_related("account").order_by("due_at"), put_off=put_off):
        seen += 1
        try:
            process(event, at=at)
        except GatewayUnavailable as error:
            note_failure(event, str(error))
        except Exception as error:
            # One bad message must not hold up the others.
            log.exception("webhook failed", event_id=event.event_id)
            note_failure(event, type(error).__name__)
    return seen


def process(event: WebhookEvent, *, at: datetime) -> None:
    """Do what the message calls for: fetch the state of what it is about, nothing else."""
    account = event.account
    gateway = gateway_of(event.provider, account=account)
    if gateway is None:
        raise GatewayUnavailable(f"{event.provider} is not set up")
    subject = gateway.subject_of(bytes(event.body))
    provider, reference = event.provider, subject.reference
    match subject.about:
        case About.PAYMENT:
            settle(provider=provider, reference=reference, account=account, at=at)
        case About.REFUND:
            follow_message(provider=provider, reference=reference, account=account, at=at)
        case About.CREDITS | About.NOTHING:
            pass
    WebhookEvent.objects.filter(pk=event.pk).update(processed_at=at, last_error="")


def note_failure(event: WebhookEvent, reason: str) -> None:
    log.warning("webhook waits", event_id=event.event_id, reason=reason)
    WebhookEvent.objects.filter(pk=event.pk).update(last_error=reason[:500])
