from django.db import models
from django.db.models import Q

from sites.models.languages import Language
from sites.models.places import HeritageSite


class Photo(models.Model):
    """A picture of a site. Without a credit and a licence it cannot be stored, let alone shown."""

    site = models.ForeignKey(HeritageSite, on_delete=models.CASCADE, related_name="photos")
    image = models.ImageField(upload_to="photos/", width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    credit = models.CharField(max_length=200)
    licence = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(credit="") & ~Q(licence=""), name="photo_has_credit_and_licence"
            )
        ]
        indexes = [models.Index(fields=["site", "position"], name="photo_by_site")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.image}"


class PhotoText(models.Model):
    """What a person who cannot see the photo is told, in one language."""

    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    alt = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "language"], name="photo_text_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.alt
