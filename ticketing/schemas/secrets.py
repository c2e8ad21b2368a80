"""How every endpoint asks for the secret of an order, and what a wrong one costs."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Header, Path

from sites.domain.limits import within_limit
from sites.schemas.caller import address_of
from sites.schemas.problems import ProblemError
from ticketing.domain.opening_orders import open_order
from ticketing.models import Order
from ticketing.schemas.refusals import order_not_found, too_many_attempts

# `alias` is the name of the header; anything that is no secret of ours is simply wrong.
OrderSecret = Annotated[str, Header(alias="Order-Secret", min_length=1, max_length=200)]
OrderCode = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,16}$")]


def order_for(request: HttpRequest, *, code: str, secret: str) -> Order:
    """The order that the caller may see, else the one answer that tells nothing."""
    order = open_order(code=code.upper(), secret=secret)
    if order is None:
        raise wrong_secret(request)
    return order


def wrong_secret(request: HttpRequest) -> ProblemError:
    """A wrong secret counts against its caller; a right one is never refused."""
    limit = settings.WRONG_SECRETS_PER_MINUTE
    if not within_limit(what="order-secret", who=address_of(request), per_minute=limit):
        return too_many_attempts()
    return order_not_found()
