"""Placing an order. Reading one knows payments and lives in payments."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Router, Status

from sites.domain.limits import within_limit
from sites.schemas.caller import address_of, language_of
from sites.schemas.problems import Problem
from ticketing.domain.group_rules import GroupRefused
from ticketing.domain.ordering import KeyReused, OrderPlaced, OrderRefused, place_order
from ticketing.schemas.orders import OrderIn, OrderPlacedOut, order_placed_out
from ticketing.schemas.refusals import group_refused, key_reused, refused, too_many_orders

router = Router(tags=["orders"])

IdempotencyKey = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[\x21-\x7e]{8,200}$")]


@router.post("/orders", response={201: OrderPlacedOut, 409: Problem, 422: Problem, 429: Problem})
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
            raise refused(refusal)
        case GroupRefused() as refusal:
            raise group_refused(refusal)
