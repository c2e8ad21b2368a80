from django.db import models
from django.db.models import Q

from payments.models.attempts import Payment


class DisputeStatus(models.TextChoices):
    # Asked about; no money has moved.
    WARNING = "warning"
    # The provider keeps the money back until it is decided.
    OPEN = "open"
    WON = "won"
    LOST = "lost"
    # A warning that came to nothing.
    CLOSED = "closed"


class Dispute(models.Model):
    """A buyer's bank wants the money back. Never answered by a refund: it would go twice."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    provider_reference = models.CharField(max_length=255)
    amount = models.PositiveBigIntegerField(help_text="whole đồng")
    status = models.CharField(max_length=10, choices=DisputeStatus)
    # What the provider calls it, word for word.
    provider_status = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField()
    # Until when the provider takes evidence.
    evidence_due_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "provider_reference"], name="dispute_once_per_reference"
            ),
            models.CheckConstraint(
                condition=Q(status__in=DisputeStatus.values), name="dispute_status_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_is_about_money"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of payment {self.payment_id}"
