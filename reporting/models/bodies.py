from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sites.models import Organisation


class ReportingBody(models.Model):
    """An organisation that owes an adoption report, and the calendar that it owes it by.

    The defaults are the ministry's calendar (Q39, Q40). Another body may be asked for other dates.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="reporting"
    )
    # Its first quarter begins on this day; in a month after June, of the year before.
    first_month = models.PositiveSmallIntegerField(
        default=12, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    first_day = models.PositiveSmallIntegerField(
        default=15, validators=[MinValueValidator(1), MaxValueValidator(28)]
    )
    # Days after the window's end: on the last one the report is still on time.
    due_after_days = models.PositiveSmallIntegerField(default=10)
    freeze_after_days = models.PositiveSmallIntegerField(default=3)
    freeze_before_due_days = models.PositiveSmallIntegerField(default=2)
    # From when it works with this platform; a window that began earlier is partial.
    operates_from = models.DateField()
    # Payments below it are not counted: nobody visits for one đồng.
    price_floor = models.PositiveIntegerField(default=1000, help_text="whole đồng")

    class Meta:
        verbose_name = _("reporting organisation")
        verbose_name_plural = _("reporting organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(first_month__range=(1, 12), first_day__range=(1, 28)),
                name="reporting_body_first_day_exists",
            ),
            models.CheckConstraint(
                condition=Q(due_after_days__range=(3, 60), freeze_before_due_days__range=(1, 10)),
                name="reporting_body_due_after_the_window",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}"
