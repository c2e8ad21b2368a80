from django.db import models
from django.db.models import Q

from payments.models.accounts import MerchantAccount


class WebhookEvent(models.Model):
    """A message of a provider, stored raw before it is answered."""

    provider = models.CharField(max_length=16)
    # Whose secret proved it; none: the installation's own.
    account = models.ForeignKey(
        MerchantAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    body = models.BinaryField()
    api_version = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    # Null while it waits; a task takes it.
    processed_at = models.DateTimeField(null=True, blank=True)
    # Not taken before: a failure makes it wait, longer each time.
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "event_id"], name="webhook_event_stored_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(processed_at__isnull=True),
                name="webhook_event_by_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
