from django.db import models
from django.db.models import Q

from payments.models.attempts import Payment


class RefundStatus(models.TextChoices):
    REQUESTED = "requested"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class Refund(models.Model):
    """Money that goes back. Requested in the transaction that found out; a task sends it."""

    class Reason(models.TextChoices):
        PAID_TWICE = "paid_twice"
        PAID_TOO_LATE = "paid_too_late"
        ORDER_CANCELLED = "order_cancelled"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField(help_text="whole đồng")
    reason = models.CharField(max_length=20, choices=Reason)
    status = models.CharField(max_length=10, choices=RefundStatus, default=RefundStatus.REQUESTED)
    provider_reference = models.CharField(max_length=255, blank=True)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    # Not sent or asked about before; waits grow.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "reason"], name="refund_once_per_reason"),
            models.UniqueConstraint(
                fields=["provider_reference"],
                condition=~Q(provider_reference=""),
                name="refund_once_per_provider_reference",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_gives_money_back"),
            models.CheckConstraint(
                condition=Q(status__in=RefundStatus.values), name="refund_status_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["requested", "sent"]),
                name="refund_by_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} back of payment {self.payment_id}"
