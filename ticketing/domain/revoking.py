"""Tickets end because their money was taken back; whoever was let in already stays let in."""

from datetime import datetime

from django.db import transaction

from ticketing.domain.cancelling import booked_day
from ticketing.domain.capacity import Leaving, release_people, visit_of
from ticketing.models import Admission, Order, Ticket, TicketStatus


@transaction.atomic
def revoke_unused(*, order: Order, at: datetime) -> int:
    """End every ticket of the order that is still good and opened no gate yet; how many ended.

    Ended tickets stay ended: gates may carry the list of them for days. Their places are free for
    others at once, as those of cancelled tickets are.
    """
    Order.objects.select_for_update().get(pk=order.pk)
    tickets = list(
        Ticket.objects.select_for_update(of=("self",))
        .select_related("line", "product")
        .filter(line__order=order, status=TicketStatus.VALID, valid_until__gt=at)
        .order_by("pk")
    )
    used = set(Admission.objects.filter(ticket__in=tickets).values_list("ticket_id", flat=True))
    unused = [ticket for ticket in tickets if ticket.pk not in used]
    ended = Ticket.objects.filter(pk__in=[ticket.pk for ticket in unused])
    count = ended.update(status=TicketStatus.REVOKED)
    release_people(
        [
            Leaving(
                line=ticket.line,
                people=ticket.party_size,
                visit=visit_of(ticket, day=booked_day(ticket)),
            )
            for ticket in unused
        ]
    )
    return count
