from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from payments.models.accounts import MerchantAccount
from payments.models.attempts import PaymentAttempt
from payments.models.inbox import WebhookEvent


class Finding(models.TextChoices):
    """What a line of a bank account turned out to be."""

    WAITING = "waiting", gettext_lazy("not looked at yet")
    # Money for an attempt of ours; what followed is the settlement's.
    SETTLED = "settled", gettext_lazy("paid an order")
    PART = "part", gettext_lazy("too little: the rest is waited for")
    GOES_BACK = "goes_back", gettext_lazy("too late or twice: goes back")
    COUNTED_BEFORE = "counted_before", gettext_lazy("counted before")
    # Nothing to do, and nobody needs to look.
    TOLD_TWICE = "told_twice", gettext_lazy("told by a second source")
    OUTGOING = "outgoing", gettext_lazy("money that left")
    # A person looks.
    IN_DOUBT = "in_doubt", gettext_lazy("something does not fit")
    NO_REFERENCE = "no_reference", gettext_lazy("no reference in the memo")
    UNKNOWN_REFERENCE = "unknown_reference", gettext_lazy("a reference that nobody has")
    SEVERAL_REFERENCES = "several_references", gettext_lazy("several references")
    OTHER_ACCOUNT = "other_account", gettext_lazy("an order of another organisation")
    OLDER_THAN_ORDER = "older_than_order", gettext_lazy("older than its order")
    REPEATED_NUMBER = "repeated_number", gettext_lazy("the bank's number a second time")
    REVERSED = "reversed", gettext_lazy("a payment taken back by the bank")


NEEDS_PERSON = (
    Finding.IN_DOUBT,
    Finding.NO_REFERENCE,
    Finding.UNKNOWN_REFERENCE,
    Finding.SEVERAL_REFERENCES,
    Finding.OTHER_ACCOUNT,
    Finding.OLDER_THAN_ORDER,
    Finding.REPEATED_NUMBER,
    Finding.REVERSED,
)


class BankCredit(models.Model):
    """One line of a bank account, as a service that reads it told us; never edited."""

    class Source(models.TextChoices):
        SEPAY = "sepay", "SePay"
        CASSO = "casso", "Casso"

    class Resolution(models.TextChoices):
        ASSIGNED = "assigned", gettext_lazy("assigned to an order")
        SENT_BACK = "sent_back", gettext_lazy("sent back by transfer")
        IGNORED = "ignored", gettext_lazy("set aside")

    account = models.ForeignKey(MerchantAccount, on_delete=models.PROTECT, related_name="credits")
    source = models.CharField(max_length=8, choices=Source)
    # The service's own number of the line, and the bank's.
    source_id = models.CharField(max_length=100)
    bank_reference = models.CharField(max_length=100, blank=True)
    # Whole đồng; negative where money left.
    amount = models.BigIntegerField()
    booked_at = models.DateTimeField()
    memo = models.CharField(max_length=500, blank=True)
    # Personal data: who paid, as far as the bank says it.
    payer_name = models.CharField(max_length=140, blank=True)
    payer_account = models.CharField(max_length=40, blank=True)
    received_at = models.DateTimeField()
    event = models.ForeignKey(
        WebhookEvent, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    finding = models.CharField(max_length=20, choices=Finding, default=Finding.WAITING)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=500, blank=True)
    # Whose money it turned out to be.
    attempt = models.ForeignKey(
        PaymentAttempt, null=True, blank=True, on_delete=models.PROTECT, related_name="credits"
    )
    # What a person decided; above the organisation's limit a second one says yes.
    resolution = models.CharField(max_length=10, choices=Resolution, blank=True)
    resolution_note = models.CharField(max_length=300, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "source", "source_id"], name="bank_credit_told_once"
            ),
            models.CheckConstraint(
                condition=Q(finding__in=Finding.values), name="bank_credit_finding_known"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolved_by__isnull=True)
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(resolution="")),
                name="bank_credit_resolved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(resolved_by=F("proposed_by")),
                name="bank_credit_seen_by_two_people",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(finding="waiting"), name="bank_credit_by_due"
            ),
            models.Index(
                fields=["account", "booked_at"],
                condition=Q(finding__in=NEEDS_PERSON, resolved_at__isnull=True),
                name="bank_credit_needs_person",
            ),
            models.Index(fields=["account", "bank_reference"], name="bank_credit_by_number"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.account_id}: {self.memo[:40]}"
