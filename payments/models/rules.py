from django.db import models

from sites.models import Organisation


class MoneyRules(models.Model):
    """What an organisation has decided about money; without a row the defaults below hold."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="money_rules"
    )
    # A refund above this waits for two different people.
    two_people_above = models.PositiveBigIntegerField(default=5_000_000, help_text="whole đồng")
    # A surplus below this is kept and booked as such; 0 gives everything back.
    keep_surplus_below = models.PositiveIntegerField(default=0, help_text="whole đồng")
    # How long a revocation needs to reach every gate, where the gates themselves do not tell.
    gates_know_after_minutes = models.PositiveIntegerField(default=60)
    # Where it is written that this is so.
    legal_basis = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"money rules of {self.organisation_id}"
