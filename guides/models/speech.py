"""What was asked to be read aloud, what was spoken, and how each site wants it done."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guides.models.narrations import Narration, Recording
from sites.models import HeritageSite, Language, User


class SpokenSegment(models.Model):
    """One passage as one voice said it, trimmed. It is never spoken again."""

    # SHA-256 of engine, voice, language and what was said.
    key = models.CharField(max_length=64, unique=True)
    engine = models.CharField(max_length=10)
    voice = models.CharField(max_length=80)
    language = models.CharField(max_length=2, choices=Language)
    said = models.TextField()
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    duration_ms = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.engine} {self.key[:12]}"


class SpeechJob(models.Model):
    """Somebody asked for narrations of one site to be read by a machine."""

    class Status(models.TextChoices):
        WAITING = "WAITING", _("waits")
        RUNNING = "RUNNING", _("is being spoken")
        DONE = "DONE", _("done")
        FAILED = "FAILED", _("not all of it could be spoken")
        CANCELLED = "CANCELLED", _("stopped")

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="speech_jobs")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    # Null: a command asked.
    asked_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    # Let a machine read where a person's recording speaks an older text.
    over_stale = models.BooleanField(default=False)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The job whose failed narrations this one tries again.
    retry_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="retries"
    )

    class Meta:
        verbose_name = _("reading by machine")
        verbose_name_plural = _("readings by machine")
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=Q(status__in=["WAITING", "RUNNING"]),
                name="speech_job_is_open",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["WAITING", "RUNNING"], finished_at__isnull=True)
                | Q(status__in=["DONE", "FAILED", "CANCELLED"], finished_at__isnull=False),
                name="speech_job_finished_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.asked_at:%Y-%m-%d %H:%M}"


class SpeechItem(models.Model):
    """One narration of a job: all its passages by one voice, whichever could speak them all."""

    class Status(models.TextChoices):
        WAITING = "WAITING", _("waits")
        MADE = "MADE", _("spoken")
        # A person's recording is there, and wins.
        KEPT = "KEPT", _("a person's recording stays")
        # The text was changed after the job was asked for.
        OUTDATED = "OUTDATED", _("the text was changed meanwhile")
        FAILED = "FAILED", _("no voice could speak it")

    job = models.ForeignKey(SpeechJob, on_delete=models.CASCADE, related_name="items")
    narration = models.ForeignKey(Narration, on_delete=models.PROTECT, related_name="speech_items")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    # The transcript as it was when the job was asked for.
    text_hash = models.CharField(max_length=64)
    # The order of fall-back as it was then, and which one is at work.
    engines = ArrayField(models.CharField(max_length=10), default=list)
    engine_at = models.PositiveSmallIntegerField(default=0)
    # [{engine, reason, at}]: who did not speak, and why.
    falls = models.JSONField(default=list)
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["job", "narration"], name="speech_item_once_per_narration"
            ),
            models.CheckConstraint(
                condition=Q(status="MADE", recording__isnull=False)
                | (~Q(status="MADE") & Q(recording__isnull=True)),
                name="speech_item_made_has_its_recording",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.narration_id}"


class SpeechPart(models.Model):
    """One passage of an item. `settled_at` is never taken back: progress goes one way."""

    item = models.ForeignKey(SpeechItem, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()
    # With numbers written out and names as they are said.
    say = models.TextField()
    # What was spoken by the engine that is at work; null while it is not.
    spoken = models.ForeignKey(
        SpokenSegment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "position"], name="speech_part_position_once_per_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item_id}:{self.position}"


class VoiceOrder(models.Model):
    """Which engines a site wants for a language, the first that can speak wins."""

    site = models.ForeignKey(HeritageSite, on_delete=models.CASCADE, related_name="voice_orders")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    engines = ArrayField(models.CharField(max_length=10), verbose_name=_("engines, best first"))

    class Meta:
        verbose_name = _("order of voices")
        verbose_name_plural = _("orders of voices")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "language"], name="voice_order_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return f"{self.language}: {' > '.join(self.engines)}"


class NameSaid(models.Model):
    """How a site wants a name to be said in a language."""

    site = models.ForeignKey(HeritageSite, on_delete=models.CASCADE, related_name="names_said")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    name = models.CharField(_("name as it is written"), max_length=80)
    say = models.CharField(_("what the voice is given"), max_length=120)

    class Meta:
        verbose_name = _("name as it is said")
        verbose_name_plural = _("names as they are said")
        constraints = [
            models.UniqueConstraint(
                fields=["site", "language", "name"], name="name_said_once_per_language"
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(say=""), name="name_said_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.say}"


class EngineRest(models.Model):
    """An engine that did not answer is left alone for a while, by all jobs."""

    engine = models.CharField(max_length=10, unique=True)
    reason = models.CharField(max_length=12)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.engine} {self.reason}"


class Upload(models.Model):
    """A recording by a person that was received and found good, until its files are made."""

    class Status(models.TextChoices):
        WAITING = "WAITING", _("is being made ready")
        MADE = "MADE", _("ready")
        FAILED = "FAILED", _("could not be made ready")

    narration = models.ForeignKey(Narration, on_delete=models.PROTECT, related_name="uploads")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    original_name = models.CharField(max_length=200)
    # The file below the working folder; empty once it is made or refused.
    file = models.CharField(max_length=120, blank=True)
    form = models.CharField(max_length=12)
    # The transcript that was before the speaker's eyes.
    text_hash = models.CharField(max_length=64)
    speaker = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    recording = models.ForeignKey(
        Recording, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="MADE") | Q(recording__isnull=False),
                name="upload_made_has_its_recording",
            )
        ]
        indexes = [models.Index(fields=["at"], condition=Q(status="WAITING"), name="upload_waits")]

    def __str__(self) -> str:
        return self.original_name
