"""What gates tell later, and what the merge makes of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from sites.models import Gate, User
from ticketing.models.gates import GateDevice, Outcome
from ticketing.models.tickets import Ticket


class GateEvent(models.Model):
    """Something that happened at a gate and was told later; never edited, never deleted.

    Scans of a gate that is online are rows of `Scan`; the merge reads both.
    """

    class Kind(models.TextChoices):
        SCAN = "scan"
        UNDO = "undo"

    class Mode(models.TextChoices):
        ONLINE = "online"
        HUB = "hub"
        ISOLATED = "isolated"
        PAPER = "paper"
        # Alone, after the guard had found the ticket by its short code.
        TYPED = "typed"

    class Confirmed(models.TextChoices):
        NOBODY = "", "nobody"
        GUARD = "guard"
        SUPERVISOR = "supervisor"

    class Quarantine(models.TextChoices):
        NONE = "", _("counted")
        DEVICE_DISABLED = "device_disabled", _("the device was disabled")
        DEVICE_CONTRADICTS = "device_contradicts", _("the device contradicted itself")
        FOREIGN_GATE = "foreign_gate", _("a gate of another place")

    device = models.ForeignKey(
        GateDevice, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    # Counted by the device without gaps; null for what was told at once, over the network.
    sequence = models.BigIntegerField(null=True)
    # The device's own id: of a scan, the `scan_id` that it also sends when it is online.
    event_id = models.UUIDField()
    kind = models.CharField(max_length=4, choices=Kind)
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.PROTECT, related_name="events", db_index=False
    )
    # What the code claims to be when it is no ticket of ours.
    claimed_ticket_id = models.BigIntegerField(null=True)
    mode = models.CharField(max_length=8, choices=Mode)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    # The doubt that a person put aside, or why something was undone.
    reason = models.CharField(max_length=200, blank=True)
    people = models.PositiveSmallIntegerField(help_text="let in by this scan")
    document_seen = models.BooleanField(default=False)
    confirmed_by = models.CharField(max_length=10, choices=Confirmed, blank=True)
    operator = models.CharField(max_length=40, blank=True)
    undoes = models.UUIDField(null=True)
    happened_at = models.DateTimeField(help_text="by the clock of the device")
    offset_ms = models.BigIntegerField(help_text="what the device believed to be slow by")
    # Number of the gate pack that the device judged by.
    pack_number = models.BigIntegerField(default=0)
    content_hash = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()
    quarantine = models.CharField(max_length=20, choices=Quarantine, blank=True)

    class Meta:
        verbose_name = _("gate event in quarantine")
        verbose_name_plural = _("gate events in quarantine")
        constraints = [
            models.UniqueConstraint(fields=["device", "sequence"], name="event_once_per_sequence"),
            models.UniqueConstraint(fields=["device", "event_id"], name="event_once_per_device"),
            models.CheckConstraint(
                condition=Q(kind="scan", undoes__isnull=True) & Q(outcome__in=Outcome.values)
                | Q(kind="undo", undoes__isnull=False, outcome=""),
                name="event_scans_or_undoes",
            ),
            models.CheckConstraint(
                condition=Q(outcome="admitted", people__gte=1)
                | (~Q(outcome="admitted") & Q(people=0)),
                name="event_lets_people_in_only_when_admitted",
            ),
        ]
        indexes = [
            models.Index(
                fields=["ticket"], condition=Q(outcome="admitted"), name="event_admitted_by_ticket"
            ),
            models.Index(
                fields=["undoes"], condition=Q(undoes__isnull=False), name="event_by_undone"
            ),
            models.Index(fields=["gate", "received_at"], name="event_by_gate"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.outcome} of device {self.device_id}"


class ClockReading(models.Model):
    """How slow a device's clock was at one moment: the server's time less its own."""

    device = models.ForeignKey(GateDevice, on_delete=models.PROTECT, db_index=False)
    device_at = models.DateTimeField()
    offset_ms = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "device_at"], name="clock_reading_once_per_moment"
            )
        ]

    def __str__(self) -> str:
        return f"{self.offset_ms} ms"


class EventRelease(models.Model):
    """A person's word that a quarantined event counts after all."""

    event = models.OneToOneField(GateEvent, primary_key=True, on_delete=models.PROTECT)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.reason


class EntryVerdict(models.Model):
    """What the merge made of one accepted scan of a ticket that was used more than once.

    A verdict that a late arrival changes is replaced, and stays as history.
    """

    class Verdict(models.TextChoices):
        VALID = "valid"
        DUPLICATE = "duplicate"
        RULED_OUT = "ruled_out", "against the rule of a pass"
        UNDONE = "undone"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="verdicts")
    device = models.ForeignKey(GateDevice, on_delete=models.PROTECT, db_index=False)
    scan_id = models.UUIDField()
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(help_text="by the corrected clock")
    verdict = models.CharField(max_length=9, choices=Verdict)
    people = models.PositiveSmallIntegerField(help_text="let in")
    counted = models.PositiveSmallIntegerField(help_text="let in by right")
    decided_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["device", "scan_id"],
                condition=Q(replaced_at__isnull=True),
                name="verdict_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.verdict


class Incident(models.Model):
    """Somebody came in who should not have, or a device misbehaved. A person closes it."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", _("more people than the ticket lets in")
        OUT_OF_ORDER = "out_of_order", _("a pass at a place before its turn, or back")
        TIME_OVER = "time_over", _("a pass after the time from its first use")
        BEFORE_KNOWN = "before_known", _("let in before the revocation was known")
        DEVICE_FAULT = "device_fault", _("let in although the device knew better")
        USED_THEN_REVOKED = "used_then_revoked", _("revoked after it was used")
        UNKNOWN_TICKET = "unknown_ticket", _("a good signature on a ticket never sold")
        CONTRADICTION = "contradiction", _("a device told two stories of one event")

    kind = models.CharField(max_length=20, choices=Kind)
    device = models.ForeignKey(GateDevice, on_delete=models.PROTECT, db_index=False)
    scan_id = models.UUIDField()
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="incidents")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField(help_text="by the corrected clock")
    people = models.PositiveSmallIntegerField(help_text="too many")
    # The entry that used up the ticket.
    first_at = models.DateTimeField(null=True)
    first_gate = models.ForeignKey(
        Gate, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_at = models.DateTimeField()
    # Set when later arrivals prove that nothing was wrong.
    withdrawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    closing_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("gate incident")
        verbose_name_plural = _("gate incidents")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "device", "scan_id"], name="incident_once_per_scan"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True)
                | (Q(closed_by__isnull=False) & ~Q(closing_reason="")),
                name="incident_closed_by_a_person_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at gate {self.gate_id}"
