from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.models import Gate, HeritageSite
from ticketing.models.tickets import Ticket


class Outcome(models.TextChoices):
    """What a gate says of one presentation. Outside programs rely on these names."""

    ADMITTED = "admitted", _("let in")
    ALREADY_ADMITTED = "already_admitted", _("let in before")
    PARTY_EXHAUSTED = "party_exhausted", _("everybody of it is in")
    WRONG_SITE = "wrong_site", _("not for this place")
    NOT_YET_VALID = "not_yet_valid", _("not valid yet")
    EXPIRED = "expired", _("not valid any more")
    WRONG_SLOT = "wrong_slot", _("at another time")
    UNPAID = "unpaid", _("not paid")
    CANCELLED = "cancelled", _("cancelled")
    REVOKED = "revoked", _("revoked")
    UNKNOWN = "unknown", _("not known")
    FORGED = "forged", _("forged")
    CHECK_DOCUMENT = "check_document", _("document to be seen")
    TOO_SOON = "too_soon", _("too soon again")
    NEEDS_SYNC = "needs_sync", _("wants the server")
    DEVICE_BLOCKED = "device_blocked", _("the device is disabled")


class Enrolment(models.Model):
    """A one-time code by which a phone becomes the scanner of a gate."""

    code_hash = models.BinaryField(max_length=32, unique=True)
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT)
    role = models.CharField(max_length=10, default="guard", help_text="of the device to be")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("device enrolment")
        verbose_name_plural = _("device enrolments")

    def __str__(self) -> str:
        return f"enrolment for gate {self.gate_id}"


class GateDevice(models.Model):
    """A phone or handheld that scans at a gate."""

    class Role(models.TextChoices):
        GUARD = "guard", _("Guard")
        # Carried by a supervisor, who may put doubts aside.
        SUPERVISOR = "supervisor", _("Supervisor")

    name = models.CharField(max_length=80)
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="devices")
    role = models.CharField(max_length=10, choices=Role, default=Role.GUARD)
    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT)
    token_hash = models.BinaryField(max_length=32, unique=True)
    enrolled_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True, blank=True)
    # Set when it told two stories of one event: what it says later waits for a person.
    quarantined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("gate device")
        verbose_name_plural = _("gate devices")

    def __str__(self) -> str:
        return self.name


class Admission(models.Model):
    """People let in on one ticket, at one site, on one day: the contested row of the gate path.

    Site and day are null where the entry policy does not tell them apart. The foreign keys have
    no index of their own: the unique constraint serves the ticket, and every index costs scans.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="admissions", db_index=False
    )
    site = models.ForeignKey(HeritageSite, null=True, on_delete=models.PROTECT, db_index=False)
    day = models.DateField(null=True)
    people = models.PositiveIntegerField()
    # Party size of the ticket; null when entry is unlimited.
    people_limit = models.PositiveSmallIntegerField(null=True)
    first_at = models.DateTimeField()
    first_scan_id = models.UUIDField()
    first_gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="+", db_index=False)
    last_at = models.DateTimeField()
    # The scan that let people in last: a gate that waited for this row sees whether it got in.
    last_scan_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "site", "day"],
                nulls_distinct=False,
                name="admission_once_per_ticket_site_and_day",
            ),
            models.CheckConstraint(
                condition=Q(people_limit__isnull=True) | Q(people__lte=F("people_limit")),
                name="admission_within_the_party",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.people} on {self.ticket_id}"


class Scan(models.Model):
    """One presentation of a code at a gate, admitted or refused; never edited."""

    class Mode(models.TextChoices):
        ONLINE = "online"
        # The guard typed the short code below the QR code.
        TYPED = "typed"

    # The device's own id: a repeat changes nothing.
    scan_id = models.UUIDField()
    device = models.ForeignKey(
        GateDevice, on_delete=models.PROTECT, related_name="scans", db_index=False
    )
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, db_index=False)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="scans")
    # What an unproven code claims to be; evidence, never trusted.
    claimed_ticket_id = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=16, choices=Outcome)
    people = models.PositiveSmallIntegerField(help_text="let in by this scan")
    people_left = models.PositiveSmallIntegerField(null=True)
    # Which rule of a pass refused it, as `ticketing.domain.passes` writes it.
    broken_rule = models.JSONField(null=True)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.ONLINE, db_default=Mode.ONLINE)
    scanned_at = models.DateTimeField(help_text="by the clock of the device")
    received_at = models.DateTimeField(help_text="by ours; what was judged by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["device", "scan_id"], name="scan_once_per_device"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="scan_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["online", "typed"]), name="scan_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="admitted", people__gte=1, ticket__isnull=False)
                | (~Q(outcome="admitted") & Q(people=0)),
                name="scan_lets_people_in_only_when_admitted",
            ),
        ]
        indexes = [models.Index(fields=["gate", "received_at"], name="scan_by_gate")]

    def __str__(self) -> str:
        return f"{self.outcome} at gate {self.gate_id}"
