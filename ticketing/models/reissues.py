from typing import TypeAlias

from django.db import models
from django.db.models import Q

from ticketing.models.orders import Order


class ReissueKind(models.TextChoices):
    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"
    TRANSFER = "transfer"


class Reissue(models.Model):
    """Tickets ended and others issued in their place, in one transaction; never edited.

    The old tickets point here by `ended_by`, the new ones by `made_by`.
    """

    Kind: TypeAlias = ReissueKind

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reissues")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    # The caller's own id for this change: a repeat changes nothing. Empty where another row
    # keeps the change from happening twice.
    idempotency_key = models.CharField(max_length=200, blank=True)
    request_hash = models.BinaryField(max_length=32, default=bytes)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="reissue_once_per_key",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["split", "merge", "move", "transfer"]),
                name="reissue_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of order {self.order_id}"
