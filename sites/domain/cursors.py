"""Where a page of a list ended: the order, the number of all, and the keys of the last row."""

import base64
import binascii
from dataclasses import dataclass
from enum import Enum

import orjson

TOO_LONG = 200
BIGGEST = 2**63 - 1


class Order(Enum):
    """How a list is sorted, and how many keys say where in it a row stands."""

    CATALOGUE = "c"
    NEAR = "n"
    RANK = "r"


KEYS = {Order.CATALOGUE: 2, Order.NEAR: 2, Order.RANK: 3}


@dataclass(frozen=True, slots=True)
class Cursor:
    order: Order
    count: int
    keys: tuple[float, ...]

    def written(self) -> str:
        """Write the cursor as text that fits into an address."""
        plain = orjson.dumps([self.order.value, self.count, *self.keys])
        return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def read_cursor(text: str, *, order: Order) -> Cursor | None:
    """Read a cursor of this order; anything else is nothing."""
    if len(text) > TOO_LONG:
        return None
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        kind, count, *keys = orjson.loads(plain)
    except (ValueError, TypeError, binascii.Error):
        return None
    whole = keys[1:] if order is Order.NEAR else keys
    right = (
        kind == order.value
        and len(keys) == KEYS[order]
        and all(_is_whole(number) for number in [count, *whole])
        and type(keys[0]) in (int, float)
        and abs(keys[0]) <= BIGGEST
    )
    return Cursor(order, count, tuple(keys)) if right else None


def _is_whole(number: object) -> bool:
    return type(number) is int and -BIGGEST <= number <= BIGGEST
