"""What is left of a ticket: how many people may still enter at each of its places."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ticketing.domain.visit_days import day_of
from ticketing.domain.wording import worded
from ticketing.models import Admission, Entitlement, EntryPolicy, Ticket, TicketStatus


@dataclass(frozen=True, slots=True)
class EntriesLeft:
    site: str
    site_name: str
    left: int


def entries_left(
    tickets: Sequence[Ticket], *, language: str, at: datetime
) -> dict[int, list[EntriesLeft]]:
    """People who may still enter, by ticket and place, in two queries for any number."""
    places = _places({ticket.product_id for ticket in tickets})
    inside = _inside(tickets)
    return {
        ticket.pk: [
            EntriesLeft(slug, worded(names, language), _left(ticket, site_id, inside, at))
            for site_id, slug, names in places[ticket.product_id]
        ]
        for ticket in tickets
    }


def _places(product_ids: set[int]) -> dict[int, list[tuple[int, str, dict[str, str]]]]:
    found: dict[int, list[tuple[int, str, dict[str, str]]]] = defaultdict(list)
    rows = Entitlement.objects.filter(product_id__in=product_ids).order_by("pk")
    columns = rows.values_list("product_id", "site_id", "site__slug", "site__names")
    for product_id, site_id, slug, names in columns:
        found[product_id].append((site_id, slug, names))
    return found


def _inside(tickets: Sequence[Ticket]) -> list[Admission]:
    return list(Admission.objects.filter(ticket__in=tickets))


def _left(ticket: Ticket, site_id: int, inside: Sequence[Admission], at: datetime) -> int:
    if ticket.status != TicketStatus.VALID or at >= ticket.valid_until:
        return 0
    if ticket.entry_policy == EntryPolicy.UNLIMITED:
        return ticket.party_size
    used = sum(
        admission.people
        for admission in inside
        if admission.ticket_id == ticket.pk
        and admission.site_id in {site_id, None}
        and admission.day in {day_of(at), None}
    )
    return max(ticket.party_size - used, 0)
