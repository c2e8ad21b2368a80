"""A group code becomes several codes, and several become one again."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Path, Router, Status

from sites.schemas.caller import language_of
from sites.schemas.problems import Problem
from ticketing.domain.opening_orders import open_ticket
from ticketing.domain.regrouping import Regrouped, merge, split
from ticketing.domain.ticket_ids import to_column
from ticketing.schemas.regroupings import (
    MergeIn,
    RegroupedOut,
    SplitIn,
    not_regrouped,
    regrouped_out,
)
from ticketing.schemas.secrets import OrderCode, OrderSecret, order_for, wrong_secret

router = Router(tags=["tickets"])

TicketId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{8,200}$")]
REFUSALS = {404: Problem, 409: Problem, 422: Problem, 429: Problem}


@router.post("/tickets/{ticket_id}/split", response={201: RegroupedOut, **REFUSALS})
def split_ticket(
    request: HttpRequest,
    ticket_id: TicketId,
    split_in: SplitIn,
    order_secret: OrderSecret,
    idempotency_key: IdempotencyKey,
) -> Status[RegroupedOut]:
    """Replace a group's code; who was let in already stays with the old one, which ends.

    Codes of a refusal: `too_many_people`, `nothing_to_change`, `nobody_left`, `already_in_use`,
    `ticket_not_valid`, `ticket_expired`, `order_not_paid`, `idempotency_key_reused`.
    """
    ticket = open_ticket(ticket_id=ticket_id, secret=order_secret)
    if ticket is None:
        raise wrong_secret(request)
    done = split(
        ticket=ticket,
        people=split_in.people,
        into=split_in.into,
        key=idempotency_key,
        at=timezone.now(),
    )
    if not isinstance(done, Regrouped):
        raise not_regrouped(done)
    return Status(201, regrouped_out(done, language=language_of(request)))


@router.post("/orders/{code}/merges", response={201: RegroupedOut, **REFUSALS})
def merge_tickets(
    request: HttpRequest,
    code: OrderCode,
    merge_in: MergeIn,
    order_secret: OrderSecret,
    idempotency_key: IdempotencyKey,
) -> Status[RegroupedOut]:
    """Put the people of several codes of one line and day on one new code.

    Codes of a refusal: `not_alike` and those of a split; `unknown_ticket` (404).
    """
    order = order_for(request, code=code, secret=order_secret)
    ids = sorted({to_column(int(each, 16)) for each in merge_in.ticket_ids})
    done = merge(order=order, ticket_ids=ids, key=idempotency_key, at=timezone.now())
    if not isinstance(done, Regrouped):
        raise not_regrouped(done)
    return Status(201, regrouped_out(done, language=language_of(request)))
