"""A ticket is given to somebody else by a link."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Router, Status

from sites.domain.limits import within_limit
from sites.schemas.caller import address_of, language_of
from sites.schemas.problems import Problem
from ticketing.domain.ticket_ids import to_column
from ticketing.domain.transferring import (
    Accepted,
    NotOffered,
    TakenByAnother,
    accept,
    offer,
    open_transfer,
    transfers_of,
    withdraw,
)
from ticketing.models import Transfer
from ticketing.schemas.refusals import too_many_attempts
from ticketing.schemas.secrets import OrderCode, OrderSecret, order_for
from ticketing.schemas.transfers import (
    AcceptedOut,
    GiftOut,
    OfferedOut,
    TransferCode,
    TransferIn,
    TransferOut,
    TransferSecret,
    TransfersOut,
    accepted_out,
    gift_out,
    not_offered,
    offered_out,
    taken_by_another,
    too_many_transfers,
    transfer_not_found,
    transfer_out,
    transfer_over,
)

router = Router(tags=["transfers"])

RecipientKey = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{16,200}$")]
READS = {404: Problem, 422: Problem, 429: Problem}
LINKS_PER_MINUTE = 20


@router.post("/orders/{code}/transfers", response={201: OfferedOut, 409: Problem, **READS})
def create_transfer(
    request: HttpRequest, code: OrderCode, order_secret: OrderSecret, transfer_in: TransferIn
) -> Status[OfferedOut]:
    """Make a link that gives a ticket away, once; an earlier link for it ends.

    Nothing changes before somebody accepts. Refusals: `not_changeable`, `too_late`,
    `nobody_left`, `already_in_use`, `ticket_not_valid`, `ticket_expired`, `order_not_paid`, and
    404 `unknown_ticket`.
    """
    order = order_for(request, code=code, secret=order_secret)
    if not within_limit(what="transfers", who=order.code, per_minute=LINKS_PER_MINUTE):
        raise too_many_transfers()
    now, ticket_id = timezone.now(), to_column(int(transfer_in.ticket_id, 16))
    offered = offer(order=order, ticket_id=ticket_id, at=now)
    if isinstance(offered, NotOffered):
        raise not_offered(offered)
    return Status(201, offered_out(offered, at=now))


@router.get("/orders/{code}/transfers", response={200: TransfersOut, **READS})
def list_transfers(
    request: HttpRequest, code: OrderCode, order_secret: OrderSecret
) -> TransfersOut:
    """Every link of an order and what became of it, the latest last."""
    order, now = order_for(request, code=code, secret=order_secret), timezone.now()
    items = [transfer_out(each, at=now) for each in transfers_of(order)]
    return TransfersOut(items=items, count=len(items))


@router.post("/orders/{code}/transfers/{transfer}/withdrawal", response={200: TransferOut, **READS})
def withdraw_transfer(
    request: HttpRequest, code: OrderCode, transfer: TransferCode, order_secret: OrderSecret
) -> TransferOut:
    """End a link; what was accepted meanwhile stays accepted, and the answer says so."""
    order, now = order_for(request, code=code, secret=order_secret), timezone.now()
    found = withdraw(order=order, code=transfer, at=now)
    if found is None:
        raise transfer_not_found()
    return transfer_out(found, at=now)


@router.get("/transfers/{transfer}", response={200: GiftOut, **READS})
def read_transfer(
    request: HttpRequest, transfer: TransferCode, transfer_secret: TransferSecret
) -> GiftOut:
    """What is given, for whoever has the link; `Transfer-Secret` is the link's fragment."""
    found = _opened(request, transfer, transfer_secret)
    return gift_out(found, language=language_of(request), at=timezone.now())


@router.post("/transfers/{transfer}/acceptance", response={201: AcceptedOut, 409: Problem, **READS})
def accept_transfer(
    request: HttpRequest,
    transfer: TransferCode,
    transfer_secret: TransferSecret,
    idempotency_key: RecipientKey,
) -> Status[AcceptedOut]:
    """Take the ticket: the old code ends, a new one is made. The recipient's program makes the key.

    The same key again is answered the same; another one is refused (`already_accepted`). A link
    that was withdrawn or is too old: `transfer_over`.
    """
    found = _opened(request, transfer, transfer_secret)
    taken = accept(transfer=found, key=idempotency_key, at=timezone.now())
    match taken:
        case Accepted():
            return Status(201, accepted_out(taken, language=language_of(request)))
        case TakenByAnother():
            raise taken_by_another()
        case _:
            raise transfer_over()


def _opened(request: HttpRequest, code: str, secret: str) -> Transfer:
    """A wrong secret counts against its caller; a right one is never refused."""
    found = open_transfer(code=code, secret=secret)
    if found is not None:
        return found
    limit = settings.WRONG_SECRETS_PER_MINUTE
    if not within_limit(what="transfer-secret", who=address_of(request), per_minute=limit):
        raise too_many_attempts()
    raise transfer_not_found()
