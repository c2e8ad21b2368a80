"""Cancelling, as it is asked for and answered; every answer carries its sentence."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import uuid4

import orjson
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field, model_validator

from sites.schemas.money import Money, vnd
from sites.schemas.problems import ProblemError
from ticketing.domain.cancelling import (
    EVERYBODY,
    Cancelled,
    Kept,
    KeyReused,
    Loss,
    Part,
    Plan,
    WhyKept,
    Wish,
)
from ticketing.domain.gate_names import product_names
from ticketing.domain.reissuing import Request
from ticketing.domain.spoken import dong
from ticketing.domain.ticket_ids import to_column, to_hex
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import Cancellation, OrderStatus
from ticketing.schemas.times import LocalTime

TicketHex = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
LARGEST_ID = 2**63 - 1


class QuantityIn(Schema):
    """So many people of one ticket, or of the tickets of one line."""

    ticket_id: TicketHex | None = None
    line_id: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    people: Annotated[int, Field(ge=1, le=255)]

    @model_validator(mode="after")
    def names_one(self) -> Self:
        if (self.ticket_id is None) == (self.line_id is None):
            message = "name a ticket or a line, not both"
            raise ValueError(message)
        return self


class PeopleIn(Schema):
    """Whom it is about: whole tickets, so many people, or everybody who is left."""

    ticket_ids: Annotated[list[TicketHex], Field(min_length=1, max_length=500)] | None = None
    quantities: Annotated[list[QuantityIn], Field(min_length=1, max_length=500)] | None = None
    everything: bool = False
    preview: bool = False

    @model_validator(mode="after")
    def says_whom(self) -> Self:
        if bool(self.ticket_ids or self.quantities) == self.everything:
            message = "name ticket_ids or quantities, or set everything"
            raise ValueError(message)
        return self

    def parts(self) -> list[Part]:
        whole = [Part(ticket_id=_column(each)) for each in dict.fromkeys(self.ticket_ids or [])]
        some = [
            Part(
                ticket_id=_column(each.ticket_id) if each.ticket_id else None,
                line_id=each.line_id,
                people=each.people,
            )
            for each in self.quantities or []
        ]
        return [*whole, *some]

    def request(self, key: str | None) -> Request:
        """The caller's id for this request; without one, a repeat is a new request."""
        said = orjson.dumps(self.dict(), option=orjson.OPT_SORT_KEYS)
        return Request(key=key or f"none:{uuid4()}", hash=hashlib.sha256(said).digest())


class CancellationIn(PeopleIn):
    """With `preview` nothing is cancelled: the answer says what would happen."""

    def wish(self) -> Wish:
        parts = self.parts()
        return Wish(parts=parts) if parts else EVERYBODY


class RuleOut(Schema):
    """By which rule, in words too. `until`: how long it gives so much; null where none ends."""

    code: str
    share_percent: int
    until: LocalTime | None
    sentence: str


class CancelledPartOut(Schema):
    """People of one ticket, or of a line of an order that was not paid (`ticket_id` null)."""

    ticket_id: str | None
    line_id: int
    product: str
    category: str
    people: int
    amount_back: Money
    rule: RuleOut


class KeptOut(Schema):
    """A ticket that was meant too and stays, and why."""

    ticket_id: str | None
    code: str
    sentence: str
    until: LocalTime | None


class CancellationOut(Schema):
    """What is cancelled, or would be, and what comes back for it."""

    preview: bool
    order_status: OrderStatus
    cancelled_at: LocalTime | None
    people: int
    amount_back: Money
    items: list[CancelledPartOut]
    kept: list[KeptOut]
    sentence: str


class OrderCancellationOut(Schema):
    """One cancellation in the list of an order."""

    cancelled_at: LocalTime
    reason: Cancellation.Reason
    people: int
    amount_back: Money
    rule: RuleOut


def _column(ticket_hex: str) -> int:
    return to_column(int(ticket_hex, 16))


def preview_out(plan: Plan, *, status: str, language: str) -> CancellationOut:
    return CancellationOut(
        preview=True,
        order_status=OrderStatus(status),
        cancelled_at=None,
        people=plan.people,
        amount_back=vnd(plan.amount),
        items=_parts_out(plan.losses, language=language),
        kept=[kept_out(kept) for kept in plan.kept],
        sentence=amount_text(plan.amount),
    )


