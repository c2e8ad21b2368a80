from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guides.models.stops import Stop
from sites.models import HeritageSite, Language, User


class Asset(models.Model):
    """A picture or a panorama of a site, stored by what is in it (`domain/storing.py`)."""

    class Kind(models.TextChoices):
        PICTURE = "picture", _("picture")
        PANORAMA = "panorama", _("panorama")

    class Rights(models.TextChoices):
        UNKNOWN = "unknown", _("not known yet")
        OWN = "own", _("made by our own staff")
        PERMISSION = "permission", _("used with permission")
        LICENCE = "licence", _("under an open licence")
        PUBLIC_DOMAIN = "public_domain", _("in the public domain")

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PICTURE)
    # What the person who uploaded it called the file.
    original_name = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=120, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    bytes = models.PositiveBigIntegerField(editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    # Nothing is published before these three are known.
    rights = models.CharField(max_length=14, choices=Rights, default=Rights.UNKNOWN)
    credit = models.CharField(max_length=200, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    # Made up to show how it would look; said so wherever it is shown.
    is_sample = models.BooleanField(default=False)
    uploaded_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    uploaded_at = models.DateTimeField(editable=False)

    class Meta:
        verbose_name = _("picture or panorama")
        verbose_name_plural = _("pictures and panoramas")
        constraints = [
            models.UniqueConstraint(fields=["site", "sha256"], name="asset_once_per_site"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="asset_has_a_size"),
        ]

    def __str__(self) -> str:
        return self.original_name or self.sha256[:12]


class AssetText(models.Model):
    """What a person who cannot see it is told, in one language."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    alt = models.CharField(max_length=300)
    caption = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "language"], name="asset_text_once_per_language"
            ),
            models.CheckConstraint(condition=~Q(alt=""), name="asset_text_says_something"),
        ]

    def __str__(self) -> str:
        return self.alt


class StopAsset(models.Model):
    """A picture or panorama that is shown at a stop."""

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="assets")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="stops")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stop", "asset"], name="asset_once_per_stop")
        ]

    def __str__(self) -> str:
        return f"{self.stop_id} {self.asset_id}"
