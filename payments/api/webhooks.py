"""Messages of payment providers."""

from typing import Annotated

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from kombu.exceptions import OperationalError
from ninja import Path, Router, Schema

from payments.domain.webhook_inbox import NobodyListens, Stored, store_message
from payments.gateways.protocol import WebhookRefused
from payments.schemas.refusals import bad_signature, message_too_large, nobody_listens
from payments.tasks import process_webhooks
from sites.schemas.problems import Problem

log = structlog.get_logger("payments.webhooks")
router = Router(tags=["payments"])

Provider = Annotated[str, Path(pattern=r"^[a-z0-9]{1,16}$")]
ANY_BODY = {
    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
}


class Received(Schema):
    received: bool = True


@router.post(
    "/payments/webhooks/{provider}",
    response={200: Received, 400: Problem, 404: Problem, 413: Problem, 422: Problem},
    openapi_extra=ANY_BODY,
)
def receive_webhook(request: HttpRequest, provider: Provider) -> Received:
    """Take a signed message of a payment provider. 200 means that it is stored."""
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise message_too_large() from error
    stored = store_message(provider=provider, body=body, headers=request.headers, at=timezone.now())
    match stored:
        case Stored():
            transaction.on_commit(nudge)
            return Received()
        case WebhookRefused():
            raise bad_signature()
        case NobodyListens():
            raise nobody_listens()


def nudge() -> None:
    """Have the message worked on now. Without a queue it waits for the next turn of beat."""
    try:
        process_webhooks.apply_async(retry=False)
    except OperationalError:
        log.warning("no queue")
