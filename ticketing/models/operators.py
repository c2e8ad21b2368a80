from typing import TypeAlias

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from sites.models import Language, Organisation, User
from ticketing.models.orders import Order
from ticketing.models.products import VisitorCategory


class OperatorKind(models.TextChoices):
    COMPANY = "company"
    GUIDE = "guide"


class Operator(models.Model):
    """A travel company or a licensed guide that buys for groups."""

    Kind: TypeAlias = OperatorKind

    # Who admitted it, confirms its transfers and reads its statement.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="operators"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=200)
    tax_code = models.CharField(max_length=20, blank=True)
    # Of a guide's card.
    licence = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=2, choices=Language, default=Language.VI)
    active = models.BooleanField(default=True)
    # How long an order waits for its transfer, and how much may wait at once.
    days_to_pay = models.PositiveSmallIntegerField(default=3)
    unpaid_limit = models.PositiveBigIntegerField(default=0, help_text="whole đồng")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["company", "guide"]), name="operator_kind_known"
            ),
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""), name="operator_has_a_contact"
            ),
            models.CheckConstraint(
                condition=Q(days_to_pay__range=(1, 60)), name="operator_pays_in_time"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OperatorUser(models.Model):
    """A person who signs in for an operator; never a member of staff."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="users")
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="operator_user")

    def __str__(self) -> str:
        return f"{self.user_id} for {self.operator_id}"


class OperatorKey(models.Model):
    """A key by which an operator's own program orders; only its hash is kept."""

    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=80)
    key_hash = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class SavedGroup(models.Model):
    """A group that an operator brings again and again."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=2, choices=Language)

    class Meta:
        constraints = [
            models.UniqueConstraint("operator", Lower("name"), name="saved_group_once_per_name"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_group_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class SavedGroupPart(models.Model):
    """How many people of one category a saved group has."""

    group = models.ForeignKey(SavedGroup, on_delete=models.CASCADE, related_name="parts")
    category = models.ForeignKey(VisitorCategory, on_delete=models.PROTECT, related_name="+")
    people = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "category"], name="saved_group_part_once_per_category"
            ),
            models.CheckConstraint(
                condition=Q(people__range=(1, 255)), name="saved_group_part_fits_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} × {self.category_id}"


class OperatorOrder(models.Model):
    """That an order belongs to an operator; it is held until it is due instead of for minutes."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, related_name="operator_order"
    )
    operator = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="orders")
    # Null when a program placed it.
    placed_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    group_name = models.CharField(max_length=80, blank=True)
    due_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id} of {self.operator_id}"
