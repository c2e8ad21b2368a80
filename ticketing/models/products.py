from django.db import models
from django.db.models import F, Q

from sites.models import HeritageSite, Language, Organisation


class EntryPolicy(models.IntegerChoices):
    """How often a ticket opens a gate; the numbers are those of the ticket token."""

    ONCE = 0, "once in total"
    ONCE_PER_SITE = 1, "once per site"
    ONCE_PER_SITE_PER_DAY = 2, "once per site per day"
    UNLIMITED = 3, "any number of times until it ends"


class ValidityMode(models.TextChoices):
    """What the days of validity are counted from."""

    FROM_DATE = "from_date", "a chosen date"
    FROM_PURCHASE = "from_purchase", "the purchase"
    FROM_FIRST_USE = "from_first_use", "the first use"


class VisitorCategory(models.Model):
    """Adult, child, student …: who pays which price, and what they show at the gate."""

    code = models.SlugField(unique=True)
    # Holder category of the ticket token.
    token_code = models.PositiveSmallIntegerField(unique=True)
    needs_document = models.BooleanField(default=False)
    # The one that every reduction is taken from.
    is_full_price = models.BooleanField(default=False)
    # Full years on the visit date; `age_until` is exclusive. Null: any age.
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_until = models.PositiveSmallIntegerField(null=True, blank=True)
    citizens_only = models.BooleanField(default=False)
    # What the law demands at least, in percent of the full price, and where it says so.
    minimum_reduction = models.PositiveSmallIntegerField(default=0)
    minimum_basis = models.CharField(max_length=200, blank=True)
    # False: at the counter alone, where the document is seen before the sale.
    sold_online = models.BooleanField(default=True)
    # Exists on free days alone: its tickets are for that day, however long the product lasts.
    free_days_only = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_full_price"],
                condition=Q(is_full_price=True),
                name="visitor_category_one_full_price",
            ),
            models.CheckConstraint(
                condition=Q(age_from__isnull=True)
                | Q(age_until__isnull=True)
                | Q(age_until__gt=F("age_from")),
                name="visitor_category_ages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(minimum_reduction=0)
                | (Q(minimum_reduction__range=(1, 100)) & ~Q(minimum_basis="")),
                name="visitor_category_minimum_has_a_basis",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class VisitorCategoryText(models.Model):
    category = models.ForeignKey(VisitorCategory, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    name = models.CharField(max_length=100)
    # Who belongs to it, in words ("7–12 years").
    rule = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "language"], name="category_text_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.name


class FreeDayList(models.Model):
    """The free days of an organisation; each product says which list it follows, if any."""

    slug = models.SlugField(unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)

    def __str__(self) -> str:
        return self.slug


class Product(models.Model):
    """What is sold: the right to enter one place, or several with one code."""

    class Kind(models.TextChoices):
        SINGLE = "single"
        COMBO = "combo"

    # The token has 24 bits for it.
    slug = models.SlugField(max_length=80, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind)
    # Days from the visit date on; null when no source states it: then the visit date alone.
    validity_days = models.PositiveSmallIntegerField(null=True, blank=True)
    validity_mode = models.CharField(
        max_length=14, choices=ValidityMode, default=ValidityMode.FROM_DATE
    )
    # Only from first use on: days after the purchase in which the ticket lives at all. They are
    # what its signature says; the days from first use are counted at the gate.
    outer_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # Any k of its places; null opens all of them.
    sites_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    # The places follow each other by the position of their entitlements.
    in_order = models.BooleanField(default=False)
    # Minutes after the first admission in which every other one has to be.
    use_within_minutes = models.PositiveIntegerField(null=True, blank=True)
    entry_policy = models.PositiveSmallIntegerField(
        choices=EntryPolicy, default=EntryPolicy.ONCE_PER_SITE
    )
    on_sale = models.BooleanField(default=True)
    # On which days nobody of a category pays; null where no source is sure.
    free_days = models.ForeignKey(
        FreeDayList, on_delete=models.PROTECT, null=True, blank=True, related_name="products"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(validity_days__isnull=True) | Q(validity_days__range=(1, 400)),
                name="product_validity_fits_the_token",
            ),
            models.CheckConstraint(
                condition=Q(entry_policy__in=EntryPolicy.values), name="product_entry_policy_known"
            ),
            models.CheckConstraint(
                condition=Q(validity_mode__in=ValidityMode.values),
                name="product_validity_mode_known",
            ),
            models.CheckConstraint(
                condition=Q(validity_mode=ValidityMode.FROM_DATE) | Q(validity_days__isnull=False),
                name="product_validity_has_days",
            ),
            models.CheckConstraint(
                condition=(~Q(validity_mode=ValidityMode.FROM_FIRST_USE) & Q(outer_days=None))
                | Q(
                    validity_mode=ValidityMode.FROM_FIRST_USE,
                    outer_days__isnull=False,
                    outer_days__range=(F("validity_days"), 400),
                ),
                name="product_outer_days_bound_the_first_use",
            ),
            models.CheckConstraint(
                condition=Q(sites_limit__isnull=True) | Q(sites_limit__gte=1),
                name="product_opens_some_place",
            ),
            models.CheckConstraint(
                condition=Q(use_within_minutes__isnull=True)
                | Q(use_within_minutes__range=(1, 400 * 24 * 60)),
                name="product_use_within_fits_the_token",
            ),
            # Entry once in total does not tell places apart.
            models.CheckConstraint(
                condition=Q(sites_limit__isnull=True, in_order=False)
                | ~Q(entry_policy=EntryPolicy.ONCE),
                name="product_rules_tell_places_apart",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class ProductText(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=Language)
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "language"], name="product_text_once_per_language"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Entitlement(models.Model):
    """A place that a product opens, and how often."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="entitlements")
    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="entitlements")
    entries = models.PositiveSmallIntegerField(default=1)
    # The stated order of a product that has one.
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "site"], name="entitlement_once_per_site"),
            models.CheckConstraint(condition=Q(entries__gte=1), name="entitlement_opens_something"),
        ]
        indexes = [models.Index(fields=["site", "product"], name="entitlement_by_site")]

    def __str__(self) -> str:
        return f"{self.product_id} opens {self.site_id}"
