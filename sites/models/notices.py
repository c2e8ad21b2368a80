from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from sites.models.languages import Language
from sites.models.places import HeritageSite


class Closure(models.Model):
    """A time in which a site, or a part of it, is closed.

    `ends_at` is exclusive; null is open-ended.
    """

    site = models.ForeignKey(HeritageSite, on_delete=models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    # False: a part is closed (a palace under restoration) and the rest is open.
    whole_site = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="closure_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["site", "starts_at"], name="closure_by_site")]

    def __str__(self) -> str:
        # By the clock of the place: midnight there is the day before by the clock of the server.
        return f"{self.site} {timezone.localtime(self.starts_at):%Y-%m-%d}"


class ClosureText(models.Model):
    """Why, and what is closed, in one language."""

    closure = models.ForeignKey(Closure, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    text = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closure", "language"], name="closure_text_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Notice(models.Model):
    """Something visitors should know before they pay.

    Shown from `shows_from` until `shows_until`.
    """

    site = models.ForeignKey(HeritageSite, on_delete=models.CASCADE, related_name="notices")
    shows_from = models.DateTimeField()
    shows_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shows_until__isnull=True) | Q(shows_until__gt=F("shows_from")),
                name="notice_ends_after_it_starts",
            )
        ]
        indexes = [models.Index(fields=["site", "shows_from"], name="notice_by_site")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.shows_from:%Y-%m-%d}"


class NoticeText(models.Model):
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    text = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "language"], name="notice_text_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.text
