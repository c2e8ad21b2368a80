from collections.abc import Iterator

import pytest
import stripe
from pytest_django import Settings

from payments.gateways.bank_simulator.server import BankSimulator, Holder
from payments.gateways.stripe import API_VERSION
from payments.gateways.stripe_simulator.server import Merchant, StripeSimulator
from payments.gateways.vnpay_simulator.server import Terminal, VnpaySimulator
from tests.payments.bank_desk import (
    API_KEY,
    BANK,
    CASSO_SECRET,
    NUMBER,
    SEPAY_SECRET,
    BankDesk,
)
from tests.payments.stripe_desk import Desk
from tests.payments.vnpay_desk import SECRET, TERMINAL, VnpayDesk

KEY = "sk_test_made_up"
WEBHOOK_SECRET = "whsec_hue_made_up_secret"


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    """A running simulator that our settings point at; it tells nobody unless a test says whom."""
    merchant = Merchant(key=KEY, webhook_secret=WEBHOOK_SECRET, webhook_url="")
    simulator = StripeSimulator(merchant, mode="test")
    simulator.start()
    settings.STRIPE_SECRET_KEY = KEY
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    settings.STRIPE_API_BASE = simulator.url
    client = stripe.StripeClient(
        KEY, stripe_version=API_VERSION, base_addresses={"api": simulator.url}
    )
    yield Desk(simulator, client)
    simulator.stop()


@pytest.fixture
def vnpay_desk(settings: Settings) -> Iterator[VnpayDesk]:
    """A running VNPAY that our settings point at; it tells nobody."""
    simulator = VnpaySimulator(Terminal(TERMINAL, SECRET, ""), mode="test")
    simulator.start()
    settings.VNPAY_PAY_URL = simulator.pay_url
    settings.VNPAY_API_URL = simulator.api_url
    yield VnpayDesk(simulator)
    simulator.stop()


@pytest.fixture
def bank_desk(settings: Settings) -> Iterator[BankDesk]:
    """A running bank that our settings point at; its services tell nobody."""
    holder = Holder(BANK, NUMBER, API_KEY, sepay_secret=SEPAY_SECRET, casso_secret=CASSO_SECRET)
    simulator = BankSimulator(holder, mode="test")
    simulator.start()
    settings.BANK_API_BASE = simulator.url
    yield BankDesk(simulator)
    simulator.stop()
