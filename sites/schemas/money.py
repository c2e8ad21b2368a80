from typing import Literal

from ninja import Schema


class Money(Schema):
    """Whole đồng: the currency has no minor unit."""

    amount: int
    currency: Literal["VND"] = "VND"


def vnd(amount: int) -> Money:
    return Money(amount=amount)
