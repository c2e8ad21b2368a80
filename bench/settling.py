"""Settling: VNPAY's confirmation comes in, and its answer means that the tickets can be seen."""

import uuid
from collections.abc import Iterator
from itertools import count

from django.utils import timezone

from bench.figures import Figure, Target
from bench.load import Request
from bench.orders import EMAIL, PRODUCT, tomorrow
from bench.run import Run
from payments.domain.checkout import PaymentStarted, start_payment
from payments.gateways.credentials import sealed
from payments.gateways.vnpay.signing import address_data, signature
from payments.models import MerchantAccount, MerchantSecret, PaymentAttempt, SecretKind
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.models import Product, Ticket

BUYERS = 50
# More than two cores settle in a run; each is prepared by itself.
ENOUGH = 4_000
TICKETS_EACH = 2
TARGET = Target(p99_ms=1_000)
SECRET = "SECRETOFTHISBENCHALONE"  # noqa: S105  # made up, of a database that is thrown away
_numbers = count(15_000_000)


def settle(run: Run) -> Iterator[Figure]:
    """Measure confirmations of fifty buyers at once.

    The confirmation is answered when payment, books and tickets are committed: from then on every
    look at the order shows the tickets.
    """
    account = _account()
    measured = run.ask_once(
        [_confirmation(_attempt(account), account) for _ in range(ENOUGH)],
        name="settle",
        connections=BUYERS,
        written=lambda: Ticket.objects.count() // TICKETS_EACH,
    )
    yield Figure(name="settle", connections=BUYERS, measured=measured, target=TARGET)


def _account() -> MerchantAccount:
    organisation = Product.objects.get(slug=PRODUCT).organisation
    account, new = MerchantAccount.objects.get_or_create(
        organisation=organisation, provider="vnpay", number="BENCH001"
    )
    if new:
        MerchantSecret.objects.create(
            account=account,
            kind=SecretKind.VNPAY_HASH,
            sealed=sealed(SECRET),
            entered_at=timezone.now(),
        )
    return account


def _attempt(account: MerchantAccount) -> PaymentAttempt:
    """An order of two people whose buyer is at VNPAY's page."""
    line = LineWanted(
        product_id=Product.objects.get(slug=PRODUCT).pk,
        category="adult",
        quantity=TICKETS_EACH,
        visit_date=tomorrow(),
    )
    at = timezone.now()
    wish = Wish(lines=[line], language="vi", email=EMAIL)
    placed = place_order(idempotency_key=str(uuid.uuid4()), wish=wish, at=at)
    if not isinstance(placed, OrderPlaced):
        raise TypeError(placed)
    started = start_payment(order=placed.order, provider=account.provider, at=at)
    if not isinstance(started, PaymentStarted):
        raise TypeError(started)
    return started.attempt


def _confirmation(attempt: PaymentAttempt, account: MerchantAccount) -> Request:
    """VNPAY's own request, signed with the secret of the account."""
    params = {
        "vnp_Amount": str(attempt.amount * 100),
        "vnp_BankCode": "NCB",
        "vnp_OrderInfo": f"Ve tham quan {attempt.order.code}",
        "vnp_ResponseCode": "00",
        "vnp_TmnCode": account.number,
        "vnp_TransactionNo": str(next(_numbers)),
        "vnp_TransactionStatus": "00",
        "vnp_TxnRef": attempt.provider_reference,
    }
    data = address_data(params)
    signed = signature(data, secret=SECRET)
    return Request(f"/api/v1/payments/webhooks/vnpay?{data}&vnp_SecureHash={signed}")
