"""Moving to another day or time, as it is asked for and answered."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Self
from uuid import uuid4

import orjson
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field, model_validator

from sites.schemas.problems import ProblemError
from ticketing.domain.booking import Refusal
from ticketing.domain.cancelling import KeyReused
from ticketing.domain.moving import Goal, Moved, Stays, Step, WhyStays
from ticketing.domain.reissuing import Request, WhyFixed
from ticketing.domain.ticket_ids import to_column, to_hex
from ticketing.models import Ticket
from ticketing.schemas.changes import TicketHex, moment
from ticketing.schemas.refusals import refusal_text
from ticketing.schemas.regroupings import fixed_text
from ticketing.schemas.tickets import TicketOut, tickets_out
from ticketing.schemas.times import LocalTime, in_vietnam


class MoveIn(Schema):
    """Everybody of these tickets who was not let in yet, to a day or to a slot."""

    ticket_ids: Annotated[list[TicketHex], Field(min_length=1, max_length=500)]
    visit_date: date | None = None
    slot_id: Annotated[int, Field(ge=1, le=2**63 - 1)] | None = None
    preview: bool = False

    @model_validator(mode="after")
    def says_where(self) -> Self:
        if self.visit_date is None and self.slot_id is None:
            message = "name a visit_date or a slot_id"
            raise ValueError(message)
        return self

    def columns(self) -> list[int]:
        return sorted({to_column(int(each, 16)) for each in self.ticket_ids})

    def goal(self) -> Goal:
        return Goal(visit_date=self.visit_date, slot_id=self.slot_id)

    def request(self, key: str | None) -> Request:
        """The caller's id for this request; without one, a repeat is a new request."""
        said = orjson.dumps(self.dict(), option=orjson.OPT_SORT_KEYS)
        return Request(key=key or f"none:{uuid4()}", hash=hashlib.sha256(said).digest())


class MovedTicketOut(Schema):
    """`same_code`: the QR code stays; else `new_ticket_id` replaces it (null in a preview)."""

    ticket_id: str
    new_ticket_id: str | None
    same_code: bool
    people: int
    from_date: date
    to_date: date
    from_slot_id: int | None
    to_slot_id: int | None
    rule: str
    possible_until: LocalTime | None


class MoveOut(Schema):
    """What moves, or would; `tickets` are the codes to show from now on. Nothing is paid."""

    preview: bool
    moved_at: LocalTime | None
    people: int
    items: list[MovedTicketOut]
    tickets: list[TicketOut]
    sentence: str


def move_preview_out(steps: Sequence[Step]) -> MoveOut:
    items = [
        MovedTicketOut(
            ticket_id=to_hex(step.held.ticket.pk),
            new_ticket_id=None,
            same_code=step.same_code,
            people=step.held.unused,
            from_date=step.leaves,
            to_date=step.goes.visit.visit_date,
            from_slot_id=step.held.ticket.slot_id,
            to_slot_id=step.goes.visit.slot_id,
            rule=step.rule,
            possible_until=step.until,
        )
        for step in steps
    ]
    return _out(items, preview=True)


def moved_out(done: Moved, *, language: str) -> MoveOut:
    """The same answer however often the request comes."""
    lines = list(done.move.lines.order_by("pk"))
    items = [
        MovedTicketOut(
            ticket_id=to_hex(line.ticket_id),
            new_ticket_id=None if line.made_id == line.ticket_id else to_hex(line.made_id),
            same_code=line.made_id == line.ticket_id,
            people=line.people,
            from_date=line.from_date,
            to_date=line.to_date,
            from_slot_id=line.from_slot_id,
            to_slot_id=line.to_slot_id,
            rule=line.rule,
            possible_until=None,
        )
        for line in lines
    ]
    made = Ticket.objects.filter(pk__in=[line.made_id for line in lines])
    shown = made.select_related(
        "category", "made_by", "ended_by", "line__order", "slot", "entry_site"
    )
    out = _out(items, preview=False)
    out.moved_at = in_vietnam(done.move.moved_at)
    out.tickets = tickets_out(list(shown.order_by("line_id", "number")), language=language)
    return out


def _out(items: list[MovedTicketOut], *, preview: bool) -> MoveOut:
    kept = all(item.same_code for item in items)
    return MoveOut(
        preview=preview,
        moved_at=None,
        people=sum(item.people for item in items),
        items=items,
        tickets=[],
        sentence=_("Nothing is to be paid. Your QR codes stay the same.")
        if kept
        else _("Nothing is to be paid. You get new QR codes; the old ones end."),
    )


def not_moved(answer: Stays | KeyReused) -> ProblemError:
    """404 for a ticket that is not of the order, 409 where everything stays as it is."""
    if isinstance(answer, KeyReused):
        return ProblemError(
            status=409,
            code="idempotency_key_reused",
            detail=_("This key belongs to another change already. Please use a new key."),
        )
    missing = answer.reason == WhyFixed.UNKNOWN_TICKET
    return ProblemError(
        status=404 if missing else 409, code=str(answer.reason), detail=_stays_text(answer)
    )


def _stays_text(stays: Stays) -> str:
    if stays.reason == WhyStays.TOO_LATE and stays.until:
        return _("This was possible until %(until)s.") % {"until": moment(stays.until)}
    own = {
        WhyStays.NOT_CHANGEABLE: _("This ticket cannot be moved by its buyer."),
        WhyStays.TOO_LATE: _("It is too late for this."),
        WhyStays.MOVED_TOO_OFTEN: _("This has been moved as often as the rule allows."),
        WhyStays.NO_DATE_TO_MOVE: _("This ticket has no day that could be moved."),
        WhyStays.NOTHING_TO_CHANGE: _("It is for this time already."),
        WhyStays.PRICE_DIFFERS: _(
            "On that day this ticket has another price. Please cancel and order again."
        ),
    }
    if stays.reason in own:
        return own[WhyStays(stays.reason)]
    if stays.reason in {each.value for each in WhyFixed}:
        return fixed_text(WhyFixed(stays.reason))
    return refusal_text(Refusal(stays.reason))
