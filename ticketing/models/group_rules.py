from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from ticketing.models.products import Product, VisitorCategory


class GroupRule(models.Model):
    """What both kinds of rules share: for which product, since when, and who decided it."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(VisitorCategory, on_delete=models.PROTECT, related_name="+")
    # For visits from the first day on; `effective_to` is exclusive.
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    legal_basis = models.CharField(max_length=200, help_text="the decision that says so")

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="%(class)s_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(legal_basis=""), name="%(class)s_has_a_legal_basis"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.category_id}"


class CompanionRule(GroupRule):
    """People of a category come with somebody: at most so many for each companion."""

    companions = models.ManyToManyField(VisitorCategory, related_name="+")
    people_per_companion = models.PositiveSmallIntegerField()

    class Meta(GroupRule.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *GroupRule.Meta.constraints,
            models.UniqueConstraint(
                fields=["product", "category", "effective_from"], name="companion_rule_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(people_per_companion__gte=1), name="companion_is_for_somebody"
            ),
        ]


class GuideRule(GroupRule):
    """Of a category that pays less or nothing, such as guides: at most one for so many others."""

    people_per_guide = models.PositiveSmallIntegerField()

    class Meta(GroupRule.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *GroupRule.Meta.constraints,
            models.UniqueConstraint(
                fields=["product", "category", "effective_from"], name="guide_rule_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(people_per_guide__gte=1), name="guide_leads_somebody"
            ),
        ]
