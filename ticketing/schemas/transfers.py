"""Giving a ticket to somebody else, as the buyer and the recipient see it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Header, Path, Schema
from pydantic import Field

from sites.schemas.problems import ProblemError
from ticketing.domain.gate_names import product_names
from ticketing.domain.reissuing import WhyFixed
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.transferring import Accepted, NotOffered, Offered
from ticketing.models import Transfer
from ticketing.schemas.changes import TicketHex, moment
from ticketing.schemas.regroupings import fixed_text
from ticketing.schemas.tickets import TicketOut, tickets_out
from ticketing.schemas.times import LocalTime

TransferSecret = Annotated[str, Header(alias="Transfer-Secret", min_length=1, max_length=200)]
TransferCode = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


class TransferState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class TransferIn(Schema):
    ticket_id: TicketHex


class TransferOut(Schema):
    """A link that gives a ticket away, as its buyer sees it."""

    code: str
    ticket_id: str
    status: TransferState
    offered_at: LocalTime
    expires_at: LocalTime
    ended_at: LocalTime | None


class OfferedOut(TransferOut):
    """`link` is shown here and never again; its secret is in the fragment."""

    link: Annotated[str, Field(description="send it to the recipient alone")]


class TransfersOut(Schema):
    items: list[TransferOut]
    count: int
    next: str | None = None


class GiftOut(Schema):
    """What a recipient sees before they accept. No code is shown yet."""

    status: TransferState
    product: str
    category: str
    needs_document: bool
    people: int
    valid_from: LocalTime
    valid_until: LocalTime
    expires_at: LocalTime


class AcceptedOut(Schema):
    """The new ticket. `ticket_secret` opens it, sent as `Order-Secret`; keep it on the phone."""

    ticket_secret: str
    ticket: TicketOut


def state_of(transfer: Transfer, *, at: datetime) -> TransferState:
    if transfer.status == Transfer.Status.OFFERED and at >= transfer.expires_at:
        return TransferState.EXPIRED
    return TransferState(transfer.status)


def transfer_out(transfer: Transfer, *, at: datetime) -> TransferOut:
    return TransferOut(
        code=transfer.code,
        ticket_id=to_hex(transfer.ticket_id),
        status=state_of(transfer, at=at),
        offered_at=transfer.offered_at,
        expires_at=transfer.expires_at,
        ended_at=transfer.ended_at,
    )


def offered_out(offered: Offered, *, at: datetime) -> OfferedOut:
    return OfferedOut(**dict(transfer_out(offered.transfer, at=at)), link=offered.link)


def gift_out(transfer: Transfer, *, language: str, at: datetime) -> GiftOut:
    ticket = transfer.ticket
    return GiftOut(
        status=state_of(transfer, at=at),
        product=product_names(language).get(ticket.product_id, ""),
        category=ticket.category.code,
        needs_document=ticket.needs_document,
        people=ticket.party_size - ticket.cancelled_people,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        expires_at=transfer.expires_at,
    )


def accepted_out(accepted: Accepted, *, language: str) -> AcceptedOut:
    [ticket] = tickets_out([accepted.ticket], language=language)
    return AcceptedOut(ticket_secret=accepted.secret, ticket=ticket)


def not_offered(answer: NotOffered) -> ProblemError:
    missing = answer.reason == WhyFixed.UNKNOWN_TICKET
    if answer.reason in {each.value for each in WhyFixed}:
        detail = fixed_text(WhyFixed(answer.reason))
    elif answer.until is not None:
        detail = _("This was possible until %(until)s.") % {"until": moment(answer.until)}
    else:
        detail = _("This ticket cannot be given to somebody else.")
    return ProblemError(status=404 if missing else 409, code=answer.reason, detail=detail)


def transfer_not_found() -> ProblemError:
    """Unknown and forbidden answer alike."""
    return ProblemError(
        status=404,
        code="transfer_not_found",
        detail=_("There is no such ticket, or its link is wrong."),
    )


def taken_by_another() -> ProblemError:
    return ProblemError(
        status=409, code="already_accepted", detail=_("Somebody else has accepted this ticket.")
    )


def transfer_over() -> ProblemError:
    return ProblemError(
        status=409,
        code="transfer_over",
        detail=_("This link is no longer valid. Ask for a new one."),
    )


def too_many_transfers() -> ProblemError:
    return ProblemError(
        status=429,
        code="too_many_transfers",
        detail=_("Too many links from here. Please wait a minute."),
        Retry_After="60",
    )
