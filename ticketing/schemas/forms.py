"""The other forms of a ticket: who may have them, and the links that bring them."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Header, Query, Schema

from ticketing.domain.delivery import MailStatus, mail_status
from ticketing.domain.form_links import Key, form_link, judge
from ticketing.domain.opening_orders import open_order, open_ticket, order_by_code, ticket_by_id
from ticketing.domain.printing import TICKETS_PER_FILE
from ticketing.gateways.pass_certificates import apple_identity, google_identity
from ticketing.models import Order, Ticket, TicketStatus
from ticketing.schemas.refusals import link_expired, mail_not_delivered
from ticketing.schemas.secrets import wrong_secret

OptionalSecret = Annotated[str, Header(alias="Order-Secret", max_length=200)]
LinkKey = Annotated[
    str, Query(max_length=60, description="From a link of ours; instead of the header.")
]


class WalletOut(Schema):
    """Links that put the ticket into a wallet; null where the wallet is not offered."""

    apple: str | None = None
    google: str | None = None


class MailOut(Schema):
    """How far the mail is. `detail` says to a person what to do when it failed."""

    status: MailStatus
    detail: str | None = None


class TicketForms(Schema):
    """Links for a browser, which live for an hour; `null` for a ticket that opens nothing."""

    pdf: str | None = None
    wallet: WalletOut | None = None
    ics: str | None = None


def ticket_forms(ticket: Ticket, *, language: str, at: datetime) -> TicketForms:
    if ticket.status != TicketStatus.VALID:
        # The calendar alone has something to say: it takes its entry back.
        return TicketForms(ics=form_link(ticket, ".ics", language=language, at=at))

    def link(form: str) -> str:
        return form_link(ticket, form, language=language, at=at)

    return TicketForms(
        pdf=link(".pdf"),
        ics=link(".ics"),
        wallet=WalletOut(
            apple=link(".pkpass") if apple_identity() else None,
            google=link("/google-wallet") if google_identity() else None,
        ),
    )


def order_pdfs(order: Order, tickets: int, *, language: str, at: datetime) -> list[str]:
    """Links to the files that hold all tickets of an order."""
    parts = -(-tickets // TICKETS_PER_FILE)
    return [
        form_link(order, f".pdf?part={part}", language=language, at=at)
        for part in range(1, parts + 1)
    ]


def mail_out(order: Order) -> MailOut | None:
    status = mail_status(order)
    if status is None:
        return None
    detail = mail_not_delivered() if status is MailStatus.FAILED else None
    return MailOut(status=status, detail=detail)


def ticket_for(
    request: HttpRequest, ticket_id: str, *, secret: str, key: str, at: datetime
) -> Ticket:
    """The ticket that the header or the key of a link opens."""
    if key:
        _proven(request, key, thing=f"ticket:{ticket_id}", at=at)
        ticket = ticket_by_id(ticket_id)
    else:
        ticket = open_ticket(ticket_id=ticket_id, secret=secret)
    if ticket is None:
        raise wrong_secret(request)
    return ticket


def order_with(request: HttpRequest, code: str, *, secret: str, key: str, at: datetime) -> Order:
    """The order that the header or the key of a link opens."""
    code = code.upper()
    if key:
        _proven(request, key, thing=f"order:{code}", at=at)
        order = order_by_code(code)
    else:
        order = open_order(code=code, secret=secret)
    if order is None:
        raise wrong_secret(request)
    return order


def _proven(request: HttpRequest, key: str, *, thing: str, at: datetime) -> None:
    match judge(key, thing=thing, at=at):
        case Key.EXPIRED:
            raise link_expired()
        case Key.FALSE:
            raise wrong_secret(request)
        case Key.GOOD:
            return
