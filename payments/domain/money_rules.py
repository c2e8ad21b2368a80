"""The organisation that collects money has rules of its own for it."""

from payments.models import MoneyRules


def rules_of(organisation_id: int) -> MoneyRules:
    """What the organisation has decided; the defaults where it has decided nothing."""
    found = MoneyRules.objects.filter(organisation_id=organisation_id).first()
    return found or MoneyRules(organisation_id=organisation_id)
