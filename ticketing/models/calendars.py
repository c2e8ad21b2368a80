from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.models import Language
from ticketing.models.capacity import Capacity


class CalendarRule(models.Model):
    """Slots that come back: on these weekdays, between two days, at these times.

    Where two rules plan the same start, the later written one says how many people fit.
    """

    capacity = models.ForeignKey(Capacity, on_delete=models.CASCADE, related_name="rules")
    first_day = models.DateField()
    # Included; null is open-ended.
    last_day = models.DateField(null=True, blank=True)
    # As ISO counts them: Monday is 1, Sunday is 7.
    weekdays = ArrayField(models.PositiveSmallIntegerField())
    # Empty for a day capacity.
    times = ArrayField(models.TimeField(), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    people = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("rule of the calendar")
        verbose_name_plural = _("rules of the calendar")
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="calendar_rule_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__len__gte=1, weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7]),
                name="calendar_rule_has_weekdays",
            ),
            models.CheckConstraint(
                condition=Q(times__len=0, minutes__isnull=True)
                | Q(times__len__gte=1, minutes__range=(5, 1440)),
                name="calendar_rule_times_have_a_length",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capacity_id} from {self.first_day}"


class CalendarException(models.Model):
    """What is otherwise on one day: closed, another number of people, an extra slot."""

    class Kind(models.TextChoices):
        CLOSED = "closed"
        PEOPLE = "people"
        EXTRA = "extra"

    capacity = models.ForeignKey(Capacity, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField()
    # Which slot; null is all of the day.
    starts = models.TimeField(null=True, blank=True)
    kind = models.CharField(max_length=6, choices=Kind)
    people = models.PositiveIntegerField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("exception of the calendar")
        verbose_name_plural = _("exceptions of the calendar")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="closed", people__isnull=True, minutes__isnull=True)
                | Q(kind="people", people__isnull=False, minutes__isnull=True)
                | Q(kind="extra", people__isnull=False),
                name="calendar_exception_says_what_it_changes",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__range=(5, 1440)),
                name="calendar_exception_lasts_a_while",
            ),
            models.UniqueConstraint(
                fields=["capacity", "day", "starts"],
                nulls_distinct=False,
                name="calendar_exception_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.capacity_id} {self.day} {self.kind}"


class CalendarExceptionText(models.Model):
    """Why a slot is closed, in one language."""

    exception = models.ForeignKey(CalendarException, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    text = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("reason for visitors")
        verbose_name_plural = _("reasons for visitors")
        constraints = [
            models.UniqueConstraint(
                fields=["exception", "language"],
                name="calendar_exception_text_once_per_language",
            )
        ]

    def __str__(self) -> str:
        return self.text
