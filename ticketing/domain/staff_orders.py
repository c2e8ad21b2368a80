"""Orders as the staff of a place see them: only what concerns their places, nobody's address."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from sites.domain.permissions import Somebody, sites_to_manage, sites_to_see
from ticketing.domain.unused import Party, parties_of
from ticketing.models import Cancellation, Entitlement, Order, OrderLine, Scan

SCANS_SHOWN = 100


@dataclass(frozen=True, slots=True)
class StaffTicket:
    """A ticket; `may_cancel`: every place that it opens is managed by whoever looks."""

    party: Party
    product: str
    may_cancel: bool


@dataclass(frozen=True, slots=True)
class StaffOrder:
    tickets: Sequence[StaffTicket]
    scans: Sequence[Scan]
    cancellations: Sequence[Cancellation]


def orders_to_see(*, user: Somebody) -> QuerySet[Order]:
    """Orders with a ticket for a place of the user."""
    lines = OrderLine.objects.filter(
        order=OuterRef("pk"), product__entitlements__site__in=sites_to_see(user=user)
    )
    return Order.objects.filter(Exists(lines))


def staff_order(*, order: Order, user: Somebody) -> StaffOrder:
    """What the user may know of an order, in seven queries."""
    seen = _products(sites_to_see(user=user).values_list("pk", flat=True), whole=False)
    managed = _products(sites_to_manage(user=user).values_list("pk", flat=True), whole=True)
    parties = [each for each in parties_of(order, locked=False) if each.ticket.product_id in seen]
    tickets = [each.ticket for each in parties]
    scans = Scan.objects.filter(ticket__in=tickets, gate__site__in=sites_to_see(user=user))
    facts = Cancellation.objects.filter(lines__line__product__in=seen, order=order).distinct()
    return StaffOrder(
        tickets=[
            StaffTicket(each, each.ticket.product.slug, each.ticket.product_id in managed)
            for each in parties
        ],
        scans=list(scans.select_related("gate").order_by("-received_at")[:SCANS_SHOWN]),
        cancellations=list(facts.select_related("by").order_by("pk")),
    )


def _products(site_ids: Collection[int], *, whole: bool) -> set[int]:
    """Products that open one of these places, or (`whole`) that open no others."""
    own = set(site_ids)
    opened: dict[int, set[int]] = {}
    for product_id, site_id in Entitlement.objects.values_list("product_id", "site_id"):
        opened.setdefault(product_id, set()).add(site_id)
    return {
        product_id
        for product_id, places in opened.items()
        if (places <= own if whole else places & own)
    }
