"""What VNPAY's confirmation costs the database, from the request to the tickets."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from payments.models import SecretKind
from tests.factories import make_order
from tests.payments.accounts import make_account
from tests.payments.buying import start, tickets_of
from tests.payments.vnpay_desk import SECRET, TERMINAL, VnpayDesk
from ticketing.models import Order

IPN = "/api/v1/payments/webhooks/vnpay"
# Four of them open and close the transaction of the money, and its savepoint.
QUERIES = 29

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sold_before(vnpay_desk: VnpayDesk) -> None:
    """The first sale of an organisation opens its accounts in the books."""
    make_account(provider="vnpay", number=TERMINAL, secrets={SecretKind.VNPAY_HASH: SECRET})
    order, query = paid_at_vnpay(vnpay_desk, people=1)
    confirm(query)
    assert tickets_of(order) == 1


def paid_at_vnpay(desk: VnpayDesk, *, people: int) -> tuple[Order, str]:
    attempt = start(make_order(quantity=people), provider="vnpay")
    assert desk.choose(attempt.action_url, "00").status == 303
    return attempt.order, desk.confirmation(attempt.provider_reference)


def confirm(query: str) -> None:
    assert Client().get(f"{IPN}?{query}").json()["RspCode"] == "00"


@pytest.mark.parametrize("people", [1, 3])
def test_settling_costs_the_same_however_many_tickets_there_are(
    vnpay_desk: VnpayDesk, django_assert_num_queries: DjangoAssertNumQueries, *, people: int
) -> None:
    order, query = paid_at_vnpay(vnpay_desk, people=people)

    with django_assert_num_queries(QUERIES):
        confirm(query)

    assert tickets_of(order) == people
