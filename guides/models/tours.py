from typing import TypeAlias

from django.contrib.gis.db.models import PointField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guides.models.panoramas import Panorama
from guides.models.stops import Stop
from sites.models import HeritageSite, Language, User

WHOLE_TURN = (MinValueValidator(-180), MaxValueValidator(180))
UP_AND_DOWN = (MinValueValidator(-90), MaxValueValidator(90))


class TourKind(models.TextChoices):
    """Whether its pictures were taken in the place, or computed of it."""

    PHOTOGRAPHED = "photographed", _("photographed")
    RECONSTRUCTION = "reconstruction", _("reconstruction")


class Tour(models.Model):
    """A walk through panoramas of a site. What the public sees is its published version."""

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="tours")
    slug = models.SlugField(max_length=80)
    # A reconstruction shows a place as it was, or a model of it; it never passes for a photograph.
    kind = models.CharField(
        _("kind"),
        max_length=14,
        choices=TourKind,
        default=TourKind.PHOTOGRAPHED,
        db_default=TourKind.PHOTOGRAPHED,
    )
    # Made up to show how it would look; said so wherever it is shown.
    is_sample = models.BooleanField(_("sample"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("360° tour")
        verbose_name_plural = _("360° tours")
        constraints = [
            models.UniqueConstraint(fields=["site", "slug"], name="tour_slug_once_per_site"),
            models.CheckConstraint(
                condition=Q(kind__in=["photographed", "reconstruction"]), name="tour_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class TourText(models.Model):
    """What one tour is called in one language."""

    tour = models.ForeignKey(Tour, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(
                fields=["tour", "language"], name="tour_text_once_per_language"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="tour_text_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Scene(models.Model):
    """One spot of a tour, from which a visitor looks around."""

    tour = models.ForeignKey(Tour, on_delete=models.CASCADE, related_name="scenes")
    number = models.PositiveSmallIntegerField(_("number"))
    panorama = models.ForeignKey(
        Panorama, on_delete=models.PROTECT, related_name="scenes", verbose_name=_("panorama")
    )
    # The place in which it was taken: the report counts a tour of a place only with such a scene.
    taken_in = models.ForeignKey(
        HeritageSite, on_delete=models.PROTECT, related_name="+", verbose_name=_("taken in")
    )
    location = PointField(_("point"), geography=True, null=True, blank=True, spatial_index=False)
    # Its published narration is what is heard here.
    stop = models.ForeignKey(
        Stop,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="scenes",
        verbose_name=_("stop whose narration is heard"),
    )
    # Where the visitor looks first, in degrees from the middle of the picture.
    yaw = models.FloatField(_("looks to the side"), default=0, validators=WHOLE_TURN)
    pitch = models.FloatField(_("looks up"), default=0, validators=UP_AND_DOWN)

    class Meta:
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")
        constraints = [
            models.UniqueConstraint(
                fields=["tour", "number"],
                name="scene_number_once_per_tour",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(yaw__range=(-180, 180), pitch__range=(-90, 90)),
                name="scene_looks_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tour} {self.number}"


class SceneText(models.Model):
    """What is to be seen in one scene, in one language, also for who cannot see it."""

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(
                fields=["scene", "language"], name="scene_text_once_per_language"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="scene_text_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class HotspotKind(models.TextChoices):
    SCENE = "scene", _("leads to a scene")
    STOP = "stop", _("shows a stop")
    TEXT = "text", _("shows a text")


class Hotspot(models.Model):
    """A spot in a scene that leads to another scene, to a stop of a guide, or to a text."""

    Kind: TypeAlias = HotspotKind

    scene = models.ForeignKey(Scene, on_delete=models.CASCADE, related_name="hotspots")
    kind = models.CharField(_("kind"), max_length=5, choices=Kind, default=Kind.TEXT)
    yaw = models.FloatField(_("to the side"), validators=WHOLE_TURN)
    pitch = models.FloatField(_("up"), validators=UP_AND_DOWN)
    to_scene = models.ForeignKey(
        Scene,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="hotspots_here",
        verbose_name=_("to the scene"),
    )
    stop = models.ForeignKey(
        Stop,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hotspots",
        verbose_name=_("stop"),
    )

    class Meta:
        verbose_name = _("hotspot")
        verbose_name_plural = _("hotspots")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="scene", to_scene__isnull=False, stop__isnull=True)
                | Q(kind="stop", to_scene__isnull=True, stop__isnull=False)
                | Q(kind="text", to_scene__isnull=True, stop__isnull=True),
                name="hotspot_leads_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(yaw__range=(-180, 180), pitch__range=(-90, 90)),
                name="hotspot_lies_in_the_picture",
            ),
            models.CheckConstraint(
                condition=Q(to_scene__isnull=True) | ~Q(to_scene=F("scene")),
                name="hotspot_leads_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.yaw:.0f}°, {self.pitch:.0f}°"


class HotspotText(models.Model):
    """What one hotspot says, in one language; those that lead elsewhere may do without."""

    hotspot = models.ForeignKey(Hotspot, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=2, choices=Language)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), blank=True)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        constraints = [
            models.UniqueConstraint(
                fields=["hotspot", "language"], name="hotspot_text_once_per_language"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="hotspot_text_has_a_title"),
        ]

    def __str__(self) -> str:
        return self.title


class TourVersion(models.Model):
    """What one person submitted, the site's manager approved and a second person published.

    `content` is the whole tour as it was then; editing goes on beside it. The door is
    `domain/tour_publishing.py`.
    """

    class State(models.TextChoices):
        IN_REVIEW = "in_review", _("in review")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")
        REJECTED = "rejected", _("sent back")
        REPLACED = "replaced", _("replaced by a newer one")
        WITHDRAWN = "withdrawn", _("withdrawn")

    tour = models.ForeignKey(Tour, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=9, choices=State, default=State.IN_REVIEW)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=400, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    # When it stopped to be public: withdrawn, or replaced.
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("version of a tour")
        verbose_name_plural = _("versions of tours")
        constraints = [
            models.UniqueConstraint(fields=["tour", "number"], name="tour_version_number_once"),
            models.UniqueConstraint(
                fields=["tour"], condition=Q(state="published"), name="tour_published_once"
            ),
            models.UniqueConstraint(
                fields=["tour"],
                condition=Q(state__in=["in_review", "approved"]),
                name="tour_one_version_under_way",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="tour_approval_has_person_and_time",
            ),
            # Two pairs of eyes: who approved it does not publish it.
            models.CheckConstraint(
                condition=Q(published_by__isnull=True, published_at__isnull=True)
                | Q(
                    ~Q(published_by=F("approved_by")),
                    published_at__isnull=False,
                    approved_by__isnull=False,
                ),
                name="tour_published_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tour} v{self.number}"
