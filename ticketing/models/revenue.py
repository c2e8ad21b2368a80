from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from sites.models import HeritageSite, Organisation
from ticketing.models.orders import OrderLine
from ticketing.models.products import Product


class SplitMethod(models.TextChoices):
    EQUAL = "equal"
    WEIGHTED = "weighted"
    BY_ADMISSION = "by_admission"


class DateRange(Func):
    """The days from one to another, for PostgreSQL."""

    function = "daterange"
    output_field = DateRangeField()


class RevenueSplit(models.Model):
    """How the money of a product is divided among its places, by the day of payment."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="splits")
    method = models.CharField(max_length=12, choices=SplitMethod)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True, help_text="exclusive")
    basis = models.CharField(max_length=200, help_text="the agreement that says so")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=SplitMethod.values), name="revenue_split_method_known"
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="revenue_split_ends_after_it_starts",
            ),
            ExclusionConstraint(
                name="revenue_splits_do_not_overlap",
                expressions=[
                    ("product", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "effective_from",
                            "effective_to",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=False),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.method} from {self.effective_from}"


class RevenueWeight(models.Model):
    """The part of one place in a weighted split, beside the parts of the others."""

    split = models.ForeignKey(RevenueSplit, on_delete=models.CASCADE, related_name="weights")
    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT)
    weight = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["split", "site"], name="revenue_weight_once_per_site")
        ]

    def __str__(self) -> str:
        return f"{self.weight} for {self.site_id}"


class LineSplit(models.Model):
    """By which split a paid line was divided, with the weights of that moment."""

    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="split")
    method = models.CharField(max_length=12, choices=SplitMethod)
    # Site id to weight, frozen; of a split by admission until its tickets have ended.
    weights = models.JSONField()
    # When the admissions decide, by a task; null when nothing waits.
    settle_after = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(method__in=SplitMethod.values), name="line_split_method_known"
            )
        ]
        indexes = [
            models.Index(
                fields=["settle_after"],
                condition=Q(settle_after__isnull=False),
                name="line_split_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.method} of line {self.line_id}"


class RevenueShare(models.Model):
    """Money that comes to a place, or goes from it again; rows are added, never changed.

    Their sum over a line is the money kept for it, to the đồng. Without a place it is money of
    the organisation that nobody has said how to divide.
    """

    class Reason(models.TextChoices):
        PAID = "paid"
        CANCELLED = "cancelled"
        ADMISSIONS = "admissions"

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="shares")
    site = models.ForeignKey(
        HeritageSite, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(help_text="whole đồng; negative when it goes back")
    reason = models.CharField(max_length=10, choices=Reason)
    at = models.DateTimeField()
    # Until the books have looked at it; most shares stand there rightly from the sale on. It says
    # nothing of the money, and is all that ever changes.
    waits_for_books = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reason__in=["paid", "cancelled", "admissions"]),
                name="revenue_share_reason_known",
            ),
            models.UniqueConstraint(
                fields=["line", "site"],
                condition=Q(reason="paid"),
                nulls_distinct=False,
                name="revenue_share_paid_once",
            ),
            models.CheckConstraint(
                condition=~Q(reason="paid") | Q(amount__gte=0), name="revenue_share_paid_is_money"
            ),
        ]
        indexes = [
            models.Index(fields=["site", "at"], name="revenue_share_by_site"),
            models.Index(
                fields=["id"],
                condition=Q(waits_for_books=True),
                name="revenue_share_waits_for_books",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of line {self.line_id} to {self.site_id}"
