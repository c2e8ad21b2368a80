"""Messages of providers: proven, stored raw before they are answered, and worked on after."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog

from payments.domain.bank_feed import keep_lines, match_lines
from payments.domain.claiming import claimed, wait_after
from payments.domain.confirming import confirm
from payments.domain.disputing import follow_dispute_message
from payments.domain.refunding import follow_message
from payments.domain.settlement import settle
from payments.gateways.lines import feed_of, listeners, listens, source_of
from payments.gateways.protocol import (
    About,
    GatewayUnavailable,
    MessageSource,
    ProviderEvent,
    Subject,
    Verdict,
    WebhookRefused,
)
from payments.gateways.vietqr.feeds import TEST
from payments.models import MerchantAccount, WebhookEvent

log = structlog.get_logger("payments.webhooks")


def receive(*, provider: str, body: bytes, headers: Mapping[str, str], at: datetime) -> Verdict:
    """Keep a message that is proven to be the provider's, and say what became of it.

    The same one twice is one row. What proves money by itself is recorded now; everything else
    waits for a task.
    """
    lines = listeners(provider, body=body)
    if not lines and not listens(provider):
        return Verdict.NOBODY_LISTENS
    if not body:
        return Verdict.EMPTY
    account, source, read = _read(lines, body=body, headers=headers)
    if source is None or isinstance(read, WebhookRefused):
        reason = getattr(read, "reason", "")
        log.warning("webhook refused", provider=provider, reason=reason, bytes=len(body))
        return Verdict.EMPTY if getattr(read, "incomplete", False) else Verdict.UNPROVEN
    if read.type == TEST:
        return Verdict.RECORDED
    event = _store(read, provider=provider, account=account, body=body, at=at)
    if source.state_in(body) is None:
        return Verdict.RECORDED
    return _confirm_now(event, source=source, at=at)


def _confirm_now(event: WebhookEvent, *, source: MessageSource, at: datetime) -> Verdict:
    try:
        return _work_on(event, source=source, at=at)
    except Exception:
        # It is stored: a task comes back to it, and the provider too.
        log.exception("confirmation failed", event_id=event.event_id)
        return Verdict.FAILED


def _store(
    read: ProviderEvent,
    *,
    provider: str,
    account: MerchantAccount | None,
    body: bytes,
    at: datetime,
) -> WebhookEvent:
    row = WebhookEvent(
        provider=provider,
        account=account,
        event_id=read.event_id,
        type=read.type[:100],
        body=body,
        api_version=read.api_version[:40],
        received_at=at,
        due_at=at,
    )
    # One that is there already only says which row it is.
    WebhookEvent.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["provider", "event_id"],
        update_fields=["event_id"],
    )
    return row


def _read(
    lines: list[tuple[MerchantAccount | None, MessageSource]],
    *,
    body: bytes,
    headers: Mapping[str, str],
) -> tuple[MerchantAccount | None, MessageSource | None, ProviderEvent | WebhookRefused]:
    """Find whose secret proves the message."""
    refused = WebhookRefused("nobody listens")
    for account, source in lines:
        read = source.read_webhook(body=body, headers=headers)
        if isinstance(read, ProviderEvent):
            return account, source, read
        refused = read
    return None, None, refused


def process_messages(*, at: datetime) -> int:
    """Work on every message that is due; return how many were. A failure waits, and longer."""
    due = WebhookEvent.objects.filter(processed_at__isnull=True, due_at__lte=at)

    def put_off(event: WebhookEvent) -> None:
        event.attempts += 1
        event.due_at = at + wait_after(event.attempts)
        event.save(update_fields=["attempts", "due_at"])

    seen = 0
    for event in claimed(due.select_related("account").order_by("due_at", "pk"), put_off=put_off):
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


def replay(*, events: Sequence[int], at: datetime) -> int:
    """Have stored messages worked on once more, whatever came of them; how many wait now."""
    return WebhookEvent.objects.filter(pk__in=events).update(
        processed_at=None, due_at=at, attempts=0, last_error=""
    )


def process(event: WebhookEvent, *, at: datetime) -> Verdict:
    """Do what the message calls for; any number of times is once."""
    source = source_of(event.provider, account=event.account)
    if source is None:
        raise GatewayUnavailable(f"{event.provider} is not set up")
    return _work_on(event, source=source, at=at)


def _work_on(event: WebhookEvent, *, source: MessageSource, at: datetime) -> Verdict:
    proven = source.state_in(bytes(event.body))
    if proven is None:
        verdict = _follow(event, source.subject_of(bytes(event.body)), at=at)
    else:
        verdict = confirm(provider=event.provider, account=event.account, state=proven, at=at)
    WebhookEvent.objects.filter(pk=event.pk).update(processed_at=at, last_error="")
    return verdict


def _follow(event: WebhookEvent, subject: Subject, *, at: datetime) -> Verdict:
    """Fetch the state of what the message is about; what it says about it is not used."""
    provider, account, reference = event.provider, event.account, subject.reference
    match subject.about:
        case About.PAYMENT:
            settle(provider=provider, reference=reference, account=account, at=at)
        case About.REFUND:
            follow_message(provider=provider, reference=reference, account=account, at=at)
        case About.DISPUTE:
            follow_dispute_message(provider=provider, reference=reference, account=account, at=at)
        case About.CREDITS:
            _keep_lines(event, at=at)
        case About.NOTHING:
            pass
    return Verdict.RECORDED


def _keep_lines(event: WebhookEvent, *, at: datetime) -> None:
    """Keep what a service tells of an account, and see at once what it pays."""
    account = event.account
    feed = None if account is None else feed_of(event.provider, account=account)
    if account is None or feed is None:
        raise GatewayUnavailable(f"{event.provider} is not set up")
    lines = feed.credits_in(bytes(event.body))
    keep_lines(account=account, source=event.provider, lines=lines, at=at, event=event)
    match_lines(at=at)


def note_failure(event: WebhookEvent, reason: str) -> None:
    log.warning("webhook waits", event_id=event.event_id, reason=reason)
    WebhookEvent.objects.filter(pk=event.pk).update(last_error=reason[:500])
