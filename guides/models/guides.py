from typing import TypeAlias

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.models import HeritageSite, Language, User


class Origin(models.TextChoices):
    """Where a text or a voice is from. `reviewed`: a machine made it, a person vouches for it."""

    HUMAN = "human", _("by a person")
    SYNTHETIC = "synthetic", _("by a machine")
    REVIEWED = "reviewed", _("by a machine, checked by a person")


class GuideKind(models.TextChoices):
    FULL = "full", _("full tour")
    HALF_DAY = "half_day", _("half a day")
    SHORT = "short", _("short tour")


class Guide(models.Model):
    """One tour of a site: its stops, in an order or free."""

    Kind: TypeAlias = GuideKind

    class Order(models.TextChoices):
        FREE = "free", _("in any order")
        SEQUENTIAL = "sequential", _("one after the other")

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="guides")
    slug = models.SlugField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.FULL)
    order = models.CharField(max_length=10, choices=Order, default=Order.SEQUENTIAL)
    is_free = models.BooleanField(default=True)
    # The language that authors write in; every other one is a translation of it.
    source_language = models.CharField(max_length=2, choices=Language, default=Language.VI)
    position = models.PositiveSmallIntegerField(default=0)
    # How long a visitor walks it, in minutes; null where nobody has said.
    minutes_from = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_to = models.PositiveSmallIntegerField(null=True, blank=True)
    # The list of stops that two people agreed on, and what it said: a changed list is not approved.
    stops_proposed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stops_approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stops_approved_at = models.DateTimeField(null=True, blank=True)
    stops_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("guide")
        verbose_name_plural = _("guides")
        constraints = [
            models.UniqueConstraint(fields=["site", "slug"], name="guide_slug_once_per_site"),
            models.CheckConstraint(
                condition=Q(minutes_to__isnull=True) | Q(minutes_to__gte=F("minutes_from")),
                name="guide_minutes_in_order",
            ),
            models.CheckConstraint(
                condition=Q(stops_approved_by__isnull=True)
                | (
                    Q(stops_proposed_by__isnull=False)
                    & ~Q(stops_approved_by=F("stops_proposed_by"))
                    & Q(stops_approved_at__isnull=False)
                ),
                name="guide_stops_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class GuideText(models.Model):
    """What one guide is called in one language."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "language"], name="guide_text_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.title


class SitePolicy(models.Model):
    """What one site decided about its guides."""

    class Stale(models.TextChoices):
        SHOW = "show", _("stays public until it is replaced")
        HIDE = "hide", _("is hidden until it is replaced")

    site = models.OneToOneField(HeritageSite, on_delete=models.CASCADE, related_name="guide_policy")
    stale = models.CharField(_("stale content"), max_length=4, choices=Stale, default=Stale.SHOW)

    class Meta:
        verbose_name = _("rule for stale content")
        verbose_name_plural = _("rules for stale content")
        constraints = [
            models.CheckConstraint(
                condition=Q(stale__in=["show", "hide"]), name="site_policy_stale_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.stale}"
