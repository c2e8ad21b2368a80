"""What a buyer sends, and what they get."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from ninja import Schema
from pydantic import AfterValidator, Field, model_validator

from sites.models import Language
from sites.schemas.money import Money, vnd
from ticketing.domain.gate_names import product_names
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish
from ticketing.models import OrderLine, OrderStatus, Slot
from ticketing.schemas.times import LocalTime

# What fits the product id of a ticket token.
LARGEST_PRODUCT_ID = 2**24 - 1


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        message = "not an e-mail address"
        raise ValueError(message) from error
    return text


class LineIn(Schema):
    """`one_code`: one QR for the whole line instead of one for each person.

    `slot_id`, from the availability of a product with times, says the day too; all other products
    want the `visit_date`, but for those whose validity counts from the purchase or the first use.
    """

    product_id: Annotated[int, Field(ge=1, le=LARGEST_PRODUCT_ID)]
    category: Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,50}$")]
    quantity: Annotated[int, Field(ge=1, le=255)]
    visit_date: date | None = None
    slot_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    one_code: bool = False


class ContactIn(Schema):
    """An e-mail address or a telephone number; the name is optional."""

    email: Annotated[str, Field(max_length=254), AfterValidator(_email)] | None = None
    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 .()-]{5,18}$")] | None = None
    name: Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")] | None = None

    @model_validator(mode="after")
    def can_be_reached(self) -> Self:
        if not self.email and not self.phone:
            message = "an e-mail address or a telephone number is needed"
            raise ValueError(message)
        return self


class OrderIn(Schema):
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=20)]
    contact: ContactIn
    language: Language = Language.VI

    def wish(self) -> Wish:
        return Wish(
            lines=[
                LineWanted(
                    product_id=line.product_id,
                    category=line.category,
                    quantity=line.quantity,
                    visit_date=line.visit_date,
                    slot_id=line.slot_id,
                    one_code=line.one_code,
                )
                for line in self.lines
            ],
            language=self.language.value,
            email=self.contact.email or "",
            phone=self.contact.phone or "",
            name=self.contact.name or "",
        )


class SlotOut(Schema):
    """The time that the people of a line come."""

    id: int
    starts_at: LocalTime
    ends_at: LocalTime


class OrderReleasedOut(Schema):
    """What became of the order; whatever it held is free again."""

    code: str
    status: OrderStatus


class OrderLineOut(Schema):
    id: int
    product_id: int
    name: str
    category: str
    quantity: int
    unit_price: Money
    amount: Money
    visit_date: date
    slot: SlotOut | None
    one_code: bool


class OrderPlacedOut(Schema):
    """The secret opens the order; whoever asks again with the same key gets the same one."""

    code: str
    secret: str
    status: OrderStatus
    total: Money
    lines: list[OrderLineOut]
    expires_at: LocalTime


def order_placed_out(placed: OrderPlaced, *, language: str) -> OrderPlacedOut:
    order = placed.order
    return OrderPlacedOut(
        code=order.code,
        secret=placed.secret,
        status=OrderStatus(order.status),
        total=vnd(order.total),
        lines=lines_out(placed.lines, language=language),
        expires_at=order.expires_at,
    )


def lines_out(lines: Sequence[OrderLine], *, language: str) -> list[OrderLineOut]:
    """`lines` come with their category and slot."""
    names = product_names(language)
    return [
        OrderLineOut(
            id=line.pk,
            product_id=line.product_id,
            name=names.get(line.product_id, ""),
            category=line.category.code,
            quantity=line.quantity,
            unit_price=vnd(line.unit_amount),
            amount=vnd(line.amount),
            visit_date=line.visit_date,
            slot=slot_out(line.slot) if line.slot else None,
            one_code=line.one_code,
        )
        for line in lines
    ]


def slot_out(slot: Slot) -> SlotOut:
    return SlotOut(id=slot.pk, starts_at=slot.starts_at, ends_at=slot.ends_at)
