"""The books: balanced, permanent, told once, and never without a settlement."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from payments.domain.ledger.book import Move, balance, post
from payments.domain.refunding import follow_message, send_refunds
from payments.domain.requesting import request_refund
from payments.domain.settlement import Outcome
from payments.models import Account, AccountKind, Entry, Payment, Posting, PostingKind, Refund
from tests.at_once import at_once
from tests.conftest import BOOKS
from tests.factories import make_order, make_organisation, make_product, make_tariff
from tests.payments.books import balances, postings
from tests.payments.buying import paid_at_stripe, settled
from tests.payments.money import cancel, make_attempt, paid_in_full
from tests.payments.stripe_desk import Desk
from ticketing.domain.order_status import move
from ticketing.models import Order, OrderStatus, Product, RevenueKind

pytestmark = pytest.mark.django_db
race = pytest.mark.django_db(transaction=True)


def sample(*, key: str = "payment:1", left: int = 100, right: int = -100) -> bool:
    return post(
        organisation_id=make_organisation().pk,
        kind=PostingKind.PAYMENT,
        key=key,
        moves=[
            Move(kind=AccountKind.CLEARING, provider="stripe", amount=left),
            Move(kind=AccountKind.STATE_FEE, amount=right),
        ],
        at=timezone.now(),
    )


def test_the_same_thing_is_told_once() -> None:
    assert [sample(), sample()] == [True, False]

    assert balances() == {"clearing stripe": 100, "state_fee": -100}


@race
def test_eight_who_tell_the_same_in_one_instant_tell_it_once() -> None:
    make_organisation()

    told = at_once(lambda _: sample(), range(8))

    assert sorted(told) == [False] * 7 + [True]
    assert balances() == {"clearing stripe": 100, "state_fee": -100}


@race
def test_eight_who_open_the_same_account_in_one_instant_open_one() -> None:
    make_organisation()

    at_once(lambda number: sample(key=f"payment:{number}"), range(8))

    assert Account.objects.count() == 2
    assert balances() == {"clearing stripe": 800, "state_fee": -800}


def test_what_does_not_balance_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="payment:1 does not balance"):
        sample(right=-99)


def test_the_database_refuses_what_does_not_balance() -> None:
    sample()
    account = Account.objects.get(kind="state_fee")

    with pytest.raises(IntegrityError, match="sum to -1"):
        add_entries(account, -1)


def test_the_database_refuses_a_posting_without_entries() -> None:
    with pytest.raises(IntegrityError, match="0 entries"):
        add_empty_posting()


def test_the_database_refuses_an_account_of_somebody_else() -> None:
    stranger = Account.objects.create(
        organisation=make_organisation(slug="other"), kind=AccountKind.BANK
    )
    sample()

    with pytest.raises(IntegrityError, match="sum to 0"):
        add_entries(stranger, 5, -5)


def test_nothing_is_added_to_what_was_told_before() -> None:
    sample()
    fees = Account.objects.get(kind="state_fee")

    with pytest.raises(IntegrityError, match="4 entries that sum to 0"):
        add_entries(fees, 7, -7)


@pytest.mark.parametrize("table", BOOKS)
def test_the_books_are_never_emptied(table: str) -> None:
    sample()
    check_now()

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE payments_{table} ENABLE TRIGGER {table}_is_never_emptied")
        with pytest.raises(IntegrityError, match="never edited"):
            cursor.execute(f"TRUNCATE payments_{table} CASCADE")


@pytest.mark.parametrize(
    ("model", "changed"),
    [(Posting, {"note": "x"}), (Entry, {"amount": 1}), (Account, {"kind": AccountKind.BANK})],
)
def test_the_books_are_never_edited(
    model: type[Posting] | type[Entry] | type[Account], changed: dict[str, Any]
) -> None:
    sample()

    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        model.objects.update(**changed)
    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        model.objects.all()._raw_delete("default")  # noqa: SLF001  # past Django's own PROTECT


@transaction.atomic
def add_entries(account: Account, *amounts: int) -> None:
    """Add to a posting that is there already, past our own door."""
    for amount in amounts:
        Entry.objects.create(posting=Posting.objects.get(), account=account, amount=amount)
    check_now()


@transaction.atomic
def add_empty_posting() -> None:
    Posting.objects.create(
        organisation=make_organisation(),
        kind=PostingKind.PAYMENT,
        source_key="x",
        posted_at=timezone.now(),
    )
    check_now()


def check_now() -> None:
    """Have the database check what it leaves to the end of the transaction."""
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_fees_and_services_stand_apart_line_by_line(desk: Desk) -> None:
    product = make_product(price=None)
    make_tariff(product=product, amount=70_000)
    product.tariffs.update(revenue_kind=RevenueKind.SERVICE)
    order = make_order(product=product, quantity=3)

    settled(paid_at_stripe(desk, order=order))

    assert balances() == {"clearing stripe": 210_000, "service": -210_000}
    entry = Entry.objects.get(account__kind="service")
    assert entry.line == order.lines.get()
    assert entry.site == product.entitlements.get().site


def test_a_payment_is_one_posting_however_often_it_is_settled(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)

    for _ in range(3):
        settled(attempt)

    payment = Payment.objects.get()
    assert postings() == [("payment", f"payment:{payment.pk}")]
    assert balances() == {"clearing stripe": 400_000, "state_fee": -400_000}
    assert balance(organisation_id=payment.organisation_id or 0, kind=AccountKind.STATE_FEE) == -(
        400_000
    )


def test_what_another_organisation_sold_stands_in_both_books(desk: Desk) -> None:
    order = make_order(quantity=1)
    theirs = make_product(price=50_000)
    make_order(product=theirs, quantity=1).lines.update(order=order)
    Order.objects.filter(pk=order.pk).update(total=250_000)
    order.refresh_from_db()
    attempt = paid_at_stripe(desk, order=order)
    # No new cart has two sellers; a product may have changed hands since this one was begun.
    Product.objects.filter(pk=theirs.pk).update(organisation=make_organisation(slug="museum"))

    settled(attempt)

    assert balances() == {
        "clearing stripe": 250_000,
        "owed_by": 50_000,
        "owed_to": -50_000,
        "state_fee": -250_000,
    }


def test_money_for_nothing_is_owed_and_then_gone(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    move(attempt.order, to=OrderStatus.CANCELLED)
    assert settled(attempt).outcome == Outcome.GOES_BACK
    assert balances() == {"clearing stripe": 400_000, "refunds_payable": -400_000}

    send_refunds(at=timezone.now())

    assert balances() == {}
    assert [kind for kind, _key in postings()] == ["refund_due", "refund_paid"]


def test_money_that_a_bank_sends_back_is_owed_again(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    move(attempt.order, to=OrderStatus.CANCELLED)
    settled(attempt)
    send_refunds(at=timezone.now())
    reference = Refund.objects.get().provider_reference
    desk.pull(f"refunds/{reference}/failed")

    for _ in range(2):
        follow_message(provider="stripe", reference=reference, at=timezone.now())

    assert balances() == {"clearing stripe": 400_000, "refunds_payable": -400_000}
    assert Refund.objects.get().status == "needs_transfer"


def test_refunds_are_never_more_than_their_payment() -> None:
    payment = paid_in_full(make_attempt())

    def refund(amount: int) -> None:
        with transaction.atomic():
            request_refund(
                payment,
                reason=Refund.Reason.TICKETS_CANCELLED,
                cancellation=cancel(payment.order),
                amount=amount,
                at=timezone.now(),
            )

    refund(300_000)
    with pytest.raises(IntegrityError, match="more than 400000"):
        refund(100_001)
    refund(100_000)
