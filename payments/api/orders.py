"""Paying an order, and reading it with its payments."""

from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Status

from payments.domain.checkout import (
    AlreadyPaid,
    NotOffered,
    OrderNotPayable,
    PaymentStarted,
    ProviderUnavailable,
    start_payment,
)
from payments.domain.merchants import SeveralOrganisations
from payments.domain.offers import offers_for
from payments.domain.transferring import BankAccount, name_account
from payments.gateways.protocol import AmountNotSupported
from payments.models import Refund
from payments.schemas.payments import (
    BankAccountIn,
    OffersOut,
    OrderWithPaymentsOut,
    PaymentIn,
    PaymentOut,
    RefundOut,
    nothing_to_pay,
    offers_out,
    order_with_payments_out,
    payment_out,
    refund_out,
)
from payments.schemas.refusals import (
    account_not_needed,
    amount_not_supported,
    not_offered,
    not_payable,
    provider_unavailable,
    refund_not_found,
    several_organisations,
)
from sites.schemas.caller import address_of, language_of
from sites.schemas.problems import Problem
from ticketing.schemas.secrets import OrderCode, OrderSecret, order_for

router = Router(tags=["orders"])
OrderNamed = Annotated[str, Query(pattern=r"^[0-9A-Za-z]{1,16}$")]


@router.get(
    "/orders/{code}",
    response={200: OrderWithPaymentsOut, 404: Problem, 422: Problem, 429: Problem},
)
def read_order(
    request: HttpRequest, code: OrderCode, order_secret: OrderSecret
) -> OrderWithPaymentsOut:
    """Read an order: its lines, its payments, and its tickets as soon as it is paid."""
    order = order_for(request, code=code, secret=order_secret)
    return order_with_payments_out(order, language=language_of(request))


@router.get(
    "/payments/providers",
    response={200: OffersOut, 404: Problem, 409: Problem, 422: Problem, 429: Problem},
)
def list_providers(request: HttpRequest, order: OrderNamed, order_secret: OrderSecret) -> OffersOut:
    """List the ways to pay an order: `qr` is a bank app's code, `redirect` a page to go to."""
    offers = offers_for(order=order_for(request, code=order, secret=order_secret))
    if isinstance(offers, SeveralOrganisations):
        raise several_organisations()
    return offers_out(offers)


@router.post(
    "/orders/{code}/payments",
    response={
        201: PaymentOut,
        404: Problem,
        409: Problem,
        422: Problem,
        429: Problem,
        503: Problem,
    },
)
def pay_order(
    request: HttpRequest, code: OrderCode, order_secret: OrderSecret, payment_in: PaymentIn
) -> Status[PaymentOut]:
    """Open a page to pay on; asked again, it is the same page. `none` when all is paid."""
    order = order_for(request, code=code, secret=order_secret)
    started = start_payment(
        order=order,
        provider=payment_in.provider,
        buyer_address=address_of(request),
        at=timezone.now(),
    )
    match started:
        case PaymentStarted(attempt):
            return Status(201, payment_out(attempt))
        case AlreadyPaid(attempt):
            return Status(201, payment_out(attempt) if attempt else nothing_to_pay())
        case OrderNotPayable(status):
            raise not_payable(status)
        case AmountNotSupported():
            raise amount_not_supported(started)
        case NotOffered():
            raise not_offered()
        case SeveralOrganisations():
            raise several_organisations()
        case ProviderUnavailable():
            raise provider_unavailable()


RefundId = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.post(
    "/orders/{code}/refunds/{refund_id}/account",
    response={200: RefundOut, 404: Problem, 409: Problem, 422: Problem, 429: Problem},
)
def name_bank_account(
    request: HttpRequest,
    code: OrderCode,
    refund_id: RefundId,
    order_secret: OrderSecret,
    account_in: BankAccountIn,
) -> RefundOut:
    """Say to which bank account a refund should go that cannot go back the way it came.

    The account is sealed, shown to nobody but who makes the transfer, and erased after it.
    """
    order = order_for(request, code=code, secret=order_secret)
    refund = Refund.objects.filter(pk=refund_id, payment__order=order).first()
    if refund is None:
        raise refund_not_found()
    account = BankAccount(
        bank_bin=account_in.bank_bin,
        number=account_in.account_number,
        holder=account_in.holder,
    )
    if not name_account(refund=refund, account=account):
        raise account_not_needed()
    refund.refresh_from_db()
    return refund_out(refund)
