"""What the gates know by now: money goes back only when no gate lets a void ticket in any more."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from ticketing.models import DeviceState, Entitlement, Revocation, Ticket, TicketStatus

# How long a gate may judge by itself before a supervisor must say so again.
LONGEST_ALONE = timedelta(hours=12)


def gates_know(*, ticket_ids: Collection[int], at: datetime) -> bool:
    """True when every gate of these tickets knows that they are void, in whole or in part.

    A gate knows when it holds a list that says so and has sent every scan it made before; after
    the longest time that a gate may be alone, it knows or judges no more. Ids are those of the
    database. False as long as a ticket is still valid as a whole, or its end is not listed yet.
    """
    tickets = set(ticket_ids)
    listed = _listed(tickets)
    return len(listed) == len(tickets) and not any(
        at < listed_at + LONGEST_ALONE and _ignorant_gates(ticket_id, number=number).exists()
        for ticket_id, (number, listed_at) in listed.items()
    )


def _listed(tickets: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """Number and time of the list that first told how much of each ticket is void."""
    newest = Revocation.objects.filter(ticket=OuterRef("pk")).order_by("-people")
    rows = (
        Ticket.objects.filter(pk__in=tickets)
        .annotate(
            listed_people=Subquery(newest.values("people")[:1]),
            listed_number=Subquery(newest.values("number")[:1]),
            listed_at=Subquery(newest.values("listed_at")[:1]),
        )
        .filter(_all_of_its_end_is_listed())
        .values_list("pk", "listed_number", "listed_at")
    )
    return {pk: (number, listed_at) for pk, number, listed_at in rows}


def _all_of_its_end_is_listed() -> Q:
    whole = ~Q(status=TicketStatus.VALID) & Q(listed_people=F("party_size"))
    part = Q(cancelled_people__gt=0, listed_people__gte=F("cancelled_people"))
    return whole | (Q(status=TicketStatus.VALID) & part)


def _ignorant_gates(ticket_id: int, *, number: int) -> QuerySet[DeviceState]:
    """Devices at the ticket's places that can judge alone and may not know, or have more to tell.

    A device that never held a list cannot judge alone; what a disabled one says is quarantined.
    """
    sites = Entitlement.objects.filter(product__ticket=ticket_id).values("site")
    return DeviceState.objects.filter(
        device__gate__site__in=sites,
        device__disabled_at__isnull=True,
        pack_number__gt=0,
        drained_number__lt=number,
    )
