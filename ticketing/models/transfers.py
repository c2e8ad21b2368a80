from django.db import models
from django.db.models import F, Q

from ticketing.models.tickets import Ticket


class Transfer(models.Model):
    """A ticket is offered to somebody else by a link that works once."""

    class Status(models.TextChoices):
        OFFERED = "offered"
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"

    # In the address of the link; its secret is in the fragment, kept here as a hash.
    code = models.CharField(max_length=16, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="transfers")
    status = models.CharField(max_length=9, choices=Status, default=Status.OFFERED)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Of the recipient's own key: their repeat answers the same, others are refused.
    recipient_hash = models.BinaryField(max_length=32, null=True)
    made = models.OneToOneField(
        Ticket, null=True, on_delete=models.PROTECT, related_name="transferred_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(status="offered"), name="transfer_offered_once"
            ),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(status="accepted"), name="transfer_accepted_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["offered", "accepted", "withdrawn"]),
                name="transfer_status_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="accepted",
                    made__isnull=False,
                    recipient_hash__isnull=False,
                    ended_at__isnull=False,
                )
                | Q(status="offered", made__isnull=True, ended_at__isnull=True)
                | Q(status="withdrawn", made__isnull=True, ended_at__isnull=False),
                name="transfer_ends_as_it_says",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("offered_at")), name="transfer_lasts_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} ticket {self.ticket_id}"
