"""Settling: VNPAY's confirmation comes in, and its answer means that the tickets can be seen."""

import uuid
from collections.abc import Iterator

from django.db import connection
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
# More than two cores settle in a run of eight seconds.
ENOUGH_EACH_SECOND = 400
TICKETS_EACH = 2
TARGET = Target(p99_ms=1_000)
SECRET = "SECRETOFTHISBENCHALONE"  # noqa: S105  # made up, of a database that is thrown away
FIRST_MONEY = 15_000_000
# One buyer goes through every door; the others are copies of their rows, each with numbers of
# its own. Doing it four thousand times over would take minutes, and measure nothing.
COPY = """
WITH model AS (
    SELECT the_order, the_line, attempt
    FROM payments_paymentattempt attempt
    JOIN ticketing_order the_order ON the_order.id = attempt.order_id
    JOIN ticketing_orderline the_line ON the_line.order_id = the_order.id
    WHERE attempt.id = %(attempt)s
), numbered AS (
    SELECT lpad(nth::text, 8, '0') AS name,
           nextval(pg_get_serial_sequence('ticketing_order', 'id')) AS order_id,
           model.*
    FROM model, generate_series(1, %(count)s) nth
), orders AS (
    INSERT INTO ticketing_order
    SELECT copy.* FROM numbered, jsonb_populate_record(the_order, jsonb_build_object(
        'id', order_id, 'code', name, 'idempotency_key', gen_random_uuid())) copy
), lines AS (
    INSERT INTO ticketing_orderline
    SELECT copy.* FROM numbered, jsonb_populate_record(the_line, jsonb_build_object(
        'id', nextval(pg_get_serial_sequence('ticketing_orderline', 'id')),
        'order_id', order_id)) copy
)
INSERT INTO payments_paymentattempt
SELECT copy.* FROM numbered, jsonb_populate_record(attempt, jsonb_build_object(
    'id', nextval(pg_get_serial_sequence('payments_paymentattempt', 'id')),
    'order_id', order_id, 'reference', name,
    'provider_reference', name || substr((attempt).provider_reference, 9))) copy
RETURNING provider_reference
"""


def settle(run: Run) -> Iterator[Figure]:
    """Measure confirmations of fifty buyers at once.

    The confirmation is answered when payment, books and tickets are committed: from then on every
    look at the order shows the tickets.
    """
    account = _account()
    references = prepare(_attempt(account), count=ENOUGH_EACH_SECOND * (run.seconds + 2))
    measured = run.ask_once(
        [
            _confirmation(reference, account=account, money=FIRST_MONEY + number)
            for number, reference in enumerate(references)
        ],
        name="settle",
        connections=BUYERS,
        written=lambda: Ticket.objects.count() // TICKETS_EACH,
    )
    yield Figure(name="settle", connections=BUYERS, measured=measured, target=TARGET)


def prepare(model: PaymentAttempt, *, count: int) -> list[tuple[str, int]]:
    """Copy one buyer's order and attempt; the references and amounts that VNPAY is asked with."""
    with connection.cursor() as cursor:
        cursor.execute(COPY, {"attempt": model.pk, "count": count})
        references = [(reference, model.amount) for (reference,) in cursor.fetchall()]
        # A table that grew from nothing is planned as what it is now, as one in use would be.
        cursor.execute("ANALYZE")
    return references


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


def _confirmation(asked: tuple[str, int], *, account: MerchantAccount, money: int) -> Request:
    """VNPAY's own request, signed with the secret of the account."""
    reference, amount = asked
    params = {
        "vnp_Amount": str(amount * 100),
        "vnp_BankCode": "NCB",
        "vnp_OrderInfo": f"Ve tham quan {reference[:8]}",
        "vnp_ResponseCode": "00",
        "vnp_TmnCode": account.number,
        "vnp_TransactionNo": str(money),
        "vnp_TransactionStatus": "00",
        "vnp_TxnRef": reference,
    }
    data = address_data(params)
    signed = signature(data, secret=SECRET)
    return Request(f"/api/v1/payments/webhooks/vnpay?{data}&vnp_SecureHash={signed}")
