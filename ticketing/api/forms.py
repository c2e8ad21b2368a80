"""The other forms of a ticket: on paper, in a calendar, in a wallet. And the mail once more."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from sites.domain.limits import within_limit
from sites.schemas.caller import address_of, language_of
from sites.schemas.problems import Problem
from ticketing.domain.apple_pass import apple_pass
from ticketing.domain.calendar_entries import calendar_of
from ticketing.domain.google_pass import google_link
from ticketing.domain.printing import TICKETS_PER_FILE, print_tickets
from ticketing.domain.resending import mail_again
from ticketing.domain.ticket_sheets import sheets_of, valid_tickets
from ticketing.gateways.pass_certificates import apple_identity, google_identity
from ticketing.models import Ticket, TicketStatus
from ticketing.schemas.forms import LinkKey, OptionalSecret, order_with, ticket_for
from ticketing.schemas.refusals import (
    mail_may_come,
    no_valid_tickets,
    ticket_not_valid,
    too_many_requests,
    wallet_not_offered,
)
from ticketing.schemas.secrets import OrderCode

router = Router(tags=["tickets"])

TicketId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
REFUSALS = {404: Problem, 410: Problem, 422: Problem, 429: Problem}
# Only the phone of the buyer may keep it.
PRIVATE = "private, no-store"
LARGEST_PART = 200


class ResendIn(Schema):
    """The e-mail address or telephone number that was given with the order."""

    contact: Annotated[str, Field(min_length=3, max_length=254, pattern=r"^[^\x00-\x1f\x7f]+$")]


class ResendOut(Schema):
    detail: str


@router.get("/tickets/{ticket_id}.pdf", response={200: None, 409: Problem, **REFUSALS})
def read_ticket_pdf(
    request: HttpRequest, ticket_id: TicketId, order_secret: OptionalSecret = "", key: LinkKey = ""
) -> HttpResponse:
    """The ticket to print: a page of A6 with the code at level Q, in the caller's language."""
    ticket = _valid(request, ticket_id, order_secret, key)
    sheets = sheets_of([ticket], language=language_of(request))
    return _file(print_tickets(sheets), "application/pdf", name=f"{ticket}.pdf")


@router.get("/tickets/{ticket_id}.ics", response={200: None, **REFUSALS})
def read_ticket_calendar(
    request: HttpRequest, ticket_id: TicketId, order_secret: OptionalSecret = "", key: LinkKey = ""
) -> HttpResponse:
    """The visit as a calendar entry; of a ticket that is no longer valid, what takes it back."""
    ticket = ticket_for(request, ticket_id, secret=order_secret, key=key, at=timezone.now())
    sheets = sheets_of([ticket], language=language_of(request))
    return _file(calendar_of(sheets), "text/calendar; charset=utf-8", name=f"{ticket}.ics")


@router.get("/tickets/{ticket_id}.pkpass", response={200: None, 409: Problem, **REFUSALS})
def read_apple_pass(
    request: HttpRequest, ticket_id: TicketId, order_secret: OptionalSecret = "", key: LinkKey = ""
) -> HttpResponse:
    """The ticket for Apple Wallet, signed by the operator; it speaks the phone's language."""
    ticket = _valid(request, ticket_id, order_secret, key)
    identity = apple_identity()
    if identity is None:
        raise wallet_not_offered()
    content = apple_pass(ticket, identity=identity)
    return _file(content, "application/vnd.apple.pkpass", name=f"{ticket}.pkpass")


@router.get("/tickets/{ticket_id}/google-wallet", response={302: None, 409: Problem, **REFUSALS})
def save_to_google_wallet(
    request: HttpRequest, ticket_id: TicketId, order_secret: OptionalSecret = "", key: LinkKey = ""
) -> HttpResponse:
    """Go to Google Wallet with the ticket, signed by the operator's service account."""
    ticket = _valid(request, ticket_id, order_secret, key)
    identity = google_identity()
    if identity is None:
        raise wallet_not_offered()
    (sheet,) = sheets_of([ticket], language=language_of(request))
    link = google_link(sheet, identity=identity, at=timezone.now())
    return HttpResponseRedirect(
        link, headers={"Cache-Control": PRIVATE, "Referrer-Policy": "no-referrer"}
    )


@router.get("/orders/{code}.pdf", response={200: None, 409: Problem, **REFUSALS})
def read_order_pdf(
    request: HttpRequest,
    code: OrderCode,
    order_secret: OptionalSecret = "",
    key: LinkKey = "",
    part: Annotated[int, Query(ge=1, le=LARGEST_PART)] = 1,
) -> HttpResponse:
    """The valid tickets of an order to print, 50 in each part, one page each."""
    order = order_with(request, code, secret=order_secret, key=key, at=timezone.now())
    first = (part - 1) * TICKETS_PER_FILE
    tickets = valid_tickets(order)[first : first + TICKETS_PER_FILE]
    if not tickets:
        raise no_valid_tickets()
    sheets = sheets_of(tickets, language=language_of(request))
    return _file(print_tickets(sheets), "application/pdf", name=f"{order.code}-{part}.pdf")


@router.post("/orders/{code}/resend", response={202: ResendOut, 422: Problem, 429: Problem})
def resend_mail(request: HttpRequest, code: OrderCode, resend_in: ResendIn) -> Status[ResendOut]:
    """Mail the tickets and the link to them once more, to the address of the order alone.

    The answer is the same whether code and contact belong together or not.
    """
    limit = settings.RESENDS_PER_MINUTE
    if not within_limit(what="resend", who=address_of(request), per_minute=limit):
        raise too_many_requests()
    mail_again(code=code, contact=resend_in.contact, at=timezone.now())
    return Status(202, ResendOut(detail=mail_may_come()))


def _valid(request: HttpRequest, ticket_id: str, secret: str, key: str) -> Ticket:
    ticket = ticket_for(request, ticket_id, secret=secret, key=key, at=timezone.now())
    if ticket.status != TicketStatus.VALID:
        raise ticket_not_valid()
    return ticket


def _file(content: bytes, content_type: str, *, name: str) -> HttpResponse:
    headers = {"Cache-Control": PRIVATE, "Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type=content_type, headers=headers)
