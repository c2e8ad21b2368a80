"""Which sites a report is about. What is written here was proposed by one and approved by another.

Rows are never edited: a change is another version. The migration adds a trigger that refuses
every other UPDATE than the approval, and every DELETE.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.models import HeritageSite, Organisation, User


class SiteKind(models.TextChoices):
    """The three kinds that the province's plan names (Q1, Q2)."""

    RELIC = "di_tich", _("monument")
    MUSEUM = "bao_tang", _("museum")
    CULTURAL_POINT = "diem_van_hoa", _("cultural point")


class RegistryEntry(models.Model):
    """What the registry of an organisation says of one site, from its approval on.

    Of several approved versions the last one holds; the earlier ones say what old reports saw.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="registry"
    )
    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="registry")
    kind = models.CharField(max_length=12, choices=SiteKind)
    # The ensemble it belongs to. A component without a gate of its own is not a site.
    parent = models.ForeignKey(
        HeritageSite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    own_gate = models.BooleanField(default=True)
    # By days in Việt Nam; `in_scope_to` is exclusive.
    in_scope_from = models.DateField()
    in_scope_to = models.DateField(null=True, blank=True)
    # Has an entry fee or any paid service.
    paid = models.BooleanField()
    reason = models.CharField(max_length=300)
    decision_number = models.CharField(max_length=80, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("entry of the registry")
        verbose_name_plural = _("registry of sites")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=SiteKind.values), name="registry_entry_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(in_scope_to__isnull=True) | Q(in_scope_to__gte=F("in_scope_from")),
                name="registry_entry_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | (Q(own_gate=True) & ~Q(parent=F("site"))),
                name="registry_component_has_its_own_gate",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="registry_entry_says_why"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (
                    Q(approved_by__isnull=False, approved_at__gte=F("proposed_at"))
                    & ~Q(approved_by=F("proposed_by"))
                ),
                name="registry_entry_approved_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "site", "approved_at"],
                condition=Q(approved_at__isnull=False),
                name="registry_entry_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site_id} in the registry of {self.organisation_id}"


class Excuse(models.Model):
    """A site that is closed for a whole window by a decision: listed by name, counted nowhere.

    Of several approved versions with one decision number the last one holds.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="excuses")
    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="excuses")
    decision_number = models.CharField(max_length=80)
    closed_from = models.DateField()
    closed_until = models.DateField(help_text="exclusive")
    reason_vi = models.CharField(max_length=300)
    reason_en = models.CharField(max_length=300, blank=True)
    withdrawn = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("excuse of a closed site")
        verbose_name_plural = _("excuses of closed sites")
        constraints = [
            models.CheckConstraint(
                condition=~Q(decision_number="") & ~Q(reason_vi=""), name="excuse_has_a_decision"
            ),
            models.CheckConstraint(
                condition=Q(closed_until__gt=F("closed_from")), name="excuse_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | (
                    Q(approved_by__isnull=False, approved_at__gte=F("proposed_at"))
                    & ~Q(approved_by=F("proposed_by"))
                ),
                name="excuse_approved_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organisation", "site", "approved_at"],
                condition=Q(approved_at__isnull=False),
                name="excuse_in_force",
            )
        ]

    def __str__(self) -> str:
        return f"{self.site_id} by {self.decision_number}"
