from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ticketing.models.capacity import Slot
from ticketing.models.orders import OrderLine


class SlotBooking(models.Model):
    """People of an order's line who take places in a slot: what explains the slot's counters.

    `visit_date` and `chosen` say which visit they are counted for: some people of a line may
    have moved to another day or slot. A visit takes from several slots where one capacity lies
    inside another, or a product opens several places.
    """

    class Status(models.TextChoices):
        HELD = "held"
        SOLD = "sold"

    # Found by the unique constraint, which starts with it.
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    visit_date = models.DateField()
    # The slot that the buyer chose; null for products without times.
    chosen = models.ForeignKey(
        Slot, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    people = models.PositiveIntegerField()
    status = models.CharField(max_length=4, choices=Status)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "slot", "visit_date", "chosen"],
                nulls_distinct=False,
                name="slot_booked_once_for_a_visit",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="slot_booking_has_people"),
            models.CheckConstraint(
                condition=Q(status__in=["held", "sold"]), name="slot_booking_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} {self.status} in {self.slot_id}"


class SlotDifference(models.Model):
    """A recount found counters that the bookings do not explain. A person looks."""

    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="differences")
    found_at = models.DateTimeField()
    held_counted = models.PositiveIntegerField(help_text="what the counter says")
    held_booked = models.PositiveIntegerField(help_text="what the bookings add up to")
    sold_counted = models.PositiveIntegerField(help_text="what the counter says")
    sold_booked = models.PositiveIntegerField(help_text="what the bookings add up to")
    # The first recount that found it right again.
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("difference of a recount")
        verbose_name_plural = _("differences of recounts")
        constraints = [
            models.UniqueConstraint(
                fields=["slot"],
                condition=Q(gone_at__isnull=True),
                name="slot_difference_open_once",
            )
        ]

    def __str__(self) -> str:
        return f"slot {self.slot_id}: {self.held_counted}/{self.sold_counted}"
