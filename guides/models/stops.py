import secrets

from django.contrib.gis.db.models import PointField, PolygonField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from guides.models.guides import Guide, Origin
from sites.models import Language, User

# Read aloud and typed at the object: no letters that look alike.
QR_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
QR_LENGTH = 8


def new_qr_code() -> str:
    """Return the code of the label at the object; it outlives renumbering."""
    return "".join(secrets.choice(QR_LETTERS) for _position in range(QR_LENGTH))


class Stop(models.Model):
    """One object or spot that a guide speaks of."""

    guide = models.ForeignKey(Guide, on_delete=models.PROTECT, related_name="stops")
    # What visitors type, as on the sign at the object.
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=80)
    qr_code = models.CharField(max_length=12, unique=True, default=new_qr_code, editable=False)
    # Null: indoors, or nobody has measured it.
    location = PointField(geography=True, null=True, blank=True, spatial_index=False)
    location_error_m = models.PositiveIntegerField(null=True, blank=True)
    location_credit = models.CharField(max_length=120, blank=True)
    # Where the phone starts to speak by itself: a circle around the point, or an outline.
    zone_radius_m = models.PositiveSmallIntegerField(null=True, blank=True)
    zone_area = PolygonField(geography=True, null=True, blank=True, spatial_index=False)
    # Where the visitor looks, in degrees from north.
    bearing = models.PositiveSmallIntegerField(null=True, blank=True)
    # For so long the phone does not start again by itself.
    cooldown_s = models.PositiveIntegerField(null=True, blank=True)
    indoor = models.BooleanField(default=False)
    # Whether the stop counts for the report of the province.
    required = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        constraints = [
            models.UniqueConstraint(
                fields=["guide", "number"],
                name="stop_number_once_per_guide",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["guide", "slug"], name="stop_slug_once_per_guide"),
            models.CheckConstraint(
                condition=Q(zone_radius_m__isnull=True) | Q(zone_area__isnull=True),
                name="stop_zone_is_a_circle_or_an_outline",
            ),
            models.CheckConstraint(
                condition=Q(zone_radius_m__isnull=True) | Q(location__isnull=False),
                name="stop_circle_has_its_point",
            ),
            models.CheckConstraint(
                condition=Q(bearing__isnull=True) | Q(bearing__lt=360), name="stop_bearing_is_one"
            ),
            models.CheckConstraint(
                condition=Q(location__isnull=True) | ~Q(location_credit=""),
                name="stop_point_has_its_credit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.slug}"


class Segment(models.Model):
    """One passage of what is told at a stop: what is translated and spoken as a piece."""

    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="segments")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stop", "position"],
                name="segment_position_once_per_stop",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.stop_id}:{self.position}"


class SegmentText(models.Model):
    """A passage in one language.

    Written through `domain/freshness.py` alone, which keeps `stale_since` true.
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    text = models.TextField()
    # SHA-256, written by the database: it cannot disagree with the text.
    text_hash = models.GeneratedField(
        expression=Func(F("text"), function="guide_text_hash"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
    )
    # The hash of the source that this was translated from; empty for the source itself.
    source_hash = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HUMAN)
    stale_since = models.DateTimeField(null=True, blank=True, editable=False)
    edited_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "language"], name="segment_text_once_per_language"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="segment_text_says_something"),
            models.CheckConstraint(
                condition=Q(origin__in=["human", "synthetic", "reviewed"]),
                name="segment_text_origin_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.language}"


class EarlierText(models.Model):
    """A wording that a passage has or had, each once: what translators worked from."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="wordings")
    language = models.CharField(max_length=2, choices=Language)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    first_written_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "language", "text_hash"], name="wording_once_per_passage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} {self.language} {self.first_written_at:%Y-%m-%d}"


class Leg(models.Model):
    """The way from one stop to the next."""

    from_stop = models.OneToOneField(Stop, on_delete=models.CASCADE, related_name="leg")
    to_stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="legs_here")

    class Meta:
        verbose_name = _("way to the next stop")
        verbose_name_plural = _("ways to the next stop")
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_stop=F("to_stop")), name="leg_leads_somewhere_else"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_stop_id} → {self.to_stop_id}"


class LegText(models.Model):
    """What is told on the way, in one language; published with the stop where it starts."""

    leg = models.ForeignKey(Leg, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    text = models.TextField()
    text_hash = models.GeneratedField(
        expression=Func(F("text"), function="guide_text_hash"),
        output_field=models.CharField(max_length=64),
        db_persist=True,
    )
    source_hash = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.HUMAN)
    stale_since = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["leg", "language"], name="leg_text_once_per_language"),
            models.CheckConstraint(condition=~Q(text=""), name="leg_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.leg_id} {self.language}"
