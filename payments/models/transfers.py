from django.db import models

from payments.models.attempts import Payment
from sites.models import User


class TransferConfirmation(models.Model):
    """Who found a bank transfer on the account; never edited."""

    payment = models.OneToOneField(
        Payment, on_delete=models.PROTECT, primary_key=True, related_name="confirmation"
    )
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"payment {self.payment_id} by {self.confirmed_by_id}"
