from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guides.models.guides import Origin
from guides.models.stops import Segment, Stop
from sites.models import HeritageSite, Language, User


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Narration(models.Model):
    """One stop in one language.

    `status` and `live` are what the public meets; the door is `domain/publishing.py`.
    """

    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="narrations")
    language = models.CharField(max_length=2, choices=Language)
    title = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    live = models.OneToOneField(
        "guides.NarrationVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("narration")
        verbose_name_plural = _("narrations")
        constraints = [
            models.UniqueConstraint(
                fields=["stop", "language"], name="narration_once_per_stop_and_language"
            ),
            models.CheckConstraint(
                condition=Q(status="published", live__isnull=False)
                | (~Q(status="published") & Q(live__isnull=True)),
                name="narration_published_has_its_version",
            ),
        ]
        indexes = [models.Index(fields=["status", "language"], name="narration_by_status")]

    def __str__(self) -> str:
        return f"{self.stop_id} {self.language}"


class Recording(models.Model):
    """A voice that speaks a narration, whole. Never changed: another one replaces it.

    A row is there when its files are; one that is being made is a job and not this.
    """

    narration = models.ForeignKey(Narration, on_delete=models.PROTECT, related_name="recordings")
    origin = models.CharField(max_length=10, choices=Origin)
    voice = models.CharField(max_length=80, blank=True)
    engine = models.CharField(max_length=40, blank=True)
    # The hash of the transcript that was spoken (`freshness.transcript_of`).
    text_hash = models.CharField(max_length=64)
    duration_ms = models.PositiveIntegerField()
    loudness_lufs = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    stale_since = models.DateTimeField(null=True, blank=True, editable=False)
    made_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        constraints = [
            models.CheckConstraint(
                condition=Q(origin__in=["human", "synthetic", "reviewed"]),
                name="recording_origin_known",
            ),
            models.CheckConstraint(
                condition=~Q(origin="reviewed")
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="recording_review_has_its_person",
            ),
            models.CheckConstraint(condition=Q(duration_ms__gt=0), name="recording_lasts"),
        ]
        indexes = [models.Index(fields=["narration", "made_at"], name="recording_by_narration")]

    def __str__(self) -> str:
        return f"{self.narration_id} {self.origin} {self.made_at:%Y-%m-%d %H:%M}"


class SoundFile(models.Model):
    """One file of a recording, stored by what is in it (`domain/storing.py`)."""

    class Format(models.TextChoices):
        MP3 = "mp3", "MP3"
        OPUS = "opus", "Opus"

    class Quality(models.TextChoices):
        LOW = "low", _("low")
        HIGH = "high", _("high")

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(max_length=4, choices=Format)
    quality = models.CharField(max_length=4, choices=Quality)
    sha256 = models.CharField(max_length=64)
    bytes = models.PositiveIntegerField()
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recording", "format", "quality"], name="sound_file_once_per_form"
            )
        ]

    def __str__(self) -> str:
        return self.name


class NarrationVersion(models.Model):
    """What one person submitted and another published: texts and voice as they were then."""

    narration = models.ForeignKey(Narration, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    title = models.CharField(max_length=200)
    # [{segment, text, text_hash, source_hash, origin}] in order.
    segments = models.JSONField(default=list)
    # What is told on the way to the next stop.
    onward = models.TextField(blank=True)
    text_hash = models.CharField(max_length=64)
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    note = models.CharField(max_length=400, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    # Approved for later: a task publishes it then. Null: as soon as it is approved.
    publish_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(
                fields=["narration", "number"], name="version_number_once_per_narration"
            ),
            models.UniqueConstraint(
                fields=["narration"],
                condition=Q(status="published"),
                name="version_published_once_per_narration",
            ),
            models.UniqueConstraint(
                fields=["narration"],
                condition=Q(status__in=["draft", "in_review"]),
                name="version_open_once_per_narration",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                name="version_approved_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["published", "withdrawn"])
                | Q(
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                    published_at__isnull=False,
                    recording__isnull=False,
                ),
                name="version_published_has_approval_and_voice",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True)
                | Q(publish_at__isnull=True)
                | Q(expires_at__gt=F("publish_at")),
                name="version_expires_after_it_is_published",
            ),
        ]
        indexes = [
            models.Index(
                fields=["publish_at"],
                condition=Q(status="in_review", approved_by__isnull=False),
                name="version_waits_for_its_time",
            ),
            models.Index(
                fields=["expires_at"], condition=Q(status="published"), name="version_expires"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.narration_id} v{self.number}"


class ReviewComment(models.Model):
    """What somebody remarked on a narration, until it is settled."""

    narration = models.ForeignKey(Narration, on_delete=models.CASCADE, related_name="comments")
    segment = models.ForeignKey(Segment, null=True, blank=True, on_delete=models.SET_NULL)
    text = models.TextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="review_comment_says_something")
        ]

    def __str__(self) -> str:
        return f"{self.narration_id} {self.at:%Y-%m-%d %H:%M}"


class GuideEvent(models.Model):
    """Who did what to the guides of a site; only ever added to."""

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="+")
    stop = models.ForeignKey(Stop, null=True, blank=True, on_delete=models.SET_NULL)
    language = models.CharField(max_length=2, choices=Language, blank=True)
    what = models.CharField(max_length=24)
    # Null: the clock did it.
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    summary = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = _("act on guides")
        verbose_name_plural = _("who did what to the guides")
        indexes = [models.Index(fields=["site", "-at"], name="guide_event_by_site")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%Y-%m-%d %H:%M}"
