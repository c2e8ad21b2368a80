"""Shares of a sale move in the books from the line to the places and bodies that earned them."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from payments.domain.ledger.book import Move, Told, post
from payments.domain.ledger.sales import EARNED, place_of_products
from payments.models import AccountKind, Payment, PostingKind
from ticketing.models import RevenueKind, RevenueShare

# In one turn; the next one takes what is left.
AT_MOST = 5000


@transaction.atomic
def post_shares(*, at: datetime) -> int:
    """Post the shares that nobody has looked at yet; return how many were posted.

    Most need no posting, and none is looked at twice. A share without a payment (a free order)
    came into being without one, and never gets one.
    """
    waiting = RevenueShare.objects.filter(waits_for_books=True, at__lte=at).order_by("pk")
    looked_at = list(
        waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_MOST]
    )
    if not looked_at:
        return 0
    shares = list(_to_post(looked_at))
    places = place_of_products({share.line.product_id for share in shares})
    # In the books from the moment in which it was divided, as the sale is from its own.
    posted = sum(_post(share, places=places, at=share.at) for share in shares)
    RevenueShare.objects.filter(pk__in=looked_at).update(waits_for_books=False)
    return posted


def _to_post(looked_at: list[int]) -> QuerySet[RevenueShare]:
    return (
        RevenueShare.objects.filter(
            pk__in=looked_at, postings__isnull=True, line__order__payments__settles_order=True
        )
        .annotate(places=Count("line__product__entitlements", distinct=True))
        # What stands at its one place from the start has nowhere to go.
        .exclude(Q(places=1, site__isnull=False) & Q(organisation=F("line__product__organisation")))
        .exclude(amount=0)
        .exclude(site__isnull=True, organisation=F("line__product__organisation"))
        .select_related("line__product", "line__order")
        .order_by("pk")
    )


def _post(share: RevenueShare, *, places: Mapping[int, int], at: datetime) -> bool:
    """Move the share from where the sale put it to whom it belongs, in one book or in two."""
    payment = Payment.objects.get(order=share.line.order_id, settles_order=True)
    told = Told(order=share.line.order, payment=payment, share=share)
    seller = share.line.product.organisation_id
    taken = _income(share, amount=share.amount, site_id=places.get(share.line.product_id))
    earned = _income(share, amount=-share.amount, site_id=share.site_id)
    if share.organisation_id == seller:
        return _split(seller, [taken, earned], told=told, at=at)
    owed_to = Move(
        kind=AccountKind.OWED_TO, counterparty_id=share.organisation_id, amount=-share.amount
    )
    owed_by = Move(kind=AccountKind.OWED_BY, counterparty_id=seller, amount=share.amount)
    _split(share.organisation_id, [owed_by, earned], told=told, at=at)
    return _split(seller, [taken, owed_to], told=told, at=at)


def _income(share: RevenueShare, *, amount: int, site_id: int | None) -> Move:
    kind = EARNED[RevenueKind(share.line.revenue_kind)]
    return Move(kind=kind, amount=amount, line_id=share.line_id, site_id=site_id)


def _split(organisation_id: int, moves: list[Move], *, told: Told, at: datetime) -> bool:
    share_id = told.share.pk if told.share else 0
    return post(
        organisation_id=organisation_id,
        kind=PostingKind.SPLIT,
        key=f"share:{share_id}",
        moves=moves,
        at=at,
        told=told,
    )
