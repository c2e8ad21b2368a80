"""What was seen from outside, and what other counters tell. Rows are only ever added."""

from django.db import models
from django.db.models import Q

from sites.models import HeritageSite, User
from ticketing.models import Product


class OfferSnapshot(models.Model):
    """What an anonymous visitor could buy online at a site, read from the public API.

    Several a day: a product that is on sale for an hour is not on offer that day.
    """

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="+")
    # The day in Việt Nam, and the hour of it.
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    # Whether the place opens on this day by its published hours and closures.
    open_day = models.BooleanField()
    on_offer = models.BooleanField()
    # Of the products that made it so: {"id", "slug", "amount"}; and the ways to pay for them.
    products = models.JSONField(default=list)
    methods = models.JSONField(default=list)
    # Why not: `no_product`, `free_only`, `below_floor`, `no_room`, `no_method`, `unreachable`.
    failure = models.CharField(max_length=20, blank=True)
    # SHA-256 of the answers that it was read from.
    answer_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "day", "hour"], name="offer_snapshot_once"),
            models.CheckConstraint(
                condition=Q(on_offer=True, failure="") | (Q(on_offer=False) & ~Q(failure="")),
                name="offer_snapshot_says_why_not",
            ),
            models.CheckConstraint(
                condition=Q(hour__range=(0, 23)), name="offer_snapshot_hour_of_a_day"
            ),
        ]
        indexes = [models.Index(fields=["day", "site"], name="offer_snapshot_by_day")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.day} {self.hour}"


class BuyProbe(models.Model):
    """One try of every hour to buy at a site as a visitor does, up to the door of the payment."""

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    probed_at = models.DateTimeField()
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="+")
    succeeded = models.BooleanField()
    methods = models.JSONField(default=list)
    failure = models.CharField(max_length=40, blank=True)
    duration_ms = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "day", "hour"], name="buy_probe_once_an_hour"),
            models.CheckConstraint(
                condition=Q(succeeded=True, failure="") | (Q(succeeded=False) & ~Q(failure="")),
                name="buy_probe_says_why_not",
            ),
        ]
        indexes = [models.Index(fields=["day", "site"], name="buy_probe_by_day")]

    def __str__(self) -> str:
        return f"{self.site_id} {self.day} {self.hour}"


class PageProbe(models.Model):
    """Whether a page of a tour or of a model answered on a day, asked from our own network."""

    class Subject(models.TextChoices):
        TOUR = "tour"
        MODEL = "model"

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=8, choices=Subject)
    # The id of the tour: of photographs, or (a model) of a reconstruction.
    subject_id = models.BigIntegerField()
    day = models.DateField()
    probed_at = models.DateTimeField()
    url = models.CharField(max_length=500)
    ok = models.BooleanField()
    status_code = models.PositiveSmallIntegerField(default=0, help_text="0: no answer")
    failure = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "subject_id", "day"], name="page_probe_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(subject__in=["tour", "model"]), name="page_probe_subject_known"
            ),
            models.CheckConstraint(
                condition=Q(ok=True, failure="") | (Q(ok=False) & ~Q(failure="")),
                name="page_probe_says_why_not",
            ),
        ]
        indexes = [models.Index(fields=["day", "site"], name="page_probe_by_day")]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} {self.day}"


class CounterPayment(models.Model):
    """A payment at a counter, as the bank, the card terminal or the till lists it."""

    class Method(models.TextChoices):
        VIETQR = "vietqr"
        POS = "pos"
        CASH = "cash"

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=8, choices=Method)
    amount = models.PositiveBigIntegerField(help_text="whole đồng")
    settled_at = models.DateTimeField()
    received_at = models.DateTimeField()
    # Of the bank or the terminal; of cash, of the till's own list.
    reference = models.CharField(max_length=100)
    listed_in = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["method", "reference"], name="counter_payment_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="counter_payment_is_of_money"),
            models.CheckConstraint(
                condition=Q(method__in=["vietqr", "pos", "cash"]),
                name="counter_payment_method_known",
            ),
        ]
        indexes = [models.Index(fields=["settled_at"], name="counter_payment_by_time")]

    def __str__(self) -> str:
        return f"{self.amount} {self.method} at {self.site_id}"


class HandCount(models.Model):
    """People who entered without a code and were counted by hand; an estimate says so."""

    site = models.ForeignKey(HeritageSite, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    people = models.PositiveIntegerField()
    estimated = models.BooleanField()
    counted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["site", "day"], name="hand_count_once")]
        indexes = [models.Index(fields=["day"], name="hand_count_by_day")]

    def __str__(self) -> str:
        return f"{self.people} at {self.site_id} on {self.day}"
