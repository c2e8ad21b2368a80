from django.db import models
from django.db.models import F, Q

from sites.models import Language, User
from ticketing.models.products import FreeDayList, Product, VisitorCategory


class RevenueKind(models.TextChoices):
    """Fees of the state and services never share a line, an account or a document."""

    STATE_FEE = "state_fee"
    SERVICE = "service"


class Tariff(models.Model):
    """A version of the price of a product for a category, by a dated decision.

    Proposed by one person, it prices nothing before another has approved it.
    """

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="tariffs")
    category = models.ForeignKey(VisitorCategory, on_delete=models.PROTECT)
    amount = models.PositiveIntegerField(help_text="whole đồng for one person")
    revenue_kind = models.CharField(
        max_length=10, choices=RevenueKind, default=RevenueKind.STATE_FEE
    )
    # Midnight in Việt Nam decides, by the time of purchase; `effective_to` is exclusive.
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200)
    # Where this decision draws the ages otherwise than the category does.
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_until = models.PositiveSmallIntegerField(null=True, blank=True)
    proposed_by = models.CharField(max_length=200)
    approved_by = models.CharField(max_length=200, blank=True)
    # Who was signed in; null for what came with a file.
    proposer = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approver = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="tariff_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(revenue_kind__in=RevenueKind.values), name="tariff_revenue_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(age_from__isnull=True)
                | Q(age_until__isnull=True)
                | Q(age_until__gt=F("age_from")),
                name="tariff_ages_in_order",
            ),
            models.CheckConstraint(condition=~Q(proposed_by=""), name="tariff_has_a_proposer"),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by__iexact=F("proposed_by")),
                name="tariff_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=F("proposer")),
                name="tariff_approved_by_another_account",
            ),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approved_by=""),
                name="tariff_approval_has_a_name",
            ),
            # The migration `tariffs_keep_the_law` adds two promises that need more than a row:
            # `tariff_versions_do_not_overlap` (of approved versions) and
            # `tariff_keeps_the_legal_minimum` (of every version, against the full price).
            models.UniqueConstraint(
                fields=["product", "category", "effective_from"],
                condition=~Q(approved_by=""),
                name="tariff_version_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.category_id} {self.amount} from {self.effective_from}"


class TariffEvent(models.Model):
    """What somebody did to a version; only ever added to."""

    class What(models.TextChoices):
        PROPOSED = "proposed"
        APPROVED = "approved"
        SUPERSEDED = "superseded"
        WITHDRAWN = "withdrawn"

    # Null once the proposal was withdrawn; `summary` still says what it was.
    tariff = models.ForeignKey(
        Tariff, on_delete=models.SET_NULL, null=True, blank=True, related_name="events"
    )
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    summary = models.CharField(max_length=400)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["proposed", "approved", "superseded", "withdrawn"]),
                name="tariff_event_known",
            )
        ]
        indexes = [models.Index(fields=["product", "at"], name="tariff_event_by_product")]

    def __str__(self) -> str:
        return f"{self.what} by {self.by_id}: {self.summary}"


class FreeDay(models.Model):
    """A day on which everybody of a category visits free of charge.

    A day of the lunar calendar is entered by a person for one year, with its Gregorian date.
    """

    list = models.ForeignKey(FreeDayList, on_delete=models.CASCADE, related_name="days")
    code = models.SlugField(help_text="one for each version, for example tet-1-2026")
    category = models.ForeignKey(VisitorCategory, on_delete=models.PROTECT)
    day = models.DateField()
    every_year = models.BooleanField(default=False, help_text="on the same date of every year")
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "code"], name="free_day_once_in_a_list"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="free_day_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.code}"


class FreeDayText(models.Model):
    free_day = models.ForeignKey(FreeDay, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    name = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["free_day", "language"], name="free_day_text_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.name
