"""Placing an order, and letting go of it. Reading one knows payments and lives in payments."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Router, Status

from sites.domain.limits import within_limit
from sites.schemas.caller import address_of, language_of
from sites.schemas.problems import Problem
from ticketing.domain.group_rules import GroupRefused
from ticketing.domain.holds import LetGo, TooLate, release_hold
from ticketing.domain.ordering import KeyReused, OrderPlaced, OrderRefused, place_order
from ticketing.models import OrderStatus
from ticketing.schemas.orders import (
    OrderIn,
    OrderPlacedOut,
    OrderReleasedOut,
    order_placed_out,
)
from ticketing.schemas.refusals import (
    OrderProblem,
    group_refused,
    key_reused,
    paid_already,
    refused,
    too_many_orders,
)
from ticketing.schemas.secrets import OrderCode, OrderSecret, order_for

router = Router(tags=["orders"])

IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{8,200}$")]


@router.post(
    "/orders", response={201: OrderPlacedOut, 409: OrderProblem, 422: Problem, 429: Problem}
)
def create_order(
    request: HttpRequest, order_in: OrderIn, idempotency_key: IdempotencyKey
) -> Status[OrderPlacedOut]:
    """Hold what the buyer wants until `expires_at`; an order that costs nothing is paid at once.

    The buyer's program makes the key. The same key with the same body is the same order.
    """
    limit = settings.ORDERS_PER_MINUTE
    if not within_limit(what="orders", who=address_of(request), per_minute=limit):
        raise too_many_orders()
    wish = order_in.wish()
    match place_order(idempotency_key=idempotency_key, wish=wish, at=timezone.now()):
        case OrderPlaced() as placed:
            return Status(201, order_placed_out(placed, language=language_of(request)))
        case KeyReused():
            raise key_reused()
        case OrderRefused() as refusal:
            raise refused(refusal, language=language_of(request))
        case GroupRefused() as refusal:
            raise group_refused(refusal)


@router.post(
    "/orders/{code}/release",
    response={200: OrderReleasedOut, 404: Problem, 409: Problem, 422: Problem, 429: Problem},
)
def release_order(
    request: HttpRequest, code: OrderCode, order_secret: OrderSecret
) -> OrderReleasedOut:
    """Let go of what the order holds, for a buyer who does not want it; a repeat changes nothing.

    Others can buy it at once. Money that was on its way pays the order all the same while there
    is room, else it goes back.
    """
    order = order_for(request, code=code, secret=order_secret)
    match release_hold(order=order):
        case LetGo(released):
            return OrderReleasedOut(code=released.code, status=OrderStatus(released.status))
        case TooLate():
            raise paid_already()
