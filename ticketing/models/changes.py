from typing import TypeAlias

from django.db import models
from django.db.models import F, Q

from sites.models import User
from ticketing.models.orders import Order, OrderLine
from ticketing.models.products import Product
from ticketing.models.tickets import Ticket


class ChangeKind(models.TextChoices):
    CANCEL = "cancel"
    MOVE = "move"
    TRANSFER = "transfer"


class ChangeRule(models.Model):
    """One step of what a buyer may change: until when, and which share comes back.

    The steps in force on the day of purchase hold for an order for ever. A product without a step
    of a kind cannot be changed in that way by its buyer.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="change_rules")
    kind = models.CharField(max_length=8, choices=ChangeKind)
    # The buyer is told it; stable, for programs.
    code = models.SlugField()
    minutes_before = models.IntegerField(
        help_text="the step ends so many minutes before the visit starts; below zero: after"
    )
    share_percent = models.PositiveSmallIntegerField(
        default=100, help_text="of the price, comes back on a cancellation"
    )
    times = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="how often a line may be moved; empty: any number"
    )
    # By the day of purchase; `effective_to` is exclusive.
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=200, help_text="the decision that says so")
    confirmed_by = models.CharField(
        max_length=200, blank=True, help_text="who stands for it; empty: to be confirmed"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "kind", "code", "effective_from"], name="change_rule_step_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values), name="change_rule_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(share_percent__range=(0, 100)), name="change_rule_gives_back_a_share"
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="change_rule_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} {self.kind} {self.code}"


class CancellationReason(models.TextChoices):
    BUYER = "buyer"
    SITE_CLOSED = "site_closed"
    MANAGER = "manager"
    OPERATOR = "operator"


class Cancellation(models.Model):
    """People of an order who will not come, under one rule; payments give `amount_back` back.

    A request that falls under several rules leaves one cancellation for each.
    """

    Reason: TypeAlias = CancellationReason

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="cancellations")
    cancelled_at = models.DateTimeField()
    reason = models.CharField(max_length=12, choices=Reason)
    # The code of the step, or of what stands above the steps (an unpaid order, a closed site).
    rule = models.SlugField()
    share_percent = models.PositiveSmallIntegerField()
    amount_back = models.PositiveBigIntegerField(help_text="whole đồng")
    # The caller's own id for the request: a repeat changes nothing.
    request_key = models.CharField(max_length=200)
    request_hash = models.BinaryField(max_length=32)
    # Whoever of the staff did it, and what they wrote.
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "request_key", "rule"], name="cancellation_once_per_request"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=["buyer", "site_closed", "manager", "operator"]),
                name="cancellation_reason_known",
            ),
            models.CheckConstraint(
                condition=Q(share_percent__range=(0, 100)), name="cancellation_gives_back_a_share"
            ),
            models.CheckConstraint(
                condition=~Q(reason="manager") | (Q(by__isnull=False) & ~Q(note="")),
                name="cancellation_by_a_manager_says_why",
            ),
        ]
        indexes = [models.Index(fields=["cancelled_at"], name="cancellation_by_time")]

    def __str__(self) -> str:
        return f"{self.amount_back} back of order {self.order_id}"


class CancellationLine(models.Model):
    """The people of one ticket, or of one line of an order that was never paid."""

    cancellation = models.ForeignKey(Cancellation, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="cancellations")
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.PROTECT, related_name="cancellations"
    )
    people = models.PositiveSmallIntegerField()
    amount = models.PositiveBigIntegerField(help_text="whole đồng")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cancellation", "line", "ticket"],
                nulls_distinct=False,
                name="cancellation_line_once",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="cancellation_line_has_people"),
        ]

    def __str__(self) -> str:
        return f"{self.people} of line {self.line_id}"
