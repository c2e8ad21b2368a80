"""Paying an order, and reading it with its payments."""

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from payments.domain.checkout import (
    AlreadyPaid,
    NotOffered,
    OrderNotPayable,
    PaymentStarted,
    ProviderUnavailable,
    start_payment,
)
from payments.domain.merchants import SeveralOrganisations
from payments.gateways.protocol import AmountNotSupported
from payments.schemas.payments import (
    OrderWithPaymentsOut,
    PaymentIn,
    PaymentOut,
    nothing_to_pay,
    order_with_payments_out,
    payment_out,
)
from payments.schemas.refusals import (
    amount_not_supported,
    not_offered,
    not_payable,
    provider_unavailable,
    several_organisations,
)
from sites.schemas.caller import language_of
from sites.schemas.problems import Problem
from ticketing.schemas.secrets import OrderCode, OrderSecret, order_for

router = Router(tags=["orders"])


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
    started = start_payment(order=order, provider=payment_in.provider, at=timezone.now())
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
