"""What only Stripe does: sessions that are known at once, end by the clock, and have keys."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from payments.gateways.lines import gateway_of
from payments.gateways.protocol import GatewayUnavailable, PaymentGateway, Phase, Refused
from tests.payments.desks import StripeBuyers
from tests.payments.stripe_desk import Desk
from tests.payments.test_gateway_contract import now, paid, purchase, refund_of, started


@pytest.fixture
def gateway(desk: Desk) -> PaymentGateway:
    line = gateway_of("stripe", hurried=True)
    assert line is not None
    return line


def test_a_start_whose_answer_was_lost_is_found_again(gateway: PaymentGateway, desk: Desk) -> None:
    wanted = purchase(gateway)
    desk.faults(api_silent=True)
    with pytest.raises(GatewayUnavailable):
        gateway.start(wanted)
    desk.faults(api_silent=False)

    found = gateway.find(wanted)

    assert found is not None
    assert found == started(gateway, wanted)
    assert gateway.find(purchase(gateway, number=8)) is None


def test_time_ends_a_payment(gateway: PaymentGateway, desk: Desk) -> None:
    state = started(gateway, purchase(gateway))
    desk.pull("clock", advance_s=32 * 60)

    assert now(gateway, state).phase == Phase.EXPIRED


def test_a_start_that_the_provider_refuses_is_a_value(gateway: PaymentGateway) -> None:
    late = replace(purchase(gateway), expires_at=datetime.now(UTC) + timedelta(minutes=5))

    assert isinstance(gateway.start(late), Refused)


def test_a_refund_is_found_after_the_key_was_forgotten(gateway: PaymentGateway, desk: Desk) -> None:
    state = paid(gateway, StripeBuyers(desk), purchase(gateway))
    order = refund_of(state, amount=200_000)
    refund = gateway.refund(order)
    desk.pull("clock", advance_s=25 * 60 * 60)

    assert gateway.refund(replace(order, tried_before=True)) == refund


def test_what_was_given_back_is_seen(gateway: PaymentGateway, desk: Desk) -> None:
    state = paid(gateway, StripeBuyers(desk), purchase(gateway))
    gateway.refund(refund_of(state))

    assert now(gateway, state).refunded_amount == 400_000
