from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guides.models.assets import Asset


class Panorama(models.Model):
    """A panorama of a site, and how far it is cut into tiles; waits in the row until it is."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being cut")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    asset = models.OneToOneField(Asset, on_delete=models.PROTECT, related_name="panorama")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING, editable=False)
    tiles_total = models.PositiveIntegerField(editable=False)
    # Never goes back, whatever dies and begins again.
    tiles_done = models.PositiveIntegerField(default=0, editable=False)
    failure = models.CharField(max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("cut panorama")
        verbose_name_plural = _("cut panoramas")
        constraints = [
            models.CheckConstraint(
                condition=Q(tiles_done__lte=F("tiles_total")), name="panorama_counts_its_tiles"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(tiles_done=F("tiles_total")),
                name="panorama_ready_when_all_is_cut",
            ),
        ]

    def __str__(self) -> str:
        return str(self.asset)
