from django.db import models
from django.db.models import Q

from sites.models import User
from ticketing.models.capacity import Slot
from ticketing.models.orders import Order, OrderLine
from ticketing.models.tickets import Ticket


class Move(models.Model):
    """People of an order come on another day or at another time; never edited."""

    class Reason(models.TextChoices):
        BUYER = "buyer"
        SITE_CLOSED = "site_closed"
        MANAGER = "manager"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="moves")
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=Reason)
    # The caller's own id for the request: a repeat changes nothing.
    request_key = models.CharField(max_length=200)
    request_hash = models.BinaryField(max_length=32)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "request_key"], name="move_once_per_request"),
            models.CheckConstraint(
                condition=Q(reason__in=["buyer", "site_closed", "manager"]),
                name="move_reason_known",
            ),
        ]

    def __str__(self) -> str:
        return f"move in order {self.order_id}"


class MoveLine(models.Model):
    """People of one ticket: from when, to when, and by which code they enter now.

    `made` is the same ticket where nothing in its code had to change.
    """

    move = models.ForeignKey(Move, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="moves")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="moves")
    made = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField()
    rule = models.SlugField()
    from_date = models.DateField()
    to_date = models.DateField()
    from_slot = models.ForeignKey(Slot, null=True, on_delete=models.PROTECT, related_name="+")
    to_slot = models.ForeignKey(Slot, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["move", "ticket"], name="move_line_once"),
            models.CheckConstraint(condition=Q(people__gte=1), name="move_line_has_people"),
        ]

    def __str__(self) -> str:
        return f"{self.people} to {self.to_date}"
