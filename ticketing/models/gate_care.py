"""What gates carry with them, how fresh it is, and how their devices are."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sites.models import HeritageSite, User
from ticketing.models.gates import GateDevice
from ticketing.models.tickets import Ticket


class GateKey(models.Model):
    """An Ed25519 key that speaks to gates; tickets are signed with other keys."""

    class Purpose(models.TextChoices):
        ROOT = "root", "signs the trust list"
        LIST = "list", "signs what gates carry"
        DEVICE = "device", "signs the credentials of devices"

    purpose = models.CharField(max_length=6, choices=Purpose)
    public_key = models.BinaryField(max_length=32, unique=True)
    # Null: the seed lies elsewhere, as that of an offline root does.
    sealed_seed = models.BinaryField(null=True)
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(retired_at__isnull=True),
                name="gate_key_one_for_each_purpose",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} key"


class TrustList(models.Model):
    """Which keys gates believe, as the root signed it. The newest is in force."""

    number = models.BigIntegerField(primary_key=True)
    text = models.TextField()
    signature = models.BinaryField(max_length=64)
    root = models.ForeignKey(GateKey, on_delete=models.PROTECT)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"trust list {self.number}"


class PackPart(models.Model):
    """One part of a gate pack, built once: a base, or what came after it. Never edited."""

    # Grows over all parts of all sites, so that "newer than what I have" is one comparison.
    number = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=12)
    # Null: the same for every site.
    site = models.ForeignKey(
        HeritageSite, null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    is_base = models.BooleanField()
    made_at = models.DateTimeField()
    # How far the facts were read; the next part starts there.
    read_until = models.DateTimeField()
    sha256 = models.BinaryField(max_length=32)
    size = models.PositiveIntegerField(help_text="bytes of the text")
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["site", "name", "number"], name="pack_part_in_order")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Revocation(models.Model):
    """The moment from which gates could know that a ticket, or a part of its party, is void."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="revocations")
    # What the gate says: revoked, cancelled, unpaid.
    reason = models.CharField(max_length=16)
    people = models.PositiveSmallIntegerField(help_text="of the party, void by now")
    listed_at = models.DateTimeField()
    # The part of the gate pack that says so first.
    number = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "people"], name="revocation_listed_once")
        ]
        indexes = [models.Index(fields=["number"], name="revocation_by_number")]

    def __str__(self) -> str:
        return f"{self.reason} {self.ticket_id}"


class DeviceState(models.Model):
    """What a device last said of itself; kept apart from the row that every scan reads."""

    device = models.OneToOneField(
        GateDevice, primary_key=True, on_delete=models.PROTECT, related_name="state"
    )
    seen_at = models.DateTimeField()
    # The newest part that it holds, and when it said so.
    pack_number = models.BigIntegerField(default=0)
    synced_at = models.DateTimeField(null=True)
    # The newest part that it held when nothing was left to send.
    drained_number = models.BigIntegerField(default=0)
    battery = models.PositiveSmallIntegerField(null=True, help_text="percent")
    waiting = models.PositiveIntegerField(null=True, help_text="scans not sent yet")
    offset_ms = models.BigIntegerField(null=True)
    app = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(battery__isnull=True) | Q(battery__lte=100),
                name="device_battery_in_percent",
            )
        ]

    def __str__(self) -> str:
        return f"device {self.device_id}"


class CodeSearch(models.Model):
    """A site whose guards may type the short code of a ticket; without a row they may not."""

    site = models.OneToOneField(
        HeritageSite,
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="code_search",
        verbose_name=_("site"),
    )
    is_on = models.BooleanField(
        _("guards may type the code"),
        default=False,
        help_text=_("Only for QR codes that no camera can read. The log says which were typed."),
    )

    class Meta:
        verbose_name = _("typing of ticket codes")
        verbose_name_plural = _("typing of ticket codes")

    def __str__(self) -> str:
        return f"{self.site_id}: {'on' if self.is_on else 'off'}"


class StaffPin(models.Model):
    """The right to work at the gates of a site for one shift. The PIN itself is not kept."""

    class Role(models.TextChoices):
        GUARD = "guard", _("Guard")
        SUPERVISOR = "supervisor", _("Supervisor")

    site = models.ForeignKey(
        HeritageSite, on_delete=models.PROTECT, related_name="staff_pins", verbose_name=_("site")
    )
    # A short name on the badge, for the screen; no personal data.
    label = models.CharField(_("name of the shift"), max_length=40)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    salt = models.BinaryField(max_length=16)
    iterations = models.PositiveIntegerField()
    verifier = models.BinaryField(max_length=32)
    valid_from = models.DateTimeField(_("valid from"))
    valid_until = models.DateTimeField(_("valid until"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        User, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("staff PIN")
        verbose_name_plural = _("staff PINs")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="staff_pin_has_a_shift"
            )
        ]

    def __str__(self) -> str:
        return self.label
