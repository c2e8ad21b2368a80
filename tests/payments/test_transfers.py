"""An accountant finds a transfer on the account: it pays once, and who said so is kept."""

from datetime import timedelta

import pytest

from payments.domain.taking import Taken
from payments.domain.transfers import Confirmed, WhyUnconfirmed, confirm_transfer
from payments.models import Payment, Refund, TransferConfirmation
from sites.models import User
from tests.at_once import at_once
from tests.factories import OPENING, make_order
from ticketing.models import Order, OrderStatus, Ticket

pytestmark = pytest.mark.django_db


def accountant() -> User:
    return User.objects.get_or_create(username="accountant", is_staff=True)[0]


def confirm(
    order: Order, *, amount: int | None = None, reference: str = "FT26326001"
) -> Confirmed | WhyUnconfirmed:
    return confirm_transfer(
        order=order,
        amount=order.total if amount is None else amount,
        reference=reference,
        by=accountant(),
        at=OPENING,
    )


def test_the_transfer_pays_the_order_and_gives_its_tickets() -> None:
    order = make_order(quantity=25, one_code=True, at=OPENING)

    done = confirm(order)

    assert isinstance(done, Confirmed)
    assert done.taken == Taken.SETTLED
    order.refresh_from_db()
    assert order.status == OrderStatus.PAID
    assert Ticket.objects.get().party_size == 25
    kept = TransferConfirmation.objects.get()
    assert (kept.confirmed_by, kept.confirmed_at) == (accountant(), OPENING)
    assert (kept.payment.provider, kept.payment.provider_reference) == ("transfer", "FT26326001")


def test_one_reference_of_the_bank_counts_once() -> None:
    first, second = make_order(at=OPENING), make_order(at=OPENING)
    confirm(first)

    assert confirm(second) == WhyUnconfirmed.REFERENCE_USED
    assert Payment.objects.count() == 1


def test_too_little_waits_for_the_rest() -> None:
    order = make_order(quantity=2, at=OPENING)

    part = confirm(order, amount=order.total - 1, reference="FT1")
    rest = confirm(order, amount=1, reference="FT2")

    assert isinstance(part, Confirmed)
    assert isinstance(rest, Confirmed)
    assert (part.taken, rest.taken) == (Taken.PART, Taken.SETTLED)


def test_a_second_transfer_for_a_paid_order_goes_back() -> None:
    order = make_order(at=OPENING)
    confirm(order, reference="FT1")

    again = confirm(order, reference="FT2")

    assert isinstance(again, Confirmed)
    assert again.taken == Taken.GOES_BACK
    assert Refund.objects.get().payment == again.payment


def test_money_that_came_after_the_order_lapsed_still_gives_tickets() -> None:
    order = make_order(at=OPENING - timedelta(hours=1))
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.LAPSED)

    done = confirm(order)

    assert isinstance(done, Confirmed)
    assert done.taken == Taken.SETTLED


@pytest.mark.django_db(transaction=True)
def test_two_accountants_who_confirm_one_transfer_for_any_order_at_once_book_it_once() -> None:
    accountant()
    one, other = make_order(at=OPENING), make_order(at=OPENING)

    answers = at_once(confirm, [one, other, one, other])

    assert sum(isinstance(answer, Confirmed) for answer in answers) == 1
    assert answers.count(WhyUnconfirmed.REFERENCE_USED) == 3
    assert Payment.objects.count() == 1
