"""Tickets end because their money is in dispute; whoever was let in already stays let in."""

from datetime import datetime

from django.db import transaction

from ticketing.models import Admission, Order, Ticket, TicketStatus


@transaction.atomic
def revoke_unused(*, order: Order, at: datetime) -> int:
    """End every ticket of the order that is still good and opened no gate yet; how many ended.

    Ended tickets stay ended: gates may carry the list of them for days.
    """
    Order.objects.select_for_update().get(pk=order.pk)
    tickets = list(
        Ticket.objects.select_for_update(of=("self",))
        .filter(line__order=order, status=TicketStatus.VALID, valid_until__gt=at)
        .order_by("pk")
    )
    used = set(Admission.objects.filter(ticket__in=tickets).values_list("ticket_id", flat=True))
    unused = [ticket.pk for ticket in tickets if ticket.pk not in used]
    return Ticket.objects.filter(pk__in=unused).update(status=TicketStatus.REVOKED)