def cancelled_out(done: Cancelled, *, language: str) -> CancellationOut:
    """The same answer however often the request comes, in three queries."""
    losses = [
        Loss(
            line.line,
            line.ticket,
            line.people,
            cancellation.rule,
            cancellation.share_percent,
            line.amount,
        )
        for cancellation in done.cancellations
        for line in cancellation.lines.select_related("line__category", "ticket").order_by("pk")
    ]
    plan = Plan(losses)
    return CancellationOut(
        preview=False,
        order_status=OrderStatus(done.order.status),
        cancelled_at=done.cancellations[0].cancelled_at,
        people=plan.people,
        amount_back=vnd(plan.amount),
        items=_parts_out(losses, language=language),
        kept=[],
        sentence=amount_text(plan.amount),
    )


def _parts_out(losses: Sequence[Loss], *, language: str) -> list[CancelledPartOut]:
    names = product_names(language)
    return [
        CancelledPartOut(
            ticket_id=to_hex(loss.ticket.pk) if loss.ticket else None,
            line_id=loss.line.pk,
            product=names.get(loss.line.product_id, ""),
            category=loss.line.category.code,
            people=loss.people,
            amount_back=vnd(loss.amount),
            rule=rule_out(loss.rule, loss.share_percent, loss.until),
        )
        for loss in losses
    ]


def cancellations_out(cancellations: Sequence[Cancellation]) -> list[OrderCancellationOut]:
    """`cancellations` come with their lines."""
    return [
        OrderCancellationOut(
            cancelled_at=one.cancelled_at,
            reason=Cancellation.Reason(one.reason),
            people=sum(line.people for line in one.lines.all()),
            amount_back=vnd(one.amount_back),
            rule=rule_out(one.rule, one.share_percent, None),
        )
        for one in cancellations
    ]


def rule_out(code: str, share_percent: int, until: datetime | None) -> RuleOut:
    return RuleOut(
        code=code,
        share_percent=share_percent,
        until=until,
        sentence=rule_text(code, share_percent, until),
    )


def rule_text(code: str, share_percent: int, until: datetime | None) -> str:
    if code == "unpaid":
        return _("Nothing was paid yet, so there is nothing to give back.")
    if code == Cancellation.Reason.SITE_CLOSED:
        return _("The place is closed: %(share)s %% of the price comes back.") % {
            "share": share_percent
        }
    words = {"share": share_percent, "until": moment(until) if until else ""}
    if not share_percent:
        return _("The price is not refunded.")
    if until is None:
        return _("%(share)s %% of the price comes back.") % words
    return _("%(share)s %% of the price comes back until %(until)s.") % words


def amount_text(amount: int) -> str:
    if not amount:
        return _("No money comes back.")
    return _("%(amount)s ₫ comes back, the way it was paid.") % {"amount": dong(amount)}


def moment(at: datetime) -> str:
    return f"{at.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def kept_out(kept: Kept) -> KeptOut:
    return KeptOut(
        ticket_id=None if kept.ticket_id is None else to_hex(kept.ticket_id),
        code=kept.reason.value,
        sentence=kept_text(kept),
        until=kept.until,
    )


def kept_text(kept: Kept) -> str:
    if kept.reason == WhyKept.TOO_LATE and kept.until:
        return _("This was possible until %(until)s.") % {"until": moment(kept.until)}
    return {
        WhyKept.NOT_CHANGEABLE: _("This ticket cannot be cancelled by its buyer."),
        WhyKept.TOO_LATE: _("It is too late for this."),
        WhyKept.UNKNOWN_TICKET: _("There is no such ticket in this order."),
        WhyKept.NOBODY_LEFT: _(
            "There is nobody left to cancel: all have come or were cancelled before."
        ),
        WhyKept.TOO_MANY_PEOPLE: _("There are not that many people left."),
        WhyKept.ORDER_LAPSED: _("The time to pay is over. Nothing is held any more."),
        WhyKept.ORDER_CANCELLED: _("This order is cancelled already."),
        WhyKept.WHOLE_ORDER_ONLY: _("An order that is not paid is cancelled as a whole."),
    }[kept.reason]


def not_cancelled(answer: Kept | KeyReused) -> ProblemError:
    """404 for a ticket that is not of the order, 409 where the order stays as it is."""
    if isinstance(answer, KeyReused):
        return ProblemError(
            status=409,
            code="idempotency_key_reused",
            detail=_("This key belongs to another change already. Please use a new key."),
        )
    missing = answer.reason == WhyKept.UNKNOWN_TICKET
    return ProblemError(
        status=404 if missing else 409, code=answer.reason.value, detail=kept_text(answer)
    )
