"""The buyer and the bank behind every provider, in the same words for all of them.

A desk is what a test needs of a provider that its line does not offer: somebody who pays, and
faults on demand. The expectations that differ by law of the provider are facts of the desk.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from payments.gateways.protocol import PaymentState
from tests.payments.bank_desk import BankDesk
from tests.payments.reading_codes import read_code
from tests.payments.stripe_desk import Desk
from tests.payments.vnpay_desk import VnpayDesk


class ProviderDesk(Protocol):
    provider: str
    # Whether the provider knows of a payment before the buyer has come.
    knows_at_once: bool
    # Whether the provider itself says that the buyer gave up.
    tells_of_failure: bool
    # Smallest and largest sum, of the accounts that tests use.
    least: int
    most: int

    def pay(self, state: PaymentState) -> None:
        """Pay what is asked, as a buyer does."""

    def decline(self, state: PaymentState) -> None:
        """Try to pay, and be refused by the bank."""

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Do what is asked, and hang up without an answer."""

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Answer every question with an error."""

    def stop(self) -> None:
        """Be gone."""

    def refunds_wait(self) -> None:
        """Let the bank take its time over refunds from now on."""

    def bank_returns(self, refund_reference: str) -> None:
        """Let the buyer's bank send a refund back."""


@dataclass
class StripeBuyers:
    desk: Desk
    provider = "stripe"
    knows_at_once = True
    tells_of_failure = False
    least, most = 15_000, 99_999_999

    def pay(self, state: PaymentState) -> None:
        assert self.desk.pay(state.action_url).status == 303

    def decline(self, state: PaymentState) -> None:
        self.desk.decline(state.action_url)

    @contextmanager
    def silent(self) -> Iterator[None]:
        self.desk.faults(api_silent=True)
        yield
        self.desk.faults(api_silent=False)

    @contextmanager
    def broken(self) -> Iterator[None]:
        self.desk.faults(api_error=True)
        yield
        self.desk.faults(api_error=False)

    def stop(self) -> None:
        self.desk.simulator.stop()

    def refunds_wait(self) -> None:
        self.desk.faults(refund_status="pending")

    def bank_returns(self, refund_reference: str) -> None:
        self.desk.pull(f"refunds/{refund_reference}/failed")


@dataclass
class VnpayBuyers:
    desk: VnpayDesk
    provider = "vnpay"
    knows_at_once = False
    tells_of_failure = True
    least, most = 5_000, 1_000_000_000

    def pay(self, state: PaymentState) -> None:
        assert self.desk.open(state.action_url).status == 200
        assert self.desk.choose(state.action_url, "00").status == 303

    def decline(self, state: PaymentState) -> None:
        self.desk.choose(state.action_url, "51")

    @contextmanager
    def silent(self) -> Iterator[None]:
        self.desk.faults(api_silent=True)
        yield
        self.desk.faults(api_silent=False)

    @contextmanager
    def broken(self) -> Iterator[None]:
        self.desk.faults(api_error=True)
        yield
        self.desk.faults(api_error=False)

    def stop(self) -> None:
        self.desk.simulator.stop()

    def refunds_wait(self) -> None:
        self.desk.faults(refund_status="05")

    def bank_returns(self, refund_reference: str) -> None:
        self.desk.pull(f"refunds/{refund_reference.partition('-')[0]}/09")


@dataclass
class BankBuyers:
    desk: BankDesk
    provider = "vietqr"
    knows_at_once = False
    tells_of_failure = False
    least, most = 1_000, 499_999_999

    def pay(self, state: PaymentState) -> None:
        code = read_code(state.action_payload)
        assert self.desk.scan(state.action_payload).status == 200
        paid = self.desk.pay(state.action_payload, amount=int(code["amount"]), memo=code["memo"])
        assert paid.status == 200

    def decline(self, state: PaymentState) -> None:
        assert self.desk.pay(state.action_payload, amount=0, memo="").status == 400

    @contextmanager
    def silent(self) -> Iterator[None]:
        self.desk.faults(api_silent=True)
        yield
        self.desk.faults(api_silent=False)

    @contextmanager
    def broken(self) -> Iterator[None]:
        self.desk.faults(api_error=True)
        yield
        self.desk.faults(api_error=False)

    def stop(self) -> None:
        self.desk.simulator.stop()

    def refunds_wait(self) -> None:
        self.desk.faults(transfer_status="accepted")

    def bank_returns(self, refund_reference: str) -> None:
        self.desk.pull(f"returned/{refund_reference}")
