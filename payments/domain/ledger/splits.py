"""Shares of a sale move in the books from the line to the places and bodies that earned them."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count, F, Q

from payments.domain.ledger.book import Move, Told, post
from payments.domain.ledger.sales import EARNED, place_of_products
from payments.models import AccountKind, Payment, PostingKind
from ticketing.models import RevenueKind, RevenueShare

AT_MOST = 1000


def post_shares(*, at: datetime) -> int:
    """Post the shares that are not posted yet; return how many were."""
    waiting = (
        RevenueShare.objects.filter(
            postings__isnull=True,
            line__order__payments__settles_order=True,
        )
        .annotate(places=Count("line__product__entitlements", distinct=True))
        # What stands at its one place from the start has nowhere to go.
        .exclude(Q(places=1, site__isnull=False) & Q(organisation=F("line__product__organisation")))
        .exclude(amount=0)
        .exclude(site__isnull=True, organisation=F("line__product__organisation"))
        .select_related("line__product", "line__order")
        .order_by("pk")[:AT_MOST]
    )
    shares = list(waiting)
    places = place_of_products({share.line.product_id for share in shares})
    return sum(_post(share, places=places, at=at) for share in shares)


def _post(share: RevenueShare, *, places: Mapping[int, int], at: datetime) -> bool:
    payment = Payment.objects.get(order=share.line.order_id, settles_order=True)
    seller = share.line.product.organisation_id
    income = EARNED[RevenueKind(share.line.revenue_kind)]
    taken = Move(
        kind=income,
        amount=share.amount,
        line_id=share.line_id,
        site_id=places.get(share.line.product_id),
    )
    earned = Move(kind=income, amount=-share.amount, line_id=share.line_id, site_id=share.site_id)
    told = Told(order=share.line.order, payment=payment, share=share)
    key = f"share:{share.pk}"
    if share.organisation_id == seller:
        return post(
            organisation_id=seller,
            kind=PostingKind.SPLIT,
            key=key,
            moves=[taken, earned],
            at=at,
            told=told,
        )
    owed_to = Move(
        kind=AccountKind.OWED_TO, counterparty_id=share.organisation_id, amount=-share.amount
    )
    owed_by = Move(kind=AccountKind.OWED_BY, counterparty_id=seller, amount=share.amount)
    post(
        organisation_id=share.organisation_id,
        kind=PostingKind.SPLIT,
        key=key,
        moves=[owed_by, earned],
        at=at,
        told=told,
    )
    return post(
        organisation_id=seller,
        kind=PostingKind.SPLIT,
        key=key,
        moves=[taken, owed_to],
        at=at,
        told=told,
    )
