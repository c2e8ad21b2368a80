"""Tickets come into being: in the transaction that pays their order, once, or not at all."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from ticketing.domain.booking import book_again
from ticketing.domain.capacity import sell_places, take_places
from ticketing.domain.capacity_uses import entry_of
from ticketing.domain.order_status import move
from ticketing.domain.passes import PassRule, rules_of, validity_of_line
from ticketing.domain.revenue import share_out
from ticketing.domain.signing_keys import key_for, private_key_of
from ticketing.domain.ticket_ids import from_column, new_ticket_id
from ticketing.domain.ticket_token import TicketClaims, sign
from ticketing.models import Entitlement, Order, OrderLine, OrderStatus, Ticket

# A statement carries at most 65,535 values.
TICKETS_PER_STATEMENT = 2000


class NotPayableReason(StrEnum):
    CANCELLED = "cancelled"
    VISIT_OVER = "visit_over"
    # The hold was over, and others have the places by now.
    SOLD_OUT = "sold_out"


@dataclass(frozen=True, slots=True)
class OrderPaid:
    order: Order
    lines: Sequence[OrderLine]
    tickets: Sequence[Ticket]


@dataclass(frozen=True, slots=True)
class AlreadyPaid:
    """The order has its tickets already; this money was for nothing."""

    order: Order


@dataclass(frozen=True, slots=True)
class NotPayable:
    """No tickets can be given for this money."""

    order: Order
    reason: NotPayableReason


@transaction.atomic
def pay_order(*, order: Order, at: datetime) -> OrderPaid | AlreadyPaid | NotPayable:
    """Give the order its tickets, late money included; whoever comes second changes nothing."""
    # The row lock makes two settlements of one order wait for each other.
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status == OrderStatus.PAID:
        return AlreadyPaid(locked)
    if locked.status == OrderStatus.CANCELLED:
        return NotPayable(locked, NotPayableReason.CANCELLED)
    lines = lines_of(locked)
    if all(_is_over(line, at) for line in lines):
        return NotPayable(locked, NotPayableReason.VISIT_OVER)
    held = locked.status == OrderStatus.HELD
    if not held and not _taken_again(lines, at=at):
        return NotPayable(locked, NotPayableReason.SOLD_OUT)
    move(locked, to=OrderStatus.PAID, paid_at=at, **waiting_for_delivery(locked, at=at))
    share_out(lines=lines, at=at)
    tickets = _issue(lines, order=locked, at=at)
    if held:
        # Last, so that the counters that everybody needs are locked for the shortest time.
        sell_places(lines)
    return OrderPaid(locked, lines, tickets)


def waiting_for_delivery(order: Order, *, at: datetime) -> dict[str, datetime]:
    """What a paid order notes for the mail: due at once, or done where there is no address."""
    return {"deliver_after": at} if order.email else {"delivered_at": at}


def lines_of(order: Order) -> list[OrderLine]:
    return list(order.lines.select_related("product", "category", "slot__capacity").order_by("pk"))


def _is_over(line: OrderLine, at: datetime) -> bool:
    if line.slot is not None:
        return entry_of(line.slot)[1] <= at
    return validity_of_line(line, at=at)[1] <= at


def _taken_again(lines: Sequence[OrderLine], *, at: datetime) -> bool:
    """What a lapsed order had let go of is its own again, if it is still free."""
    takings = book_again(lines, at=at)
    return takings is not None and take_places(takings, sold=True) is None


def issue_tickets(*, order: Order, at: datetime) -> list[Ticket]:
    """Sign and write the tickets of a paid order; the caller holds the order's row.

    The constraint `ticket_issued_once` makes a second set impossible.
    """
    return _issue(lines_of(order), order=order, at=at)


def _issue(lines: Sequence[OrderLine], *, order: Order, at: datetime) -> list[Ticket]:
    rules = rules_of({line.product for line in lines})
    tickets = [
        _ticket(line, number, party_size, order=order, rule=rules[line.product_id], at=at)
        for line in lines
        for number, party_size in enumerate(_parties(line))
    ]
    return write_tickets(tickets, at=at)


def write_tickets(tickets: Sequence[Ticket], *, at: datetime) -> list[Ticket]:
    """Sign tickets that are filled in but for their key, and keep them.

    Each comes with its line and the category of that; the caller holds the order's row.
    """
    key = key_for(at=at)
    private_key = private_key_of(key)
    scopes = _scopes({ticket.product_id for ticket in tickets})
    for ticket in tickets:
        ticket.key, ticket.issued_at = key, at
        ticket.token = _token(ticket, scope=scopes[ticket.product_id], private_key=private_key)
    return Ticket.objects.bulk_create(tickets, batch_size=TICKETS_PER_STATEMENT)


def _parties(line: OrderLine) -> list[int]:
    return [line.quantity] if line.one_code else [1] * line.quantity


def _scopes(product_ids: Iterable[int]) -> Mapping[int, int]:
    """Site numbers of each product as bits; what has no number is never sold."""
    bits: dict[int, int] = defaultdict(int)
    rows = Entitlement.objects.filter(product_id__in=product_ids, site__ticket_bit__isnull=False)
    for product_id, bit in rows.values_list("product_id", "site__ticket_bit"):
        bits[product_id] |= 1 << (bit or 0)
    return bits


def _ticket(
    line: OrderLine, number: int, party_size: int, *, order: Order, rule: PassRule, at: datetime
) -> Ticket:
    valid_from, valid_until = validity_of_line(line, at=at)
    entry = entry_of(line.slot) if line.slot else (None, None)
    return Ticket(
        id=new_ticket_id(),
        line=line,
        number=number,
        product_id=line.product_id,
        category_id=line.category_id,
        needs_document=line.category.needs_document,
        language=order.language,
        party_size=party_size,
        entry_policy=line.product.entry_policy,
        rule=rule.to_json(),
        valid_from=valid_from,
        valid_until=valid_until,
        slot=line.slot,
        entry_from=entry[0],
        entry_until=entry[1],
        entry_site_id=line.slot.capacity.site_id if line.slot else None,
    )


def _token(ticket: Ticket, *, scope: int, private_key: Ed25519PrivateKey) -> bytes:
    claims = TicketClaims(
        key_id=ticket.key_id,
        ticket_id=from_column(ticket.id),
        product_id=ticket.product_id,
        scope=scope,
        valid_from=ticket.valid_from,
        valid_until=ticket.valid_until,
        category=ticket.line.category.token_code,
        party_size=ticket.party_size,
        entry_policy=ticket.entry_policy,
        issued_at=ticket.issued_at.replace(second=0, microsecond=0),
    )
    return sign(claims, private_key)
