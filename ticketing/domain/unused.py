"""Of each ticket, the people who have not come: they can be cancelled, moved or given away."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ticketing.models import Admission, EntryPolicy, Order, Ticket, TicketStatus


@dataclass(frozen=True, slots=True)
class Party:
    """A ticket with the people who were let in and those who were not."""

    ticket: Ticket
    inside: int
    unused: int


def parties_of(order: Order, *, locked: bool) -> list[Party]:
    """The tickets of an order with who is left, in the order of their lines.

    `locked`: the caller holds the order's row. The tickets' rows are locked before the people
    inside are counted. A gate locks a ticket for sharing before it counts, so that whoever comes
    second sees what the first one did. After tickets come admissions, then capacities.
    """
    tickets = Ticket.objects.filter(line__order=order).select_related(
        "line__category", "product", "category"
    )
    if locked:
        tickets = tickets.select_for_update(of=("self",))
    # Locks are taken in the order of the ids, by everybody.
    found = list(tickets.order_by("pk"))
    inside = _inside(found)
    found.sort(key=lambda ticket: (ticket.line_id, ticket.number))
    return [_party(ticket, inside[ticket.pk]) for ticket in found]


def _inside(tickets: Sequence[Ticket]) -> dict[int, int]:
    """People who came: at the place, or on the day, where most of the party did."""
    found: dict[int, int] = defaultdict(int)
    for ticket_id, people in Admission.objects.filter(ticket__in=tickets).values_list(
        "ticket_id", "people"
    ):
        found[ticket_id] = max(found[ticket_id], people)
    return found


def _party(ticket: Ticket, inside: int) -> Party:
    party = ticket.party_size - ticket.cancelled_people
    if ticket.entry_policy == EntryPolicy.UNLIMITED:
        # Its admissions count entries, not people: whoever used it has used all of it.
        inside = party if inside else 0
    unused = party - inside if ticket.status == TicketStatus.VALID else 0
    return Party(ticket, inside, max(unused, 0))
