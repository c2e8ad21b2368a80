from django.conf import settings
from django.db import models
from django.db.models import Q

from sites.models import Organisation


class ListSource(models.TextChoices):
    """Who says that money moved, beside our own books."""

    PROVIDER = "provider", "the provider's list"
    BANK = "bank", "the bank account"


class MovementKind(models.TextChoices):
    PAYMENT = "payment"
    REFUND = "refund"
    DISPUTE = "dispute"
    FEE = "fee"
    PAYOUT = "payout"


class ListedMovement(models.Model):
    """One movement of money as somebody else lists it; compared with the books every night."""

    # Null where one account serves several organisations and nobody knows whose it is.
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    provider = models.CharField(max_length=16)
    source = models.CharField(max_length=8, choices=ListSource)
    kind = models.CharField(max_length=8, choices=MovementKind)
    reference = models.CharField(max_length=255)
    # Towards the organisation above zero, away from it below.
    amount = models.BigIntegerField(help_text="whole đồng")
    occurred_at = models.DateTimeField()
    # By the calendar of Việt Nam.
    day = models.DateField()
    listed_at = models.DateTimeField()
    # A file's name and hash, or the line that it came by.
    listed_in = models.CharField(max_length=200)
    # How often the list names it; more than once is a difference of its own.
    times = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "source", "kind", "reference"], name="listed_movement_once"
            ),
            models.CheckConstraint(
                condition=Q(source__in=ListSource.values), name="listed_movement_source_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=MovementKind.values), name="listed_movement_kind_known"
            ),
        ]
        indexes = [models.Index(fields=["day", "provider"], name="listed_movement_by_day")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.reference}"


class ListedDay(models.Model):
    """A list that was obtained for a day: without it nobody can say that something is missing."""

    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    provider = models.CharField(max_length=16)
    source = models.CharField(max_length=8, choices=ListSource)
    day = models.DateField()
    listed_at = models.DateTimeField()
    rows = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "provider", "source", "day"],
                nulls_distinct=False,
                name="listed_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} of {self.provider} on {self.day}"


class DifferenceKind(models.TextChoices):
    """What does not agree. Reports and exports rely on these names."""

    MISSING_AT_PROVIDER = "missing_at_provider", "in our books, not in the provider's list"
    MISSING_IN_LEDGER = "missing_in_ledger", "in the provider's list, not in our books"
    MISSING_IN_BANK = "missing_in_bank", "not in the bank account"
    UNKNOWN_IN_BANK = "unknown_in_bank", "in the bank account, explained by nothing"
    AMOUNT_DIFFERS = "amount_differs", "another amount"
    LISTED_TWICE = "listed_twice", "named twice in one list"
    FEE_UNEXPECTED = "fee_unexpected", "a fee above what was agreed"
    LIST_MISSING = "list_missing", "no list was obtained for the day"
    NOT_POSTED = "not_posted", "a payment that the books do not know"
    WITHOUT_TICKETS = "without_tickets", "paid, with neither tickets nor a refund"
    WAITS_TOO_LONG = "waits_too_long", "money that waits for a person or a provider too long"


class Difference(models.Model):
    """Something that does not agree, with a name, an owner and an end."""

    class Status(models.TextChoices):
        OPEN = "open"
        # Taken by a person.
        TAKEN = "taken"
        # Explained by a person.
        RESOLVED = "resolved"
        # A later run found that it agrees now.
        VANISHED = "vanished"

    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    provider = models.CharField(max_length=16)
    kind = models.CharField(max_length=20, choices=DifferenceKind)
    movement = models.CharField(max_length=8, choices=MovementKind, blank=True)
    reference = models.CharField(max_length=255)
    day = models.DateField()
    # Null: that side says nothing.
    booked = models.BigIntegerField(null=True, blank=True, help_text="whole đồng")
    listed = models.BigIntegerField(null=True, blank=True, help_text="whole đồng")
    banked = models.BigIntegerField(null=True, blank=True, help_text="whole đồng")
    order_code = models.CharField(max_length=12, blank=True)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolution = models.CharField(max_length=500, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "kind", "movement", "reference", "day"],
                name="difference_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=DifferenceKind.values), name="difference_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["open", "taken", "resolved", "vanished"]),
                name="difference_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="resolved")
                | (Q(resolved_by__isnull=False, resolved_at__isnull=False) & ~Q(resolution="")),
                name="difference_resolved_by_somebody_who_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["day", "provider"], name="difference_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
