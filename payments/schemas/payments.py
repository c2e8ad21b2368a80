"""What a buyer sees of the money."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from payments.domain.attempt_status import OPEN
from payments.domain.codes import drawing, shown_code
from payments.domain.offers import Offer
from payments.domain.wording import in_words
from payments.models import (
    AttemptStatus,
    Payment,
    PaymentAttempt,
    Provider,
    Refund,
    RefundStatus,
)
from sites.schemas.money import Money, vnd
from ticketing.domain.spoken import dong
from ticketing.models import Order
from ticketing.schemas.tickets import OrderOut, order_out
from ticketing.schemas.times import LocalTime


class PaymentIn(Schema):
    provider: Literal["stripe", "vnpay", "vietqr"]


class BankOut(Schema):
    bin: str
    name: str


class ActionOut(Schema):
    """What the buyer does next: go to `url`, pay by the code of `payload`, or nothing.

    The facts of a code are given in words too: a phone cannot scan its own screen. The amount and
    the memo must be paid as they are.
    """

    kind: Literal["redirect", "qr", "none"]
    url: str | None = None
    payload: str | None = None
    qr_svg: str | None = None
    bank: BankOut | None = None
    account_number: str | None = None
    holder: str | None = None
    amount: Money | None = None
    memo: str | None = None
    expires_at: LocalTime | None = None


class OfferOut(Schema):
    """One way to pay; not usable means that the order is too small or too large for it."""

    provider: Provider
    kind: Literal["redirect", "qr"]
    usable: bool
    minimum: Money | None = None
    maximum: Money | None = None


class OffersOut(Schema):
    """The ways to pay an order, the most usual first."""

    items: list[OfferOut]
    count: int
    next: None = None


def offers_out(offers: Sequence[Offer]) -> OffersOut:
    items = [
        OfferOut(
            provider=offer.provider,
            kind="qr" if offer.provider == Provider.VIETQR else "redirect",
            usable=offer.limits is None,
            minimum=vnd(offer.limits.minimum) if offer.limits else None,
            maximum=vnd(offer.limits.maximum) if offer.limits else None,
        )
        for offer in offers
    ]
    return OffersOut(items=items, count=len(items))


class RefundOut(Schema):
    """Money that goes back, why, and where it is now; `message` says it in plain words."""

    id: int
    amount: Money
    reason: Refund.Reason
    status: RefundStatus
    requested_at: LocalTime
    # True when somebody must say to which bank account it should go.
    needs_account: bool
    message: str


class BankAccountIn(Schema):
    """Where a buyer wants their money when it cannot go back the way it came."""

    bank_bin: Annotated[str, Field(pattern=r"^\d{6}$")]
    account_number: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{4,19}$")]
    holder: Annotated[str, Field(min_length=2, max_length=100)]


class PaymentOut(Schema):
    """One try to pay. `id` is null when the order cost nothing."""

    id: int | None
    provider: str | None
    status: AttemptStatus
    amount: Money
    action: ActionOut
    # What came so far, and what is missing when it was too little.
    received: Money
    missing: Money
    message: str = ""
    refunds: list[RefundOut] = []


class OrderWithPaymentsOut(OrderOut):
    """An order with its tickets and every try to pay it, the latest last."""

    payments: list[PaymentOut]


NOTHING_TO_DO = ActionOut(kind="none")


def payment_out(
    attempt: PaymentAttempt, *, parts: int = 0, refunds: Sequence[RefundOut] = ()
) -> PaymentOut:
    """Show one try; `parts` is what came for it and waits for the rest."""
    paid = attempt.status == AttemptStatus.SUCCEEDED
    missing = attempt.amount - parts if parts else 0
    return PaymentOut(
        id=attempt.pk,
        provider=attempt.provider,
        status=AttemptStatus(attempt.status),
        amount=vnd(attempt.amount),
        action=action_out(attempt, parts=parts),
        received=vnd(attempt.amount if paid else parts),
        missing=vnd(missing),
        message=_please_pay_the_rest(parts, missing) if parts else "",
        refunds=list(refunds),
    )


def action_out(attempt: PaymentAttempt, *, parts: int) -> ActionOut:
    """Say where to pay what is missing; nothing once the try is over."""
    if attempt.status not in OPEN:
        return NOTHING_TO_DO
    if attempt.action_url:
        return ActionOut(kind="redirect", url=attempt.action_url, expires_at=attempt.expires_at)
    code = shown_code(attempt, received=parts)
    if code is None:
        return NOTHING_TO_DO
    return ActionOut(
        kind="qr",
        payload=code.payload,
        qr_svg=drawing(code.payload),
        bank=BankOut(bin=code.bank_bin, name=code.bank),
        account_number=code.account_number,
        holder=code.holder,
        amount=vnd(code.amount),
        memo=code.memo,
        expires_at=attempt.expires_at,
    )


def _please_pay_the_rest(parts: int, missing: int) -> str:
    return _("%(received)s ₫ has arrived. %(missing)s ₫ is still missing.") % {
        "received": dong(parts),
        "missing": dong(missing),
    }


def nothing_to_pay() -> PaymentOut:
    """What an order that cost nothing answers to somebody who wants to pay it."""
    return PaymentOut(
        id=None,
        provider=None,
        status=AttemptStatus.SUCCEEDED,
        amount=vnd(0),
        action=NOTHING_TO_DO,
        received=vnd(0),
        missing=vnd(0),
    )


def order_with_payments_out(order: Order, *, language: str) -> OrderWithPaymentsOut:
    """Three queries more than the order alone, however many payments there are."""
    shown = order_out(order, language=language)
    return OrderWithPaymentsOut(**dict(shown), payments=payments_out(order))


def payments_out(order: Order) -> list[PaymentOut]:
    refunds = _refunds_of(order)
    parts: dict[int, int] = {}
    waiting = Payment.objects.filter(order=order, use=Payment.Use.PART)
    for attempt_id, amount in waiting.values_list("attempt_id", "amount"):
        parts[attempt_id] = parts.get(attempt_id, 0) + amount
    return [
        payment_out(attempt, parts=parts.get(attempt.pk, 0), refunds=refunds.get(attempt.pk, ()))
        for attempt in order.attempts.select_related("account").order_by("pk")
    ]


def _refunds_of(order: Order) -> Mapping[int, Sequence[RefundOut]]:
    refunds: dict[int, list[RefundOut]] = {}
    rows = Refund.objects.filter(payment__order=order).select_related("payment").order_by("pk")
    for row in rows:
        refunds.setdefault(row.payment.attempt_id, []).append(refund_out(row))
    return refunds


def refund_out(refund: Refund) -> RefundOut:
    waits = refund.status == RefundStatus.NEEDS_TRANSFER
    return RefundOut(
        id=refund.pk,
        amount=vnd(refund.amount),
        reason=Refund.Reason(refund.reason),
        status=RefundStatus(refund.status),
        requested_at=refund.requested_at,
        needs_account=waits and not refund.sealed_account,
        message=" ".join(in_words(refund)),
    )
