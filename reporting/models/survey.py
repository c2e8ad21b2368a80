from django.db import models
from django.db.models import Q

from sites.models import HeritageSite, User
from ticketing.models import Order


class SurveyAnswer(models.Model):
    """What one order says of its visit, on five points; one answer for each order, never deleted.

    An anonymous answer at a gate has no order: one for each device and day, reported apart.
    """

    order = models.OneToOneField(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="survey"
    )
    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    comment = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField()
    # SHA-256 of what a device says of itself at the gate, with a secret of the server.
    device_hash = models.CharField(max_length=64, blank=True)
    device_day = models.DateField(null=True, blank=True)
    # Something was promised for it, or staff gave it: kept, and counted nowhere.
    incentivised = models.BooleanField(default=False)
    by_staff = models.BooleanField(default=False)
    # Hidden from the public with a reason; counted all the same.
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    hidden_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(score__range=(1, 5)), name="survey_score_of_five_points"
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=False, device_hash="", device_day__isnull=True)
                | (Q(order__isnull=True, device_day__isnull=False) & ~Q(device_hash="")),
                name="survey_answer_of_an_order_or_a_device",
            ),
            models.UniqueConstraint(
                fields=["device_hash", "device_day"],
                condition=Q(order__isnull=True),
                name="survey_once_per_device_and_day",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True)
                | (Q(hidden_by__isnull=False) & ~Q(hidden_reason="")),
                name="survey_answer_hidden_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["answered_at"], name="survey_answer_by_time")]

    def __str__(self) -> str:
        return f"{self.score} for {self.site_id}"
