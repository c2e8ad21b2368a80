"""Money that arrives, in the books: each line of a sale stands there by itself."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Min

from payments.domain.ledger.book import Move, Told, post
from payments.models import AccountKind, Payment, PostingKind
from ticketing.models import Entitlement, Order, OrderLine, RevenueKind

EARNED = {
    RevenueKind.STATE_FEE: AccountKind.STATE_FEE,
    RevenueKind.SERVICE: AccountKind.SERVICE,
}


def clearing(payment: Payment, amount: int) -> Move:
    """The money at the provider: more of it above zero, less below."""
    return Move(kind=AccountKind.CLEARING, provider=payment.provider, amount=amount)


def post_sale(
    *,
    payment: Payment,
    order: Order,
    lines: Sequence[OrderLine],
    parts: Sequence[Payment],
    kept: int,
    at: datetime,
    cleared: bool = False,
) -> None:
    """The payment that completes an order: its lines are earned, a surplus is owed back.

    `lines` are all of the order, with their products. `kept` is the part of the surplus that the
    rules of the organisation let it keep; money that was `cleared` of a doubt stands in the books
    already, as nobody's.
    """
    organisation_id = payment.organisation_id or 0
    held = sum(part.amount for part in parts)
    surplus = payment.amount + held - order.total - kept
    nobodys = Move(kind=AccountKind.UNMATCHED, amount=payment.amount)
    moves = [
        nobodys if cleared else clearing(payment, payment.amount),
        *(
            Move(kind=AccountKind.PART_PAID, provider=part.provider, amount=part.amount)
            for part in parts
        ),
        *earned(lines, organisation_id=organisation_id, sign=-1),
        Move(kind=AccountKind.SURPLUS, amount=-kept),
        Move(kind=AccountKind.REFUNDS_PAYABLE, amount=-surplus),
    ]
    told = Told(order=order, payment=payment)
    post(
        organisation_id=organisation_id,
        kind=PostingKind.PAYMENT,
        key=f"payment:{payment.pk}:cleared" if cleared else f"payment:{payment.pk}",
        moves=moves,
        at=at,
        told=told,
    )
    post_for_others(lines, payment=payment, order=order, at=at)


def earned(lines: Sequence[OrderLine], *, organisation_id: int, sign: int) -> list[Move]:
    """What the lines bring in: fees and services apart, what others sold as owed to them."""
    places = place_of_products({line.product_id for line in lines})
    return [
        Move(
            kind=EARNED[RevenueKind(line.revenue_kind)],
            amount=sign * line.amount,
            line_id=line.pk,
            site_id=places.get(line.product_id),
        )
        if line.product.organisation_id == organisation_id
        else Move(
            kind=AccountKind.OWED_TO,
            counterparty_id=line.product.organisation_id,
            amount=sign * line.amount,
            line_id=line.pk,
        )
        for line in lines
    ]


def post_for_others(
    lines: Sequence[OrderLine], *, payment: Payment, order: Order, at: datetime
) -> None:
    """What another organisation sold in the same order stands in its own books too."""
    collector = payment.organisation_id or 0
    others = {line.product.organisation_id for line in lines} - {collector}
    for other in sorted(others):
        theirs = [line for line in lines if line.product.organisation_id == other]
        moves = earned(theirs, organisation_id=other, sign=-1)
        owed = Move(
            kind=AccountKind.OWED_BY,
            counterparty_id=collector,
            amount=sum(line.amount for line in theirs),
        )
        post(
            organisation_id=other,
            kind=PostingKind.PAYMENT,
            key=f"payment:{payment.pk}",
            moves=[owed, *moves],
            at=at,
            told=Told(order=order, payment=payment),
        )


def place_of_products(product_ids: set[int]) -> dict[int, int]:
    """The place of each product that opens one; what opens several is split by its shares."""
    rows = (
        Entitlement.objects.filter(product_id__in=product_ids)
        .values("product_id")
        .annotate(places=Count("site_id"), place=Min("site_id"))
    )
    return {row["product_id"]: row["place"] for row in rows if row["places"] == 1}


WAITS_ON = {
    Payment.Use.PART: (PostingKind.PART_PAYMENT, AccountKind.PART_PAID),
    Payment.Use.GOES_BACK: (PostingKind.REFUND_DUE, AccountKind.REFUNDS_PAYABLE),
    Payment.Use.IN_DOUBT: (PostingKind.UNMATCHED, AccountKind.UNMATCHED),
}


def post_money_that_waits(*, payment: Payment, order: Order | None, at: datetime) -> None:
    """Money that is not earned: it waits for the rest, for a person, or for its way back."""
    kind, account = WAITS_ON[Payment.Use(payment.use)]
    provider = payment.provider if account == AccountKind.PART_PAID else ""
    post(
        organisation_id=payment.organisation_id or 0,
        kind=kind,
        key=f"payment:{payment.pk}",
        moves=[
            clearing(payment, payment.amount),
            Move(kind=account, provider=provider, amount=-payment.amount),
        ],
        at=at,
        told=Told(order=order, payment=payment),
    )
