from django.db import models
from django.db.models import Q

from payments.models.accounts import MerchantAccount
from sites.models import Organisation
from ticketing.models import Order


class AttemptStatus(models.TextChoices):
    CREATED = "created"
    AWAITING = "awaiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    EXPIRED = "expired"
    # Something does not fit (amount, currency, environment): a person looks.
    REVIEW = "review"


class PaymentAttempt(models.Model):
    """One try to pay an order through one provider. Nothing is deleted; a new try is a new row."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="attempts")
    provider = models.CharField(max_length=16)
    # Whose money it is, and where it arrives. No account: the installation's own Stripe.
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        MerchantAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="attempts"
    )
    # Ours, for this try alone: eight letters and digits, the last of which checks the others.
    reference = models.CharField(max_length=8, blank=True)
    status = models.CharField(max_length=10, choices=AttemptStatus, default=AttemptStatus.CREATED)
    amount = models.PositiveBigIntegerField(help_text="whole đồng")
    # The provider's own id of this try (a Checkout Session).
    provider_reference = models.CharField(max_length=255, blank=True)
    # What the buyer does next: a page to go to, or a code to pay by.
    action_url = models.URLField(max_length=2000, blank=True)
    action_payload = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # When the provider is to be asked next; only an open attempt is asked.
    due_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_reference"],
                condition=~Q(provider_reference=""),
                name="attempt_once_per_provider_reference",
            ),
            models.UniqueConstraint(
                fields=["reference"],
                condition=~Q(reference=""),
                name="attempt_reference_never_used_again",
            ),
            models.CheckConstraint(
                condition=Q(status__in=AttemptStatus.values), name="attempt_status_known"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="attempt_asks_for_money"),
        ]
        indexes = [
            # The unique ones leave the empty text out, and a prepared statement cannot know that
            # what it looks for is not empty.
            models.Index(fields=["provider_reference"], name="attempt_by_provider_reference"),
            models.Index(fields=["reference"], name="attempt_by_reference"),
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=["created", "awaiting"]),
                name="attempt_open_by_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.pk} for {self.order_id}"


class Payment(models.Model):
    """Money that arrived. A second payment for one order is kept too, and refunded."""

    class Use(models.TextChoices):
        # The tickets stand for it, alone or together with other parts.
        SETTLES = "settles", "pays for tickets"
        # Too little yet: it waits for the rest until the order lapses.
        PART = "part", "waits for the rest"
        # All of it goes back.
        GOES_BACK = "goes_back", "goes back"
        # Something does not fit: a person decides.
        IN_DOUBT = "in_doubt", "in doubt"

    attempt = models.ForeignKey(PaymentAttempt, on_delete=models.PROTECT, related_name="payments")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=16)
    provider_reference = models.CharField(max_length=255)
    amount = models.PositiveBigIntegerField(help_text="whole đồng")
    received_at = models.DateTimeField()
    # True for the one payment that the tickets stand for; of several parts, the last.
    settles_order = models.BooleanField()
    use = models.CharField(max_length=10, choices=Use, default=Use.SETTLES)
    # In whose books it stands. Null only in rows from before there were books.
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_reference"], name="payment_counted_once"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(settles_order=True),
                name="order_settled_by_one_payment",
            ),
            models.CheckConstraint(
                condition=Q(use__in=["settles", "part", "goes_back", "in_doubt"]),
                name="payment_use_known",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_of_money"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.order_id}"
