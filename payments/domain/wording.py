"""What happened to money, in plain words and the reader's language."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from payments.models import Refund, RefundStatus
from ticketing.domain.spoken import dong

# Called when somebody reads: a sentence exists only in the reader's language.
WHY: Mapping[str, Callable[[], str]] = {
    Refund.Reason.PAID_TWICE: lambda: _("This order was paid already, so this payment goes back."),
    Refund.Reason.PAID_TOO_LATE: lambda: _(
        "Your payment arrived after the day of the visit, so no ticket could be given for it."
    ),
    Refund.Reason.PAID_TOO_MUCH: lambda: _("You paid more than the order costs."),
    Refund.Reason.PAID_TOO_LITTLE: lambda: _(
        "You paid less than the order costs, and the time to pay the rest is over."
    ),
    Refund.Reason.SOLD_OUT: lambda: _(
        "Your payment arrived after the time to pay, and the places were sold meanwhile."
    ),
    Refund.Reason.ORDER_CANCELLED: lambda: _("The order was cancelled before your payment came."),
    Refund.Reason.TICKETS_CANCELLED: lambda: _("Tickets of this order were cancelled."),
    Refund.Reason.IN_DOUBT: lambda: _("Your payment did not fit the order."),
}

WHERE: Mapping[str, Callable[[], str]] = {
    RefundStatus.NEEDS_APPROVAL: lambda: _(
        "We are getting %(amount)s ₫ ready for you. Large amounts are checked by two people first."
    ),
    RefundStatus.REQUESTED: lambda: _(
        "%(amount)s ₫ will go back to you automatically. You need not do anything."
    ),
    RefundStatus.SENT: lambda: _(
        "%(amount)s ₫ is on its way back to you. Your bank may need a few days."
    ),
    RefundStatus.SUCCEEDED: lambda: _("%(amount)s ₫ was given back to you."),
    RefundStatus.NEEDS_TRANSFER: lambda: _(
        "%(amount)s ₫ could not go back the way it came. Please open your order and say to which "
        "bank account we should send it."
    ),
}


def in_words(refund: Refund) -> list[str]:
    """Why the money goes back, and where it is now."""
    where = WHERE[refund.status]
    if refund.status == RefundStatus.NEEDS_TRANSFER and refund.sealed_account:
        where = _account_is_known
    return [WHY[refund.reason](), where() % {"amount": dong(refund.amount)}]


def _account_is_known() -> str:
    return _("We have your bank account and will send %(amount)s ₫ there.")
