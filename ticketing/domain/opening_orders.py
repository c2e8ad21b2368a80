"""Who may see an order or a ticket: whoever holds the order's secret, and nobody learns more."""

from django.utils.crypto import constant_time_compare

from ticketing.domain.order_secret import hash_secret, opens
from ticketing.domain.ticket_ids import to_column
from ticketing.models import Order, Ticket

TICKET_ID_HEX_DIGITS = 16


def open_order(*, code: str, secret: str) -> Order | None:
    """The order that this secret opens; None says neither "unknown" nor "wrong secret"."""
    order = order_by_code(code)
    return order if opens(secret, order=order) else None


def open_ticket(*, ticket_id: str, secret: str) -> Ticket | None:
    """The ticket with this id (16 hex digits) of the order that the secret opens.

    A ticket that was given away opens with the secret of whoever has it, and with no other.
    """
    ticket = ticket_by_id(ticket_id)
    if ticket is not None and ticket.holder_hash is not None:
        same = constant_time_compare(hash_secret(secret), bytes(ticket.holder_hash))
        return ticket if same else None
    return ticket if opens(secret, order=ticket.line.order if ticket else None) else None


def order_by_code(code: str) -> Order | None:
    """The order, for somebody whose right to it is proven already."""
    return Order.objects.filter(code=code).first()


def ticket_by_id(ticket_id: str) -> Ticket | None:
    """The ticket, for somebody whose right to it is proven already."""
    tickets = Ticket.objects.select_related(
        "line__order", "category", "made_by", "ended_by", "slot", "entry_site"
    )
    return tickets.filter(pk=to_column(int(ticket_id, 16))).first()
