from django.db import models
from django.db.models import Q

from sites.models import Closure, User
from ticketing.models.orders import Order


class ClosureCase(models.Model):
    """What is done for everybody who bought a visit to a place that is closed, in one action."""

    class Kind(models.TextChoices):
        REFUND = "refund", "give all the money back"
        MOVE = "move", "move to another day"
        CHOOSE = "choose", "let buyers choose"

    class Status(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        STOPPED = "stopped"
        DONE = "done"
        DROPPED = "dropped"

    closure = models.ForeignKey(Closure, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    # A move alone has a day; whoever cannot come along then chooses.
    move_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=7, choices=Status, default=Status.PLANNED)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    started_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["closure"], condition=~Q(status="dropped"), name="closure_case_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["refund", "move", "choose"]), name="closure_case_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "running", "stopped", "done", "dropped"]),
                name="closure_case_status_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="move", move_to__isnull=False)
                | (~Q(kind="move") & Q(move_to__isnull=True)),
                name="closure_case_moves_to_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "dropped"])
                | Q(started_at__isnull=False, started_by__isnull=False),
                name="closure_case_was_started_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for closure {self.closure_id}"


class ClosureCaseOrder(models.Model):
    """One order that a closure hits: what became of it, and whether its buyer was told."""

    class Outcome(models.TextChoices):
        WAITING = "waiting"
        REFUNDED = "refunded"
        MOVED = "moved"
        # Its buyer may cancel without loss, or move.
        FREE_TO_CHOOSE = "free_to_choose"
        # Nobody of it is left: all came, or were cancelled before.
        NOTHING_LEFT = "nothing_left"
        FAILED = "failed"

    class Untold(models.TextChoices):
        NO_ADDRESS = "no_address"
        MAIL_FAILED = "mail_failed"

    case = models.ForeignKey(ClosureCase, on_delete=models.PROTECT, related_name="orders")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="closure_cases")
    outcome = models.CharField(max_length=14, choices=Outcome, default=Outcome.WAITING)
    handled_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(default=0)
    amount_back = models.PositiveBigIntegerField(default=0, help_text="whole đồng")
    # When the mail is tried next; null when there is nothing to send.
    tell_after = models.DateTimeField(null=True)
    tell_attempts = models.PositiveSmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True)
    untold = models.CharField(max_length=11, choices=Untold, blank=True)

    class Meta:
        constraints = [
            # Who is handled is told: once, because there is one row.
            models.UniqueConstraint(fields=["case", "order"], name="closure_case_order_once"),
            models.CheckConstraint(
                condition=Q(outcome="waiting", handled_at__isnull=True)
                | (~Q(outcome="waiting") & Q(handled_at__isnull=False)),
                name="closure_case_order_handled_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(tell_after__isnull=True),
                name="closure_case_order_told_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["case", "id"],
                condition=Q(handled_at__isnull=True),
                name="closure_case_order_waiting",
            ),
            models.Index(
                fields=["tell_after"],
                condition=Q(tell_after__isnull=False),
                name="closure_case_order_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"order {self.order_id}: {self.outcome}"
