"""Whose money it is: the organisation that sells collects, and its own rules hold."""

from payments.models import MoneyRules
from ticketing.models import Order, OrderLine


def collector_of(order: Order) -> int:
    """The organisation that is paid for an order: that of its first line."""
    lines = OrderLine.objects.filter(order=order).order_by("pk")
    return lines.values_list("product__organisation_id", flat=True)[0]


def rules_of(organisation_id: int) -> MoneyRules:
    """What the organisation has decided; the defaults where it has decided nothing."""
    found = MoneyRules.objects.filter(organisation_id=organisation_id).first()
    return found or MoneyRules(organisation_id=organisation_id)
