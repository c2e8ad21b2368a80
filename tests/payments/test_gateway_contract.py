"""What every provider's line must do: one set of promises, each line with its simulator."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

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
    WebhookRefused,
)
from payments.models import SecretKind
from tests.payments.accounts import make_account
from tests.payments.bank_desk import API_KEY, BANK, NUMBER
from tests.payments.desks import BankBuyers, ProviderDesk, StripeBuyers, VnpayBuyers
from tests.payments.vnpay_desk import SECRET, TERMINAL

pytestmark = pytest.mark.django_db


def stripe(request: pytest.FixtureRequest) -> tuple[ProviderDesk, Any]:
    return StripeBuyers(request.getfixturevalue("desk")), None


def vnpay(request: pytest.FixtureRequest) -> tuple[ProviderDesk, Any]:
    secrets = {SecretKind.VNPAY_HASH: SECRET}
    account = make_account(provider="vnpay", number=TERMINAL, secrets=secrets)
    return VnpayBuyers(request.getfixturevalue("vnpay_desk")), account


def vietqr(request: pytest.FixtureRequest) -> tuple[ProviderDesk, Any]:
    secrets = {SecretKind.BANK_API: API_KEY}
    account = make_account(provider="vietqr", number=NUMBER, bank_bin=BANK, secrets=secrets)
    return BankBuyers(request.getfixturevalue("bank_desk")), account


@pytest.fixture(params=[stripe, vnpay, vietqr], ids=lambda make: make.__name__)
def pair(request: pytest.FixtureRequest) -> tuple[PaymentGateway, ProviderDesk]:
    make: Callable[[pytest.FixtureRequest], tuple[ProviderDesk, Any]] = request.param
    buyers, account = make(request)
    line = gateway_of(buyers.provider, account=account, hurried=True)
    assert line is not None
    return line, buyers


@pytest.fixture
def gateway(pair: tuple[PaymentGateway, ProviderDesk]) -> PaymentGateway:
    return pair[0]


@pytest.fixture
def buyers(pair: tuple[PaymentGateway, ProviderDesk]) -> ProviderDesk:
    return pair[1]


def purchase(gateway: PaymentGateway, *, number: int = 7, unit_amount: int = 200_000) -> Purchase:
    now = datetime.now(UTC).replace(microsecond=0)
    return Purchase(
        attempt_id=number,
        reference={7: "7K3M9QXE", 8: "0011001C"}[number],
        order_code="HVE12345",
        amount=2 * unit_amount,
        lines=(PurchaseLine("Đại Nội · người lớn", unit_amount, 2),),
        language="vi",
        email="",
        started_at=now,
        expires_at=now + gateway.page_lives,
        return_url="https://hue.example/pay/return",
        cancel_url="https://hue.example/orders/HVE12345?cancelled=1",
        buyer_address="203.0.113.10",
    )


def started(gateway: PaymentGateway, wanted: Purchase) -> PaymentState:
    state = gateway.start(wanted)
    assert isinstance(state, PaymentState), state
    return state


def now(gateway: PaymentGateway, state: PaymentState) -> PaymentState:
    found = gateway.look_up(state.reference)
    assert found is not None
    return found


def paid(gateway: PaymentGateway, buyers: ProviderDesk, wanted: Purchase) -> PaymentState:
    state = started(gateway, wanted)
    buyers.pay(state)
    return now(gateway, state)


def money_of(state: PaymentState) -> list[tuple[str, int]]:
    """The movements of money that a state tells of."""
    if state.receipts:
        return [(receipt.reference, receipt.amount) for receipt in state.receipts]
    return [(state.payment_reference, state.amount)] if state.payment_reference else []


def refund_of(state: PaymentState, *, number: int = 3, amount: int = 400_000) -> RefundOrder:
    (reference, whole), *_rest = money_of(state)
    return RefundOrder(
        refund_id=number,
        payment_reference=reference,
        amount=amount,
        tried_before=False,
        attempt_reference=state.reference,
        paid_amount=whole,
        requested_at=datetime.now(UTC),
    )


def test_a_started_payment_is_open_and_says_where_to_pay(gateway: PaymentGateway) -> None:
    state = started(gateway, purchase(gateway))

    assert (state.phase, state.amount, state.currency, state.live) == (
        Phase.OPEN,
        400_000,
        "vnd",
        False,
    )
    assert (state.order_code, state.attempt_id, state.environment) == ("HVE12345", 7, "test")
    assert (money_of(state), state.refunded_amount) == ([], 0)
    assert bool(state.action_url) != bool(state.action_payload)


def test_a_payment_that_waits_for_its_buyer_is_open_or_unknown(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    state = started(gateway, purchase(gateway))

    assert gateway.look_up(state.reference) == (state if buyers.knows_at_once else None)


def test_the_same_purchase_started_twice_is_one_payment(gateway: PaymentGateway) -> None:
    wanted = purchase(gateway)

    assert started(gateway, wanted) == started(gateway, wanted)


def test_two_purchases_are_two_payments(gateway: PaymentGateway) -> None:
    first = started(gateway, purchase(gateway))

    assert started(gateway, purchase(gateway, number=8)).reference != first.reference


def test_a_payment_is_found_by_what_was_bought(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    wanted = purchase(gateway)
    state = paid(gateway, buyers, wanted)

    assert gateway.find(wanted) == state
    assert gateway.find(purchase(gateway, number=8)) is None


def test_a_paid_payment_names_its_money(gateway: PaymentGateway, buyers: ProviderDesk) -> None:
    state = paid(gateway, buyers, purchase(gateway))

    assert state.phase == Phase.PAID
    assert [amount for _name, amount in money_of(state)] == [400_000]
    assert all(name for name, _amount in money_of(state))
    assert now(gateway, state) == state


def test_two_payments_have_money_of_two_names(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    first = paid(gateway, buyers, purchase(gateway))
    second = paid(gateway, buyers, purchase(gateway, number=8))

    assert money_of(first) != money_of(second)


def test_a_refused_buyer_has_not_paid(gateway: PaymentGateway, buyers: ProviderDesk) -> None:
    state = started(gateway, purchase(gateway))
    buyers.decline(state)

    found = gateway.look_up(state.reference)

    expected = Phase.FAILED if buyers.tells_of_failure else Phase.OPEN
    assert found is None or (found.phase, money_of(found)) == (expected, [])


def test_closing_ends_a_payment_or_leaves_it_to_its_time(gateway: PaymentGateway) -> None:
    state = started(gateway, purchase(gateway))

    closed = gateway.close(state.reference)

    assert closed is None or closed.phase == Phase.EXPIRED


def test_closing_what_was_paid_meanwhile_says_paid(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    state = paid(gateway, buyers, purchase(gateway))

    assert gateway.close(state.reference) == state


@pytest.mark.parametrize("reference", ["", "cs_test_unknown", "HUE00000000", "x" * 255])
def test_an_unknown_reference_is_none(gateway: PaymentGateway, *, reference: str) -> None:
    assert gateway.look_up(reference or "unknown") is None
    assert gateway.look_up_refund(reference or "unknown") is None


def test_too_little_and_too_much_are_refused_before_anything_starts(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    limits = AmountNotSupported(buyers.least, buyers.most)

    assert gateway.supports(amount=buyers.least) is None
    assert gateway.supports(amount=buyers.most) is None
    assert gateway.supports(amount=buyers.least - 1) == limits
    assert gateway.supports(amount=buyers.most + 1) == limits


def test_a_broken_line_is_an_exception(gateway: PaymentGateway, buyers: ProviderDesk) -> None:
    state = paid(gateway, buyers, purchase(gateway))
    buyers.stop()

    with pytest.raises(GatewayUnavailable) as raised:
        gateway.look_up(state.reference)

    assert raised.value.executed is False


def test_an_error_of_the_provider_says_that_it_was_answered(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    state = paid(gateway, buyers, purchase(gateway))
    with buyers.broken(), pytest.raises(GatewayUnavailable) as raised:
        gateway.refund(refund_of(state))

    assert raised.value.executed is True


def test_a_message_that_nobody_signed_is_refused(gateway: PaymentGateway) -> None:
    for body in (b"", b"{}", b"vnp_TmnCode=HUEDEMO1&vnp_SecureHash=0", b"\xff", b'{"id": 1}'):
        assert isinstance(gateway.read_webhook(body=body, headers={}), WebhookRefused)


def test_money_goes_back_once_however_often_it_is_asked(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    state = paid(gateway, buyers, purchase(gateway))
    order = refund_of(state)

    refund = gateway.refund(order)

    assert isinstance(refund, RefundState)
    assert refund.refund_id == 3
    again = gateway.refund(order)
    assert isinstance(again, RefundState)
    assert again.reference == refund.reference
    later = gateway.refund(replace(order, tried_before=True))
    assert isinstance(later, RefundState)
    assert later.phase == RefundPhase.SUCCEEDED
    assert gateway.look_up_refund(refund.reference) == later
    # Nothing is left: had it gone twice, there would be less than nothing.
    assert isinstance(gateway.refund(refund_of(state, number=4, amount=1_000)), Refused)


def test_a_refund_whose_answer_was_lost_is_not_sent_again(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    state = paid(gateway, buyers, purchase(gateway))
    order = refund_of(state, amount=300_000)
    with buyers.silent(), pytest.raises(GatewayUnavailable):
        gateway.refund(order)

    found = gateway.refund(replace(order, tried_before=True))

    assert isinstance(found, RefundState)
    assert (found.phase, found.refund_id) == (RefundPhase.SUCCEEDED, 3)
    assert isinstance(gateway.refund(refund_of(state, number=4, amount=100_001)), Refused)
    assert isinstance(gateway.refund(refund_of(state, number=5, amount=100_000)), RefundState)


def test_more_than_was_paid_never_goes_back(gateway: PaymentGateway, buyers: ProviderDesk) -> None:
    state = paid(gateway, buyers, purchase(gateway))
    first = gateway.refund(refund_of(state, number=1, amount=300_000))
    second = gateway.refund(refund_of(state, number=2, amount=100_001))

    assert isinstance(first, RefundState)
    assert isinstance(second, Refused)


def test_what_nobody_paid_is_not_given_back(gateway: PaymentGateway, buyers: ProviderDesk) -> None:
    state = paid(gateway, buyers, purchase(gateway))
    stranger = replace(refund_of(state), payment_reference="x:FT000:20261122")

    assert isinstance(gateway.refund(stranger), Refused)


def test_a_refund_that_the_bank_returns_has_failed(
    gateway: PaymentGateway, buyers: ProviderDesk
) -> None:
    state = paid(gateway, buyers, purchase(gateway))
    buyers.refunds_wait()
    refund = gateway.refund(refund_of(state))
    assert isinstance(refund, RefundState)
    assert refund.phase == RefundPhase.UNDER_WAY

    buyers.bank_returns(refund.reference)

    found = gateway.look_up_refund(refund.reference)
    assert found is not None
    assert found.phase == RefundPhase.FAILED


def test_a_page_lives_long_enough_to_pay_and_ends(gateway: PaymentGateway) -> None:
    assert timedelta(minutes=10) <= gateway.page_lives <= timedelta(minutes=31)
    assert gateway.last_word_after <= timedelta(hours=1)
