"""What a buyer changes after paying: cancel a part or all of an order, or move it."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Router, Status

from sites.schemas.caller import language_of
from sites.schemas.problems import Problem
from ticketing.domain.cancelling import Cancelled, Kept, cancel, preview
from ticketing.domain.moving import Moved, Stays, move_tickets, preview_move
from ticketing.schemas.changes import (
    CancellationIn,
    CancellationOut,
    cancelled_out,
    not_cancelled,
    preview_out,
)
from ticketing.schemas.moves import MoveIn, MoveOut, move_preview_out, moved_out, not_moved
from ticketing.schemas.secrets import OrderCode, OrderSecret, order_for

router = Router(tags=["changes"])

RequestKey = Annotated[str | None, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{8,200}$")]
REFUSALS = {404: Problem, 409: Problem, 422: Problem, 429: Problem}


@router.post(
    "/orders/{code}/cancellations",
    response={200: CancellationOut, 201: CancellationOut, **REFUSALS},
)
def create_cancellation(
    request: HttpRequest,
    code: OrderCode,
    order_secret: OrderSecret,
    cancellation_in: CancellationIn,
    idempotency_key: RequestKey = None,
) -> Status[CancellationOut]:
    """Cancel people who will not come: with `preview` say what comes back, else do it.

    200 is a preview, 201 a cancellation. Send an `Idempotency-Key` with the latter: its repeat
    answers the same and cancels nobody else. Refusals: `too_late`, `not_changeable`,
    `nobody_left`, `too_many_people`, `whole_order_only`, `order_lapsed`, `order_cancelled`,
    `idempotency_key_reused`, and 404 `unknown_ticket`.
    """
    order = order_for(request, code=code, secret=order_secret)
    language, wish, now = language_of(request), cancellation_in.wish(), timezone.now()
    if cancellation_in.preview:
        plan = preview(order=order, wish=wish, at=now)
        if isinstance(plan, Kept):
            raise not_cancelled(plan)
        return Status(200, preview_out(plan, status=order.status, language=language))
    asked = cancellation_in.request(idempotency_key)
    done = cancel(order=order, wish=wish, request=asked, at=now)
    if not isinstance(done, Cancelled):
        raise not_cancelled(done)
    return Status(201, cancelled_out(done, language=language))


@router.post("/orders/{code}/moves", response={200: MoveOut, 201: MoveOut, **REFUSALS})
def create_move(
    request: HttpRequest,
    code: OrderCode,
    order_secret: OrderSecret,
    move_in: MoveIn,
    idempotency_key: RequestKey = None,
) -> Status[MoveOut]:
    """Move tickets to another day or slot: with `preview` say what changes, else do it.

    200 is a preview, 201 a move. Everybody who was not let in yet moves; split a group first to
    move a part. Refusals: `too_late`, `not_changeable`, `moved_too_often`, `no_date_to_move`,
    `nothing_to_change`, `price_differs`, `sold_out`, `site_closed`, `slot_needed`,
    `slot_unknown`, `slot_closed`, `visit_date_out_of_range`, `order_not_paid`, `nobody_left`,
    `already_in_use`, `ticket_not_valid`, `ticket_expired`, `idempotency_key_reused`, and 404
    `unknown_ticket`.
    """
    order = order_for(request, code=code, secret=order_secret)
    ids, goal, now = move_in.columns(), move_in.goal(), timezone.now()
    if move_in.preview:
        steps = preview_move(order=order, ticket_ids=ids, goal=goal, at=now)
        if isinstance(steps, Stays):
            raise not_moved(steps)
        return Status(200, move_preview_out(steps))
    asked = move_in.request(idempotency_key)
    done = move_tickets(order=order, ticket_ids=ids, goal=goal, request=asked, at=now)
    if not isinstance(done, Moved):
        raise not_moved(done)
    return Status(201, moved_out(done, language=language_of(request)))
