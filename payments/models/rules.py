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
    # Money goes back when the gates say that they know of the void tickets, and after this time
    # even if one never said so: it judges nothing alone any more by then.
    gates_know_after_minutes = models.PositiveIntegerField(default=13 * 60)
    # Whether a buyer who disputes a payment loses the tickets that were not used yet.
    dispute_ends_tickets = models.BooleanField(default=True)
    # What a provider may keep of a payment, in thousandths; more is a difference with a name.
    fee_permille_at_most = models.PositiveSmallIntegerField(default=40)
    # Where it is written that this is so.
    legal_basis = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"money rules of {self.organisation_id}"
