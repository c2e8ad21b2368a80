"""Whose money it is: shares of a paid line for its places, and what goes from them again.

Shares are added, never changed; their sum over a line is the money kept for it. The caller of
every function here that writes holds the row of the order, so shares of a line have one writer.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import BigIntegerField, Max, Q, Sum
from django.db.models.functions import Coalesce

from ticketing.domain.dividing import divide, redivide
from ticketing.domain.passes import validity_of_line
from ticketing.domain.visit_days import day_of
from ticketing.models import (
    Admission,
    Entitlement,
    LineSplit,
    Order,
    OrderLine,
    RevenueShare,
    RevenueSplit,
    SplitMethod,
    Ticket,
)

LINES_AT_ONCE = 200

# Place id to organisation id. By id, for that order never changes: of two places with the same
# remainder the one with the lower id has the đồng, each time anew.
Places = Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Division:
    """How one line is divided; a product of one place, or without a split, has no `method`."""

    weights: Mapping[int | None, int]
    method: SplitMethod | None = None


def share_out(*, lines: Sequence[OrderLine], at: datetime) -> None:
    """Write the shares of lines that are paid now; at most five queries, however many there are.

    Lines come with their product and category.
    """
    paid = [line for line in lines if line.amount]
    places = _places({line.product_id for line in paid})
    several = {product_id for product_id, some in places.items() if len(some) > 1}
    splits = _splits(several, at)
    divisions = [
        (line, _division(places[line.product_id], splits.get(line.product_id))) for line in paid
    ]
    RevenueShare.objects.bulk_create(
        _share(line, site_id, amount, at=at, places=places[line.product_id])
        for line, division in divisions
        for site_id, amount in divide(line.amount, weights=division.weights).items()
    )
    LineSplit.objects.bulk_create(
        LineSplit(
            line=line,
            method=division.method,
            weights={str(site_id): weight for site_id, weight in division.weights.items()},
            settle_after=validity_of_line(line, at=at)[1]
            if division.method == SplitMethod.BY_ADMISSION
            else None,
        )
        for line, division in divisions
        if division.method
    )


def _places(product_ids: Collection[int]) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = defaultdict(dict)
    rows = Entitlement.objects.filter(product_id__in=product_ids).order_by("site_id")
    for product_id, site_id, organisation_id in rows.values_list(
        "product_id", "site_id", "site__organisation_id"
    ):
        found[product_id][site_id] = organisation_id
    return found


def _splits(product_ids: Collection[int], at: datetime) -> dict[int, RevenueSplit]:
    """The split of each product on the day of payment."""
    if not product_ids:
        return {}
    day = day_of(at)
    rows = RevenueSplit.objects.filter(
        Q(effective_to__isnull=True) | Q(effective_to__gt=day),
        product_id__in=product_ids,
        effective_from__lte=day,
    )
    return {split.product_id: split for split in rows.prefetch_related("weights")}


def _division(places: Places, split: RevenueSplit | None) -> Division:
    if len(places) == 1:
        return Division(dict.fromkeys(places, 1))
    if split is None:
        return Division({None: 1})
    method = SplitMethod(split.method)
    if method != SplitMethod.WEIGHTED:
        return Division(dict.fromkeys(places, 1), method)
    said = {row.site_id: row.weight for row in split.weights.all()}
    return Division({site_id: said.get(site_id, 0) for site_id in places}, method)


def _share(
    line: OrderLine, site_id: int | None, amount: int, *, at: datetime, places: Places
) -> RevenueShare:
    own = line.product.organisation_id
    return RevenueShare(
        line=line,
        site_id=site_id,
        organisation_id=own if site_id is None else places.get(site_id, own),
        amount=amount,
        reason=RevenueShare.Reason.PAID,
        at=at,
    )


def take_back(*, line_ids: Collection[int], at: datetime) -> None:
    """Take what was cancelled from the places, so that together they have the money that is kept.

    Called after the cancellations of these lines were written; repeated, it changes nothing.
    """
    lines = OrderLine.objects.filter(pk__in=line_ids).annotate(
        given_back=Coalesce(Sum("cancellations__amount"), 0, output_field=BigIntegerField())
    )
    splits = {split.line_id: split for split in LineSplit.objects.filter(line_id__in=line_ids)}
    for line in lines.order_by("pk"):
        kept = line.amount - line.given_back
        split = splits.get(line.pk)
        _write(line, split, kept=kept, reason=RevenueShare.Reason.CANCELLED, at=at)


def _write(
    line: OrderLine,
    split: LineSplit | None,
    *,
    kept: int,
    reason: RevenueShare.Reason,
    at: datetime,
) -> None:
    have, organisations = _have(line)
    weights = _weights(split) if split else dict.fromkeys(have, 1)
    if not have:
        # Nothing was paid for it.
        return
    RevenueShare.objects.bulk_create(
        RevenueShare(
            line=line,
            site_id=site_id,
            organisation_id=organisations[site_id],
            amount=change,
            reason=reason,
            at=at,
        )
        for site_id, change in redivide(have, kept=kept, weights=weights).items()
    )


def _weights(split: LineSplit) -> dict[int | None, int]:
    return {site_id: split.weights[str(site_id)] for site_id in sorted(map(int, split.weights))}


def _have(line: OrderLine) -> tuple[dict[int | None, int], dict[int | None, int]]:
    """What each place has of the line, and to whom it belongs."""
    rows = (
        RevenueShare.objects.filter(line=line)
        .values("site_id", "organisation_id")
        .annotate(total=Sum("amount"))
        .order_by("site_id")
    )
    have: dict[int | None, int] = {row["site_id"]: row["total"] for row in rows}
    return have, {row["site_id"]: row["organisation_id"] for row in rows}


def settle_admissions(*, at: datetime) -> int:
    """Divide anew what the admissions of ended tickets decide; how many lines there were."""
    waiting = LineSplit.objects.filter(settle_after__lte=at).order_by("settle_after", "pk")
    lines = OrderLine.objects.filter(split__in=waiting[:LINES_AT_ONCE]).order_by("pk")
    return sum(_settle(line, at) for line in lines)


@transaction.atomic
def _settle(line: OrderLine, at: datetime) -> bool:
    # The row lock keeps cancellations of the order out.
    Order.objects.select_for_update().get(pk=line.order_id)
    split = LineSplit.objects.select_related("line").get(line=line)
    if split.settle_after is None or split.settle_after > at:
        return False
    ends = Ticket.objects.filter(line=line).aggregate(last=Max("valid_until"))["last"]
    if ends is not None and ends > at:
        split.settle_after = ends
        split.save(update_fields=["settle_after"])
        return False
    split.weights = _admitted(line, split)
    split.settle_after = None
    split.save(update_fields=["weights", "settle_after"])
    kept = sum(_have(line)[0].values())
    _write(line, split, kept=kept, reason=RevenueShare.Reason.ADMISSIONS, at=at)
    return True


def _admitted(line: OrderLine, split: LineSplit) -> dict[str, int]:
    """People let in at each place; all the same where nobody came at all."""
    rows = (
        Admission.objects.filter(ticket__line=line)
        .annotate(place=Coalesce("site_id", "first_gate__site_id"))
        .values("place")
        .annotate(admitted=Sum("people"))
    )
    came = {str(row["place"]): row["admitted"] for row in rows}
    if not any(came.get(site_id) for site_id in split.weights):
        return dict.fromkeys(split.weights, 1)
    return {site_id: came.get(site_id, 0) for site_id in split.weights}
