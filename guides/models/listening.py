from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guides.models.narrations import Narration, SoundFile
from guides.models.stops import Stop
from guides.models.tours import Tour
from sites.models import HeritageSite, Language


class Play(models.Model):
    """Somebody listened to a stop: when, in which language, and how much of it.

    Nothing says who or where; the phone made the id up.
    """

    client_id = models.UUIDField(unique=True)
    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="plays")
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="plays")
    language = models.CharField(max_length=2, choices=Language)
    # Null: the text was there when the phone took it along, and is not any more.
    narration = models.ForeignKey(
        Narration, null=True, on_delete=models.PROTECT, related_name="plays"
    )
    # By the phone's clock, never later than when it was told.
    started_at = models.DateTimeField()
    # From 0 to 1; only grows.
    share_heard = models.DecimalField(max_digits=4, decimal_places=3)
    received_at = models.DateTimeField()
    # Our own people trying it out; the report leaves these away.
    staff = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("play")
        verbose_name_plural = _("listening")
        constraints = [
            models.CheckConstraint(
                condition=Q(share_heard__range=(0, 1)), name="play_heard_a_share"
            )
        ]
        indexes = [
            models.Index(fields=["site", "started_at"], name="play_by_site"),
            models.Index(fields=["stop", "language"], name="play_by_stop"),
        ]

    def __str__(self) -> str:
        return f"{self.stop_id} {self.language} {self.share_heard}"


class TourVisit(models.Model):
    """Somebody looked around in a tour: when, for how long, and in which scenes."""

    client_id = models.UUIDField(unique=True)
    tour = models.ForeignKey(Tour, on_delete=models.PROTECT, related_name="visits")
    # Numbers of the scenes that were shown; only grows.
    scenes = ArrayField(models.PositiveSmallIntegerField(), default=list)
    started_at = models.DateTimeField()
    # With the page in view; only grows.
    seconds = models.PositiveIntegerField()
    received_at = models.DateTimeField()
    # Our own people and our probes; the report leaves these away.
    staff = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("visit of a tour")
        verbose_name_plural = _("visits of tours")
        indexes = [models.Index(fields=["tour", "started_at"], name="tour_visit_by_tour")]

    def __str__(self) -> str:
        return f"{self.tour_id} {self.seconds} s"


class PackVersion(models.Model):
    """The list of files of a pack as it was once given out, so that later ones can be compared."""

    guide = models.ForeignKey("guides.Guide", on_delete=models.CASCADE, related_name="packs")
    language = models.CharField(max_length=2, choices=Language)
    format = models.CharField(max_length=4, choices=SoundFile.Format)
    quality = models.CharField(max_length=4, choices=SoundFile.Quality)
    version = models.CharField(max_length=32)
    # A list of name, sha256, bytes and kind, in the order in which they are fetched.
    files = models.JSONField()
    bytes = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("pack")
        verbose_name_plural = _("packs")
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "language", "format", "quality", "version"],
                name="pack_version_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.guide_id} {self.language} {self.version}"
