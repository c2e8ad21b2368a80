"""Messages of payment providers."""

from typing import Annotated

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from kombu.exceptions import OperationalError
from ninja import Path, Router, Schema

from payments.domain.webhook_inbox import receive
from payments.gateways.answers import prescribed
from payments.gateways.protocol import Verdict
from payments.schemas.refusals import (
    bad_signature,
    message_failed,
    message_too_large,
    nobody_listens,
)
from payments.tasks import process_webhooks
from sites.schemas.problems import Problem

log = structlog.get_logger("payments.webhooks")
router = Router(tags=["payments"])

# Far more than any provider says at once. Anybody may send here.
LARGEST_MESSAGE = 1_048_576

Provider = Annotated[str, Path(pattern=r"^[a-z0-9]{1,16}$")]
ANY_BODY = {
    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
}


class Received(Schema):
    received: bool = True


class NotYours(Schema):
    """What a service that reads bank accounts hears about a message that it did not sign."""

    success: bool = False


ANSWERS = {400: Problem, 401: NotYours, 404: Problem, 413: Problem, 422: Problem, 503: Problem}
REFUSALS = {
    Verdict.NOBODY_LISTENS: nobody_listens,
    Verdict.UNPROVEN: bad_signature,
    Verdict.EMPTY: bad_signature,
    Verdict.FAILED: message_failed,
}


@router.post(
    "/payments/webhooks/{provider}",
    response={200: Received, **ANSWERS},
    openapi_extra=ANY_BODY,
)
def receive_webhook(request: HttpRequest, provider: Provider) -> Received | HttpResponse:
    """Take a signed message of a payment provider. 200 means that it is stored."""
    try:
        body = request.body
    except RequestDataTooBig as error:
        raise message_too_large() from error
    if len(body) > LARGEST_MESSAGE:
        raise message_too_large()
    return answered(request, provider=provider, body=body)


@router.get("/payments/webhooks/{provider}", response={200: Received, **ANSWERS})
def receive_confirmation(request: HttpRequest, provider: Provider) -> Received | HttpResponse:
    """Take a confirmation that is an address (VNPAY). The answer is the one it prescribes."""
    return answered(request, provider=provider, body=request.META["QUERY_STRING"].encode())


def answered(request: HttpRequest, *, provider: str, body: bytes) -> Received | HttpResponse:
    """Store the message, and answer in the words that its sender waits for."""
    verdict = receive(provider=provider, body=body, headers=request.headers, at=timezone.now())
    # What came as an address is worked on already: nobody needs to be woken.
    if verdict == Verdict.RECORDED and request.method == "POST":
        transaction.on_commit(nudge)
    answer = prescribed(provider, verdict)
    if verdict != Verdict.NOBODY_LISTENS and answer is not None:
        return JsonResponse(answer.body, status=answer.status)
    if verdict in REFUSALS:
        refusal = REFUSALS[verdict]
        raise refusal()
    return Received()


def nudge() -> None:
    """Have the message worked on now. Without a queue it waits for the next turn of beat."""
    try:
        process_webhooks.apply_async(retry=False)
    except OperationalError:
        log.warning("no queue")
