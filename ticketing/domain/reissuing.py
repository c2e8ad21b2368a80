"""Tickets are ended and others issued in their place: the one door for every such change.

Only people who were not let in yet travel to the new tickets; the others stay with the old one,
which ends. A gate locks the ticket's row for sharing before it reads its status, and here it is
locked for update before the people inside are counted: whoever comes second sees the other.
"""

from collections.abc import Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Sum

from ticketing.domain.issuing import write_tickets
from ticketing.domain.ticket_ids import new_ticket_id
from ticketing.models import (
    Admission,
    Entitlement,
    EntryPolicy,
    Order,
    OrderStatus,
    Reissue,
    Ticket,
    TicketStatus,
)


class WhyFixed(StrEnum):
    """Why a ticket cannot be exchanged for others. Outside programs rely on these names."""

    ORDER_NOT_PAID = "order_not_paid"
    UNKNOWN_TICKET = "unknown_ticket"
    TICKET_NOT_VALID = "ticket_not_valid"
    TICKET_EXPIRED = "ticket_expired"
    # Everybody was let in already.
    NOBODY_LEFT = "nobody_left"
    # Who was let in would lose the other places or days that the ticket still opens.
    ALREADY_IN_USE = "already_in_use"


@dataclass(frozen=True, slots=True)
class Fixed:
    reason: WhyFixed
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A ticket whose row is locked, and how many of its people were not let in yet."""

    ticket: Ticket
    unused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The caller's own id of a change, and what was asked with it."""

    key: str = ""
    hash: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What becomes of tickets that are alike: one new ticket for each of `parties`.

    `terms` are fields of the ticket that change, such as `valid_from`; all others stay.
    """

    kind: Reissue.Kind
    parties: Sequence[int]
    terms: Mapping[str, Any] = field(default_factory=dict)
    request: Request = Request()


def hold_unused(
    *, order: Order, ticket_ids: Collection[int], at: datetime
) -> Sequence[Held] | Fixed:
    """Lock the order, then its tickets in the order of their ids, and count who is left.

    Called in a transaction; the locks last as long as that.
    """
    locked = Order.objects.select_for_update().get(pk=order.pk)
    if locked.status != OrderStatus.PAID:
        return Fixed(WhyFixed.ORDER_NOT_PAID)
    tickets = list(
        Ticket.objects.select_for_update(of=("self",))
        .select_related("line__category", "category")
        .filter(pk__in=ticket_ids, line__order=order)
        .order_by("pk")
    )
    if missing := set(ticket_ids) - {ticket.pk for ticket in tickets}:
        return Fixed(WhyFixed.UNKNOWN_TICKET, min(missing))
    inside, places = _inside(tickets), _places(tickets)
    held = []
    for ticket in tickets:
        unused = _unused(ticket, inside=inside.get(ticket.pk, 0), places=places, at=at)
        if isinstance(unused, WhyFixed):
            return Fixed(unused, ticket.pk)
        held.append(Held(ticket, unused))
    return held


def _unused(
    ticket: Ticket, *, inside: int, places: Mapping[int, int], at: datetime
) -> int | WhyFixed:
    if ticket.status != TicketStatus.VALID:
        return WhyFixed.TICKET_NOT_VALID
    if at >= ticket.valid_until:
        return WhyFixed.TICKET_EXPIRED
    if inside and opens_again(ticket, places=places.get(ticket.product_id, 0)):
        return WhyFixed.ALREADY_IN_USE
    return ticket.party_size - ticket.cancelled_people - inside or WhyFixed.NOBODY_LEFT


def opens_again(ticket: Ticket, *, places: int) -> bool:
    """Whether somebody who was let in once may still enter somewhere with the same ticket."""
    if ticket.entry_policy == EntryPolicy.ONCE:
        return False
    return ticket.entry_policy != EntryPolicy.ONCE_PER_SITE or places > 1


def _inside(tickets: Sequence[Ticket]) -> dict[int, int]:
    rows = Admission.objects.filter(ticket__in=tickets).values("ticket_id")
    return {row["ticket_id"]: row["people"] for row in rows.annotate(people=Sum("people"))}


def _places(tickets: Sequence[Ticket]) -> dict[int, int]:
    products = {ticket.product_id for ticket in tickets}
    rows = Entitlement.objects.filter(product_id__in=products).values("product_id")
    return {row["product_id"]: row["count"] for row in rows.annotate(count=Count("pk"))}


@transaction.atomic
def exchange(*, held: Sequence[Held], wanted: Exchange, at: datetime) -> list[Ticket]:
    """End the held tickets, which are of one line and alike, and issue those of `wanted`.

    As many people come out as go in: anything else is a bug, and raises.
    """
    unused = sum(one.unused for one in held)
    if sum(wanted.parties) != unused or min(wanted.parties) < 1:
        message = f"{unused} people do not fit into {list(wanted.parties)}."
        raise ValueError(message)
    model = held[0].ticket
    reissue = Reissue.objects.create(
        order_id=model.line.order_id,
        kind=wanted.kind,
        at=at,
        idempotency_key=wanted.request.key,
        request_hash=wanted.request.hash,
    )
    for one in held:
        Ticket.objects.filter(pk=one.ticket.pk).update(
            status=TicketStatus.REVOKED, ended_by=reissue, travelled_people=one.unused
        )
    return write_tickets(_copies(model, reissue, wanted), at=at)


def _copies(model: Ticket, reissue: Reissue, wanted: Exchange) -> list[Ticket]:
    """New tickets like the model; their numbers go on where those of the line end."""
    last = Ticket.objects.filter(line=model.line_id).aggregate(last=Max("number"))["last"]
    return [
        _copy(model, reissue, wanted.terms, number=number, people=people)
        for number, people in enumerate(wanted.parties, start=last + 1)
    ]


def _copy(
    model: Ticket, reissue: Reissue, terms: Mapping[str, Any], *, number: int, people: int
) -> Ticket:
    ticket = copy(model)
    # The cache of relations and the mark "is in the database" belong to the model alone.
    ticket._state = copy(model._state)  # noqa: SLF001 # Django documents it for copies
    ticket._state.adding = True  # noqa: SLF001
    ticket.pk = new_ticket_id()
    ticket.number, ticket.party_size = number, people
    ticket.made_by, ticket.ended_by = reissue, None
    ticket.cancelled_people = 0
    for name, value in terms.items():
        setattr(ticket, name, value)
    return ticket


def alike(held: Sequence[Held]) -> bool:
    """Whether the tickets differ in nothing but their ids and the size of their parties."""
    return all(_terms(one.ticket) == _terms(held[0].ticket) for one in held)


# What every ticket has for itself; in all other fields tickets of one code are equal.
OWN = {
    "id",
    "number",
    "party_size",
    "cancelled_people",
    "token",
    "key",
    "issued_at",
    "made_by",
    "ended_by",
    "travelled_people",
}


def _terms(ticket: Ticket) -> tuple[object, ...]:
    fields = Ticket._meta.concrete_fields  # noqa: SLF001 # the public name of the model's facts
    return tuple(getattr(ticket, field.attname) for field in fields if field.name not in OWN)


def answered_before(*, order: Order, request: Request) -> Reissue | None:
    """The change that this key made before; the caller holds the order's row."""
    return Reissue.objects.filter(order=order, idempotency_key=request.key).first()


def people_of_line(line_id: int) -> int:
    """People on all tickets of a line, each counted once: its quantity, whatever happened."""
    total = Ticket.objects.filter(line=line_id).aggregate(
        people=Sum(F("party_size") - F("travelled_people"))
    )
    return int(total["people"] or 0)
