from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.models import HeritageSite
from ticketing.models.products import Product


class Capacity(models.Model):
    """How many people fit somewhere: a site in a day, a hall, a show at its times.

    What is inside another capacity takes from that one too; the smallest remainder wins.
    """

    class Kind(models.TextChoices):
        DAY = "day"
        TIMED = "timed"

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="capacities")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=5, choices=Kind)
    # Counted by day: a trigger refuses a timed one, a circle, and a change once slots exist.
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="inside"
    )
    # When the door of a timed slot opens before its start, and how long after it people enter.
    # Null: until the slot ends.
    opens_before_minutes = models.PositiveSmallIntegerField(default=0)
    enters_until_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # How far ahead the calendar is written, and so how early people can book.
    days_ahead = models.PositiveSmallIntegerField(default=120)

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="capacity_code_once_per_site"),
            models.CheckConstraint(
                condition=Q(kind__in=["day", "timed"]), name="capacity_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="capacity_is_not_inside_itself",
            ),
            models.CheckConstraint(
                condition=Q(days_ahead__range=(1, 400)), name="capacity_days_ahead_in_range"
            ),
            models.CheckConstraint(
                condition=Q(opens_before_minutes__lte=720)
                & (Q(enters_until_minutes__isnull=True) | Q(enters_until_minutes__gte=1)),
                name="capacity_door_opens_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CapacityUse(models.Model):
    """A product counts its people on a capacity.

    On one timed capacity at most: the buyer chooses one of its slots.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="capacity_uses")
    capacity = models.ForeignKey(Capacity, on_delete=models.PROTECT, related_name="uses")
    # For a product that is valid for several days: count its people on each of them, or on the
    # first alone. The first alone may let in more people than fit on a later day.
    every_day = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("product counted here")
        verbose_name_plural = _("products counted here")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "capacity"], name="capacity_used_once_by_a_product"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} counts on {self.capacity_id}"


class Slot(models.Model):
    """A time in which a number of people fit; of a day capacity, one whole day.

    The two counters are changed by domain/capacity.py alone, with the bookings that explain them.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        # By an exception of the calendar: it keeps its bookings and takes no more.
        CLOSED = "closed"
        # The calendar does not plan it any more.
        WITHDRAWN = "withdrawn"

    capacity = models.ForeignKey(Capacity, on_delete=models.PROTECT, related_name="slots")
    # The day in Việt Nam on which it starts.
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="exclusive")
    people = models.PositiveIntegerField(help_text="who fit in")
    held = models.PositiveIntegerField(default=0)
    sold = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=9, choices=Status, default=Status.OPEN)
    # Which exception closed it, and so why.
    closed_by = models.ForeignKey(
        "CalendarException", null=True, blank=True, on_delete=models.SET_NULL, related_name="slots"
    )

    class Meta:
        verbose_name = _("slot")
        verbose_name_plural = _("slots")
        constraints = [
            models.UniqueConstraint(fields=["capacity", "starts_at"], name="slot_starts_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(people__gte=F("held") + F("sold")), name="slot_never_above_its_people"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "closed", "withdrawn"]), name="slot_status_known"
            ),
        ]
        indexes = [models.Index(fields=["capacity", "day"], name="slot_by_day")]

    def __str__(self) -> str:
        return f"{self.capacity_id} {self.starts_at:%Y-%m-%d %H:%M}"
