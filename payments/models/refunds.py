from typing import TypeAlias

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from payments.models.attempts import Payment
from ticketing.models import Cancellation


class RefundStatus(models.TextChoices):
    # Above the organisation's limit two people say yes first.
    NEEDS_APPROVAL = "needs_approval"
    REQUESTED = "requested"
    SENT = "sent"
    SUCCEEDED = "succeeded"
    # The provider cannot give it back: somebody transfers it by bank.
    NEEDS_TRANSFER = "needs_transfer"


class RefundReason(models.TextChoices):
    PAID_TWICE = "paid_twice"
    PAID_TOO_LATE = "paid_too_late"
    PAID_TOO_MUCH = "paid_too_much"
    PAID_TOO_LITTLE = "paid_too_little"
    SOLD_OUT = "sold_out"
    ORDER_CANCELLED = "order_cancelled"
    TICKETS_CANCELLED = "tickets_cancelled"
    IN_DOUBT = "in_doubt"


class Refund(models.Model):
    """Money that goes back. Requested in the transaction that found out; a task sends it.

    The database refuses refunds that are together more than their payment.
    """

    Reason: TypeAlias = RefundReason

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    amount = models.PositiveBigIntegerField(help_text="whole đồng")
    reason = models.CharField(max_length=20, choices=Reason)
    # The people who will not come; null where the money itself was the reason.
    cancellation = models.ForeignKey(
        Cancellation, null=True, blank=True, on_delete=models.PROTECT, related_name="refunds"
    )
    status = models.CharField(max_length=16, choices=RefundStatus, default=RefundStatus.REQUESTED)
    provider_reference = models.CharField(max_length=255, blank=True)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    # Not sent or asked about before; waits grow.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    # How often a bank has sent it back; the books tell each round apart.
    returns = models.PositiveSmallIntegerField(default=0)
    # Above the limit: two different people.
    needs_two_people = models.BooleanField(default=False)
    first_approval_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    first_approval_at = models.DateTimeField(null=True, blank=True)
    second_approval_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    second_approval_at = models.DateTimeField(null=True, blank=True)
    # Where the buyer wants a transfer to, sealed; erased when it was made.
    sealed_account = models.BinaryField(null=True, blank=True)
    # What the bank calls the transfer, and who made it.
    transfer_reference = models.CharField(max_length=100, blank=True)
    transferred_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "reason"],
                condition=~Q(reason="tickets_cancelled"),
                name="refund_once_per_reason",
            ),
            models.UniqueConstraint(
                fields=["cancellation", "payment"], name="refund_once_per_cancellation"
            ),
            models.CheckConstraint(
                condition=Q(reason="tickets_cancelled", cancellation__isnull=False)
                | (~Q(reason="tickets_cancelled") & Q(cancellation__isnull=True)),
                name="refund_of_tickets_names_the_cancellation",
            ),
            models.UniqueConstraint(
                fields=["provider_reference"],
                condition=~Q(provider_reference=""),
                name="refund_once_per_provider_reference",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_gives_money_back"),
            models.CheckConstraint(
                condition=Q(status__in=RefundStatus.values), name="refund_status_known"
            ),
            models.CheckConstraint(
                condition=Q(first_approval_by__isnull=True)
                | Q(second_approval_by__isnull=True)
                | ~Q(first_approval_by=F("second_approval_by")),
                name="refund_approved_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(needs_two_people=False)
                | Q(status=RefundStatus.NEEDS_APPROVAL)
                | Q(first_approval_by__isnull=False, second_approval_by__isnull=False),
                name="large_refund_waits_for_two_people",
            ),
            models.CheckConstraint(
                condition=Q(transfer_reference="") | Q(transferred_by__isnull=False),
                name="refund_transfer_has_a_person",
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
