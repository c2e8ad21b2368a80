from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sites.models.languages import Language


class User(AbstractUser):
    """A member of staff. Visitors have no account."""


class Organisation(models.Model):
    """A body that manages sites and collects their money."""

    slug = models.SlugField(unique=True)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    website = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.slug


class OrganisationText(models.Model):
    """What one organisation is called in one language."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "language"], name="organisation_text_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a member of staff may touch: a whole organisation, or one of its sites."""

    class Role(models.TextChoices):
        MANAGER = "MANAGER", _("site manager")
        SUPERVISOR = "SUPERVISOR", _("gate supervisor")
        AUDITOR = "AUDITOR", _("auditor")
        ACCOUNTANT = "ACCOUNTANT", _("accountant")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.CASCADE, related_name="memberships"
    )
    site = models.ForeignKey(
        "heritage_sites.HeritageSite",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="memberships",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, site__isnull=True)
                | Q(organisation__isnull=True, site__isnull=False),
                name="membership_of_one_organisation_or_one_site",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "site"],
                nulls_distinct=False,
                name="membership_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role}"
