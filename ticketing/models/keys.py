from django.db import models
from django.db.models import F, Q


class SigningKey(models.Model):
    """One Ed25519 key that signs tickets for a month. Its id is never used again."""

    kid = models.PositiveIntegerField(primary_key=True)
    public_key = models.BinaryField(max_length=32, unique=True)
    # The seed, sealed with a key that the database does not hold.
    sealed_seed = models.BinaryField()
    issues_from = models.DateTimeField()
    issues_until = models.DateTimeField()
    # Set when the key leaked: later `issued_at` is refused, earlier ones must be known ids.
    cut_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Several processes make the key of a month at once; one of them succeeds.
            models.UniqueConstraint(
                fields=["issues_from"],
                condition=Q(cut_off_at__isnull=True),
                name="signing_key_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(kid__range=(1, 65535)), name="signing_key_id_fits_the_token"
            ),
            models.CheckConstraint(
                condition=Q(issues_until__gt=F("issues_from")), name="signing_key_has_a_window"
            ),
        ]

    def __str__(self) -> str:
        return f"key {self.kid}"
