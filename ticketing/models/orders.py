from django.db import models
from django.db.models import F, Q

from sites.models import Language
from ticketing.models.capacity import Slot
from ticketing.models.products import Product, VisitorCategory
from ticketing.models.tariffs import RevenueKind


class OrderStatus(models.TextChoices):
    HELD = "held"
    PAID = "paid"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


class Order(models.Model):
    """What one buyer wants, held for a while until it is paid."""

    code = models.CharField(max_length=8, unique=True)
    # SHA-256 of the secret that only the buyer's phone knows.
    secret_hash = models.BinaryField(max_length=32)
    # The buyer's own id for this order: a repeat changes nothing.
    idempotency_key = models.CharField(max_length=200, unique=True)
    request_hash = models.BinaryField(max_length=32)
    status = models.CharField(max_length=10, choices=OrderStatus, default=OrderStatus.HELD)
    language = models.CharField(max_length=2, choices=Language)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=100, blank=True)
    total = models.PositiveBigIntegerField(help_text="whole đồng")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="end of the hold")
    paid_at = models.DateTimeField(null=True, blank=True)
    # When the copy by mail is tried next, by a task; null when there is nothing to send.
    deliver_after = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    delivery_attempts = models.PositiveSmallIntegerField(default=0)
    # Set when the mail came back or was given up; the buyer's page says so.
    mail_failed_at = models.DateTimeField(null=True, blank=True)
    mail_failure = models.CharField(max_length=300, blank=True)
    # When the buyer last asked for the mail again.
    mail_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=OrderStatus.values), name="order_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=OrderStatus.PAID) | Q(paid_at__isnull=False),
                name="paid_order_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(email="") | ~Q(phone=""), name="order_has_a_contact"
            ),
            models.CheckConstraint(
                condition=Q(mail_failed_at__isnull=True) | Q(deliver_after__isnull=True),
                name="order_mail_failed_or_waits",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(status="held"), name="order_hold_by_end"
            ),
            models.Index(
                fields=["deliver_after"],
                condition=Q(deliver_after__isnull=False),
                name="order_waiting_for_delivery",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class OrderLine(models.Model):
    """One product for one category on one day.

    The price is frozen here when the order is placed, with the rule and the law that made it.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    category = models.ForeignKey(VisitorCategory, on_delete=models.PROTECT)
    quantity = models.PositiveSmallIntegerField()
    # One ticket for all of the line, instead of one for each person.
    one_code = models.BooleanField(default=False)
    visit_date = models.DateField()
    # The time that the buyer chose; null for products without times.
    slot = models.ForeignKey(
        Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    unit_amount = models.PositiveIntegerField(help_text="whole đồng")
    amount = models.PositiveBigIntegerField(help_text="whole đồng")
    rule = models.CharField(max_length=80)
    legal_basis = models.CharField(max_length=200)
    revenue_kind = models.CharField(
        max_length=10, choices=RevenueKind, default=RevenueKind.STATE_FEE
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revenue_kind__in=RevenueKind.values),
                name="order_line_revenue_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, 255)), name="order_line_quantity_in_range"
            ),
            models.CheckConstraint(
                condition=Q(amount=F("unit_amount") * F("quantity")),
                name="order_line_amount_is_unit_times_quantity",
            ),
        ]
        indexes = [
            models.Index(
                fields=["slot"], condition=Q(slot__isnull=False), name="order_line_by_slot"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.quantity} × {self.product_id}"
