"""What becomes of a report after it is frozen: paper, signature, sending, receipts."""

from django.db import models
from django.db.models import Q

from reporting.models.frozen import FrozenReport
from sites.models import Organisation, User


class Filing(models.Model):
    """The way of one window's report to those who want it."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        FROZEN = "frozen"
        SIGNED = "signed"
        SENT = "sent"
        ACKNOWLEDGED = "acknowledged"

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    report = models.OneToOneField(
        FrozenReport, null=True, on_delete=models.PROTECT, related_name="filing"
    )
    # Of the signature that was accepted: who, when by the time stamp, and whether in time.
    signer = models.CharField(max_length=300, blank=True)
    stamped_at = models.DateTimeField(null=True)
    on_time = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "quarter"], name="filing_once_a_window"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "frozen", "signed", "sent", "acknowledged"]),
                name="filing_status_known",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", report__isnull=True)
                | (~Q(status="draft") & Q(report__isnull=False)),
                name="filing_is_of_a_frozen_report",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "frozen"], stamped_at__isnull=True)
                | (
                    Q(status__in=["signed", "sent", "acknowledged"])
                    & Q(stamped_at__isnull=False, on_time__isnull=False)
                ),
                name="filing_signed_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.year}-Q{self.quarter} {self.status}"


class FiledPaper(models.Model):
    """A PDF of a filing: as handed out for signing, or as it came back signed."""

    class Kind(models.TextChoices):
        HANDED_OUT = "handed_out"
        SIGNED = "signed"

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=Kind)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "kind"], name="filed_paper_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["handed_out", "signed"]), name="filed_paper_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.kind}"


class SignedUpload(models.Model):
    """One try to bring a signed file, and what was found; refused ones are kept too."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="uploads")
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    verdict = models.CharField(max_length=24)
    signer = models.CharField(max_length=300, blank=True)
    stamped_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["filing", "uploaded_at"], name="signed_upload_by_time")]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.verdict}"


class Sending(models.Model):
    """That a signed report went to one system, and the receipt of that system (D2).

    None of the systems has an interface yet: a person sends, and writes down the receipt.
    """

    class System(models.TextChoices):
        MINISTRY = "ministry"
        CITY = "city"
        NATIONAL = "national"

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="sendings")
    system = models.CharField(max_length=8, choices=System)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    receipt_number = models.CharField(max_length=100, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["filing", "system"], name="sent_once_to_a_system"),
            models.CheckConstraint(
                condition=Q(system__in=["ministry", "city", "national"]),
                name="sending_system_known",
            ),
            models.CheckConstraint(
                condition=Q(receipt_number="", acknowledged_at__isnull=True)
                | (~Q(receipt_number="") & Q(acknowledged_at__isnull=False)),
                name="sending_acknowledged_with_a_receipt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} to {self.system}"
