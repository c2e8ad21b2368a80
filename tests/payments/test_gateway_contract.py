"""What every provider's line must do, shown on the line to Stripe and its simulator."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from payments.gateways.lines import gateway_of
from payments.gateways.protocol import (
    AmountNotSupported,
    GatewayUnavailable,
    PaymentGateway,
    PaymentState,
    Phase,
    Purchase,
    PurchaseLine,
    RefundOrder,
    RefundPhase,
    RefundState,
    Refused,
)
from tests.payments.stripe_desk import Desk


@pytest.fixture
def gateway(desk: Desk) -> PaymentGateway:
    line = gateway_of("stripe", hurried=True)
    assert line is not None
    return line


def purchase(*, attempt_id: int = 7, unit_amount: int = 200_000) -> Purchase:
    now = datetime.now(UTC).replace(microsecond=0)
    return Purchase(
        attempt_id=attempt_id,
        reference="7K3M9QX2",
        order_code="HUE12345",
        amount=2 * unit_amount,
        lines=(PurchaseLine("Đại Nội · người lớn", unit_amount, 2),),
        language="vi",
        email="",
        started_at=now,
        expires_at=now + timedelta(minutes=31),
        return_url="https://hue.example/pay/stripe/return",
        cancel_url="https://hue.example/orders/HUE12345?cancelled=1",
    )


def started(gateway: PaymentGateway, wanted: Purchase) -> PaymentState:
    state = gateway.start(wanted)
    assert isinstance(state, PaymentState), state
    return state


def paid(gateway: PaymentGateway, desk: Desk, wanted: Purchase) -> PaymentState:
    state = started(gateway, wanted)
    desk.pay(state.action_url)
    now = gateway.look_up(state.reference)
    assert now is not None
    return now


def test_a_started_payment_is_open_and_carries_our_marks(gateway: PaymentGateway) -> None:
    wanted = purchase()
    state = started(gateway, wanted)

    assert state == PaymentState(
        reference=state.reference,
        phase=Phase.OPEN,
        amount=400_000,
        currency="vnd",
        live=False,
        payment_reference="",
        refunded_amount=0,
        action_url=state.action_url,
        environment="test",
        order_code="HUE12345",
        attempt_id=7,
    )
    assert gateway.look_up(state.reference) == state


def test_the_same_purchase_started_twice_is_one_payment(gateway: PaymentGateway) -> None:
    wanted = purchase()

    assert started(gateway, wanted) == started(gateway, wanted)


def test_a_start_whose_answer_was_lost_is_found_again(gateway: PaymentGateway, desk: Desk) -> None:
    wanted = purchase()
    desk.faults(api_silent=True)
    with pytest.raises(GatewayUnavailable):
        gateway.start(wanted)
    desk.faults(api_silent=False)

    found = gateway.find(wanted)

    assert found is not None
    assert found == started(gateway, wanted)
    assert gateway.find(purchase(attempt_id=8)) is None


def test_a_paid_payment_names_its_money(gateway: PaymentGateway, desk: Desk) -> None:
    state = paid(gateway, desk, purchase())

    assert (state.phase, state.amount) == (Phase.PAID, 400_000)
    assert state.payment_reference.startswith("pi_")


def test_a_declined_card_leaves_the_payment_open(gateway: PaymentGateway, desk: Desk) -> None:
    state = started(gateway, purchase())
    desk.decline(state.action_url)

    now = gateway.look_up(state.reference)

    assert now is not None
    assert now.phase == Phase.OPEN


def test_a_closed_payment_has_expired(gateway: PaymentGateway) -> None:
    state = started(gateway, purchase())

    closed = gateway.close(state.reference)

    assert closed is not None
    assert closed.phase == Phase.EXPIRED


def test_closing_what_was_paid_meanwhile_says_paid(gateway: PaymentGateway, desk: Desk) -> None:
    state = paid(gateway, desk, purchase())

    assert gateway.close(state.reference) == state


def test_time_ends_a_payment(gateway: PaymentGateway, desk: Desk) -> None:
    state = started(gateway, purchase())
    desk.pull("clock", advance_s=32 * 60)

    now = gateway.look_up(state.reference)

    assert now is not None
    assert now.phase == Phase.EXPIRED


def test_an_unknown_reference_is_none(gateway: PaymentGateway) -> None:
    assert gateway.look_up("cs_test_unknown") is None
    assert gateway.look_up_refund("re_unknown") is None


def test_a_start_that_the_provider_refuses_is_a_value(gateway: PaymentGateway) -> None:
    late = replace(purchase(), expires_at=datetime.now(UTC) + timedelta(minutes=5))

    assert isinstance(gateway.start(late), Refused)


@pytest.mark.parametrize(
    ("amount", "fits"),
    [(14_999, False), (15_000, True), (99_999_999, True), (100_000_000, False)],
)
def test_too_little_and_too_much_are_refused_before_anything_starts(
    gateway: PaymentGateway, *, amount: int, fits: bool
) -> None:
    expected = None if fits else AmountNotSupported(15_000, 99_999_999)

    assert gateway.supports(amount=amount) == expected


def test_a_broken_line_is_an_exception(gateway: PaymentGateway, desk: Desk) -> None:
    state = started(gateway, purchase())
    desk.simulator.stop()

    with pytest.raises(GatewayUnavailable) as raised:
        gateway.look_up(state.reference)

    assert raised.value.executed is False


def test_an_error_of_the_provider_says_that_it_was_answered(
    gateway: PaymentGateway, desk: Desk
) -> None:
    desk.faults(api_error=True)

    with pytest.raises(GatewayUnavailable) as raised:
        gateway.start(purchase())

    assert raised.value.executed is True


def test_money_goes_back_once_however_often_it_is_asked(
    gateway: PaymentGateway, desk: Desk
) -> None:
    state = paid(gateway, desk, purchase())
    order = RefundOrder(3, state.payment_reference, 400_000, tried_before=False)

    refund = gateway.refund(order)

    assert isinstance(refund, RefundState)
    assert (refund.phase, refund.refund_id) == (RefundPhase.SUCCEEDED, 3)
    assert gateway.refund(order) == refund
    assert gateway.refund(replace(order, tried_before=True)) == refund
    assert gateway.look_up_refund(refund.reference) == refund
    again = gateway.look_up(state.reference)
    assert again is not None
    assert again.refunded_amount == 400_000


def test_a_refund_is_found_after_the_key_was_forgotten(gateway: PaymentGateway, desk: Desk) -> None:
    state = paid(gateway, desk, purchase())
    order = RefundOrder(3, state.payment_reference, 200_000, tried_before=False)
    refund = gateway.refund(order)
    desk.pull("clock", advance_s=25 * 60 * 60)

    assert gateway.refund(replace(order, tried_before=True)) == refund


def test_more_than_was_paid_never_goes_back(gateway: PaymentGateway, desk: Desk) -> None:
    state = paid(gateway, desk, purchase())
    first = gateway.refund(RefundOrder(1, state.payment_reference, 300_000, tried_before=False))
    second = gateway.refund(RefundOrder(2, state.payment_reference, 100_001, tried_before=False))

    assert isinstance(first, RefundState)
    assert isinstance(second, Refused)


def test_a_refund_that_the_bank_returns_has_failed(gateway: PaymentGateway, desk: Desk) -> None:
    state = paid(gateway, desk, purchase())
    desk.faults(refund_status="pending")
    refund = gateway.refund(RefundOrder(1, state.payment_reference, 400_000, tried_before=False))
    assert isinstance(refund, RefundState)
    assert refund.phase == RefundPhase.UNDER_WAY

    desk.pull(f"refunds/{refund.reference}/failed")

    now = gateway.look_up_refund(refund.reference)
    assert now is not None
    assert now.phase == RefundPhase.FAILED
