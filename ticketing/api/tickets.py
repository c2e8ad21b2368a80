"""A ticket for whoever holds the secret of its order."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from sites.schemas.caller import language_of
from sites.schemas.problems import Problem
from ticketing.domain.gate_names import product_names
from ticketing.domain.opening_orders import open_ticket
from ticketing.domain.qr_codes import paths, png, svg
from ticketing.models import Ticket
from ticketing.schemas.secrets import OrderSecret, wrong_secret
from ticketing.schemas.tickets import TicketOut, qr_title, tickets_out

router = Router(tags=["tickets"])

TicketId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
REFUSALS = {404: Problem, 422: Problem, 429: Problem}
# Only the phone of the buyer may keep it.
PRIVATE = "private, no-store"


@router.get("/tickets/{ticket_id}", response={200: TicketOut, **REFUSALS})
def read_ticket(request: HttpRequest, ticket_id: TicketId, order_secret: OrderSecret) -> TicketOut:
    """A ticket, its QR code and what is left of it."""
    ticket = _ticket(request, ticket_id, order_secret)
    return tickets_out([ticket], language=language_of(request))[0]


@router.get("/tickets/{ticket_id}/qr.svg", response={200: None, **REFUSALS})
def read_qr_svg(
    request: HttpRequest, ticket_id: TicketId, order_secret: OrderSecret
) -> HttpResponse:
    """The QR code as a drawing that is sharp at every size."""
    ticket = _ticket(request, ticket_id, order_secret)
    name = product_names(language_of(request)).get(ticket.product_id, "")
    drawing = svg(paths([bytes(ticket.token)])[0], title=qr_title(name))
    return _picture(drawing.encode(), "image/svg+xml")


@router.get("/tickets/{ticket_id}/qr.png", response={200: None, **REFUSALS})
def read_qr_png(
    request: HttpRequest, ticket_id: TicketId, order_secret: OrderSecret
) -> HttpResponse:
    """The QR code as a picture, for programs that cannot draw."""
    ticket = _ticket(request, ticket_id, order_secret)
    return _picture(png(bytes(ticket.token)), "image/png")


def _ticket(request: HttpRequest, ticket_id: str, secret: str) -> Ticket:
    ticket = open_ticket(ticket_id=ticket_id, secret=secret)
    if ticket is None:
        raise wrong_secret(request)
    return ticket


def _picture(content: bytes, content_type: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={"Cache-Control": PRIVATE})
