"""Money that goes back, in the books: owed first, then gone; owed again if a bank returns it."""

from datetime import datetime

from payments.domain.ledger.book import Move, Told, post
from payments.domain.ledger.sales import clearing
from payments.models import AccountKind, Payment, PostingKind, Refund


def owed(amount: int) -> Move:
    """What the buyer is to get: more of it below zero, less above."""
    return Move(kind=AccountKind.REFUNDS_PAYABLE, amount=amount)


def post_due(*, refund: Refund, use: Payment.Use, at: datetime) -> None:
    """Money that waited (`use` says for what) is owed to the buyer from now on."""
    payment = refund.payment
    source = (
        Move(kind=AccountKind.PART_PAID, provider=payment.provider, amount=refund.amount)
        if use == Payment.Use.PART
        else Move(kind=AccountKind.UNMATCHED, amount=refund.amount)
    )
    post(
        organisation_id=payment.organisation_id or 0,
        kind=PostingKind.REFUND_DUE,
        key=f"refund:{refund.pk}:due",
        moves=[source, owed(-refund.amount)],
        at=at,
        told=Told(order=payment.order, payment=payment, refund=refund),
    )


def post_paid(*, refund: Refund, at: datetime) -> None:
    """The money has left: from the provider, or from the bank where a person transferred it."""
    payment = refund.payment
    gone = (
        Move(kind=AccountKind.BANK, amount=-refund.amount)
        if refund.transfer_reference
        else clearing(payment, -refund.amount)
    )
    post(
        organisation_id=payment.organisation_id or 0,
        kind=PostingKind.REFUND_PAID,
        key=f"refund:{refund.pk}:paid:{refund.returns}",
        moves=[owed(refund.amount), gone],
        at=at,
        told=Told(order=payment.order, payment=payment, refund=refund),
    )


def post_returned(*, refund: Refund, at: datetime) -> None:
    """A bank has sent it back: the provider has it again, and the buyer is owed it again."""
    payment = refund.payment
    came = (
        Move(kind=AccountKind.BANK, amount=refund.amount)
        if refund.transfer_reference
        else clearing(payment, refund.amount)
    )
    post(
        organisation_id=payment.organisation_id or 0,
        kind=PostingKind.REFUND_RETURNED,
        key=f"refund:{refund.pk}:returned:{refund.returns}",
        moves=[came, owed(-refund.amount)],
        at=at,
        told=Told(order=payment.order, payment=payment, refund=refund),
    )
