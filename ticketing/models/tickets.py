from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from sites.models import HeritageSite, Language
from ticketing.models.capacity import Slot
from ticketing.models.keys import SigningKey
from ticketing.models.orders import OrderLine
from ticketing.models.products import EntryPolicy, Product, VisitorCategory
from ticketing.models.reissues import Reissue


class TicketStatus(models.TextChoices):
    VALID = "valid"
    CANCELLED = "cancelled"
    REVOKED = "revoked"


class Ticket(models.Model):
    """One QR code; admits `party_size` people to the sites of its product."""

    # 64 random bits, the id in the token, kept as a signed number.
    id = models.BigIntegerField(primary_key=True)
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, related_name="tickets", db_index=False
    )
    # Place within the line: issuing twice violates a constraint instead of making two sets.
    number = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    category = models.ForeignKey(VisitorCategory, on_delete=models.PROTECT, db_index=False)
    # Frozen at issue: what the gate asks for.
    needs_document = models.BooleanField(default=False)
    # Frozen at issue: the guard's screen speaks it to the visitor.
    language = models.CharField(max_length=2, choices=Language)
    party_size = models.PositiveSmallIntegerField()
    # Of the party, will not come any more. The token still says `party_size`.
    cancelled_people = models.PositiveSmallIntegerField(default=0, db_default=0)
    entry_policy = models.PositiveSmallIntegerField(choices=EntryPolicy)
    # Frozen at issue: the rules of a pass beyond its entry policy, as `ticketing.domain.passes`
    # writes them; null for ordinary tickets.
    rule = models.JSONField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=TicketStatus, default=TicketStatus.VALID)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(help_text="exclusive")
    # Of a ticket for a time: when its people enter (`entry_until` is exclusive), and at which
    # place. They are not in the token, so another slot of the day keeps the same code.
    slot = models.ForeignKey(Slot, null=True, blank=True, on_delete=models.PROTECT, db_index=False)
    entry_from = models.DateTimeField(null=True, blank=True)
    entry_until = models.DateTimeField(null=True, blank=True)
    entry_site = models.ForeignKey(
        HeritageSite, null=True, blank=True, on_delete=models.PROTECT, db_index=False
    )
    issued_at = models.DateTimeField()
    # The 98 signed bytes. A gate that is online compares with what was issued.
    token = models.BinaryField(max_length=98)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, db_index=False)
    # What put this ticket in the place of others, and what put others in its place.
    made_by = models.ForeignKey(
        Reissue,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="made",
        db_index=False,
    )
    ended_by = models.ForeignKey(
        Reissue,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ended",
        db_index=False,
    )
    # How many went over to the tickets that replaced this one; the others had been let in.
    # Over all tickets of a line, `party_size - travelled_people` adds up to its quantity.
    travelled_people = models.PositiveSmallIntegerField(default=0, db_default=0)

    # SHA-256 of the secret of whoever was given the ticket; null: the buyer has it.
    holder_hash = models.BinaryField(max_length=32, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="ticket_issued_once"),
            models.CheckConstraint(
                condition=Q(status__in=TicketStatus.values), name="ticket_status_known"
            ),
            models.CheckConstraint(
                condition=Q(language__in=Language.values), name="ticket_language_known"
            ),
            models.CheckConstraint(
                condition=Q(party_size__range=(1, 255)), name="ticket_party_fits_the_token"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_people__lt=F("party_size"))
                | (Q(cancelled_people=F("party_size")) & ~Q(status="valid")),
                name="ticket_of_a_cancelled_party_is_not_valid",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="ticket_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, travelled_people=0)
                | (
                    Q(ended_by__isnull=False, travelled_people__range=(1, F("party_size")))
                    & ~Q(status=TicketStatus.VALID)
                ),
                name="ticket_that_was_replaced_is_not_valid",
            ),
            models.CheckConstraint(
                condition=Q(
                    slot__isnull=True,
                    entry_from__isnull=True,
                    entry_until__isnull=True,
                    entry_site__isnull=True,
                )
                | Q(
                    slot__isnull=False,
                    entry_from__isnull=False,
                    entry_until__gt=F("entry_from"),
                    entry_site__isnull=False,
                ),
                name="ticket_entry_window_belongs_to_a_slot",
            ),
        ]
        indexes = [
            # Most tickets are never replaced, and an index of all would slow every issue.
            models.Index(
                fields=["made_by"], condition=Q(made_by__isnull=False), name="ticket_by_made_by"
            ),
            models.Index(
                fields=["ended_by"], condition=Q(ended_by__isnull=False), name="ticket_by_ended_by"
            ),
            models.Index(fields=["slot"], condition=Q(slot__isnull=False), name="ticket_by_slot"),
            # What gates are told: which are sold, nearly free to keep, and which are void.
            BrinIndex(fields=["issued_at", "valid_until"], name="ticket_by_times"),
            models.Index(
                fields=["valid_until"],
                condition=~Q(status=TicketStatus.VALID) | Q(cancelled_people__gt=0),
                name="ticket_void_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id & (1 << 64) - 1:016x}"
