from django.conf import settings
from django.db import models
from django.db.models import F, Q

from payments.models.attempts import Payment
from payments.models.disputes import Dispute
from payments.models.refunds import Refund
from sites.models import HeritageSite, Organisation
from ticketing.models import Cancellation, Order, OrderLine, RevenueShare


class AccountKind(models.TextChoices):
    """What an amount stands for in the books of one organisation."""

    # Assets: where the money lies.
    CLEARING = "clearing"
    BANK = "bank"
    DISPUTED = "disputed"
    OWED_BY = "owed_by"
    # Debts: whose money it still is.
    PART_PAID = "part_paid"
    REFUNDS_PAYABLE = "refunds_payable"
    UNMATCHED = "unmatched"
    OWED_TO = "owed_to"
    # Income and cost.
    STATE_FEE = "state_fee"
    SERVICE = "service"
    SURPLUS = "surplus"
    PROVIDER_FEES = "provider_fees"
    DISPUTE_LOSSES = "dispute_losses"


class Account(models.Model):
    """One account of one organisation; `provider` and `counterparty` say of which money."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="accounts"
    )
    kind = models.CharField(max_length=16, choices=AccountKind)
    provider = models.CharField(max_length=16, blank=True)
    counterparty = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "provider", "counterparty"],
                nulls_distinct=False,
                name="account_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=AccountKind.values), name="account_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(counterparty=F("organisation")), name="account_owes_nothing_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.provider}".rstrip()


class PostingKind(models.TextChoices):
    PAYMENT = "payment"
    PART_PAYMENT = "part_payment"
    UNMATCHED = "unmatched"
    SETTLED_PARTS = "settled_parts"
    REFUND_DUE = "refund_due"
    REFUND_PAID = "refund_paid"
    REFUND_RETURNED = "refund_returned"
    SPLIT = "split"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    PROVIDER_FEE = "provider_fee"
    PAYOUT = "payout"
    CORRECTION = "correction"


class Posting(models.Model):
    """Something that happened to money, told once. Never edited: a correction is another one.

    The database refuses every UPDATE and DELETE, and a posting whose entries are not zero in sum.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="postings"
    )
    kind = models.CharField(max_length=16, choices=PostingKind)
    # What it tells of ("payment:17"): the same thing is never told twice.
    source_key = models.CharField(max_length=300)
    posted_at = models.DateTimeField()
    order = models.ForeignKey(
        Order, null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    payment = models.ForeignKey(
        Payment, null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    refund = models.ForeignKey(
        Refund, null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    cancellation = models.ForeignKey(
        Cancellation, null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    share = models.ForeignKey(
        RevenueShare, null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    dispute = models.ForeignKey(
        Dispute, null=True, blank=True, on_delete=models.PROTECT, related_name="postings"
    )
    note = models.CharField(max_length=300, blank=True)
    # The person behind a correction; null where a rule posted.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "source_key"], name="posting_once_per_source"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PostingKind.values), name="posting_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind=PostingKind.CORRECTION)
                | (~Q(note="") & Q(made_by__isnull=False)),
                name="correction_has_a_person_and_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "posted_at"], name="posting_by_day"),
        ]

    def __str__(self) -> str:
        return self.source_key


class Entry(models.Model):
    """One side of a posting in whole đồng: above zero is debit, below zero is credit."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    amount = models.BigIntegerField(help_text="whole đồng; debit above zero, credit below")
    # Of which sale, and at which place it was earned, where that is known.
    line = models.ForeignKey(
        OrderLine, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    site = models.ForeignKey(
        HeritageSite, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="entry_moves_something"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.account_id}"
