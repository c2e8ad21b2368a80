"""What was reported: never edited, and chained so that nobody can say otherwise later.

The migration adds triggers that refuse every UPDATE and DELETE of these rows, but of
`RunningReport`, which is the draft of a window that is not frozen yet.
"""

from django.db import models
from django.db.models import Q

from sites.models import HeritageSite, Organisation


class FrozenReport(models.Model):
    """The figures of one window as they were at the freeze: the exact bytes, and their hash."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="frozen_reports"
    )
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    frozen_at = models.DateTimeField()
    definitions = models.PositiveSmallIntegerField(help_text="version of the definitions")
    # UTF-8 JSON with sorted keys, without spaces.
    body = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "quarter"], name="report_frozen_once"
            ),
            models.CheckConstraint(
                condition=Q(quarter__range=(1, 4)), name="frozen_report_quarter_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}-Q{self.quarter}"


class FrozenEvidence(models.Model):
    """One row that made a site count, as it was at the freeze."""

    report = models.ForeignKey(FrozenReport, on_delete=models.PROTECT, related_name="evidence")
    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="+")
    # The name of the row ("payment:17"): stands in the report beside the site.
    key = models.CharField(max_length=80)
    # UTF-8 JSON with sorted keys, and its SHA-256.
    content = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "site", "key"], name="evidence_frozen_once")
        ]

    def __str__(self) -> str:
        return self.key


class RunningReport(models.Model):
    """The draft of a window that is not frozen yet, computed anew now and then."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "quarter"], name="running_report_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}-Q{self.quarter}"


class ChainLink(models.Model):
    """One step of an organisation's chain: a frozen report, or a change of the registry.

    `hash` is the SHA-256 of `previous_hash`, a line feed and `content_hash`.
    """

    class Subject(models.TextChoices):
        REPORT = "report"
        REGISTRY = "registry"
        EXCUSE = "excuse"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="chain")
    number = models.PositiveIntegerField()
    subject = models.CharField(max_length=10, choices=Subject)
    subject_id = models.BigIntegerField()
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="chain_link_once"),
            models.UniqueConstraint(fields=["subject", "subject_id"], name="chain_links_each_once"),
            models.CheckConstraint(
                condition=Q(subject__in=["report", "registry", "excuse"]),
                name="chain_link_subject_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.number}"
