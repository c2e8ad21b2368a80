from django.db import models
from django.db.models import Q

from payments.models.refunds import Refund
from ticketing.models import Order


class BuyerMessage(models.Model):
    """Something about money that a buyer is told by mail; the order's page says it as well."""

    class Kind(models.TextChoices):
        PART_RECEIVED = "part_received"
        REFUND_STARTED = "refund_started"
        REFUND_DONE = "refund_done"
        REFUND_NEEDS_ACCOUNT = "refund_needs_account"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="money_messages")
    kind = models.CharField(max_length=24, choices=Kind)
    # What it tells of: the same thing is never told twice.
    source_key = models.CharField(max_length=80, unique=True)
    # What arrived, or what goes back.
    amount = models.PositiveBigIntegerField(help_text="whole đồng")
    refund = models.ForeignKey(
        Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="messages"
    )
    created_at = models.DateTimeField()
    # When the mail is tried next; null when there is nothing to send any more.
    due_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "part_received",
                        "refund_started",
                        "refund_done",
                        "refund_needs_account",
                    ]
                ),
                name="buyer_message_kind_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False),
                name="buyer_message_by_due",
            )
        ]

    def __str__(self) -> str:
        return self.source_key
