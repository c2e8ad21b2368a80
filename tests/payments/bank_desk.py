"""The other side of a VietQR in tests: the buyer's bank app, and the levers of the bank."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson

from payments.gateways.bank_simulator.account import Entry
from payments.gateways.bank_simulator.server import BankSimulator
from payments.gateways.simulating.postman import Envelope
from tests.payments.stripe_desk import Page
from tests.payments.vnpay_desk import call

BANK = "970436"
NUMBER = "1031933430"
API_KEY = "bank-line-key-of-tests"
SEPAY_SECRET = "HUESEPAYSECRET01"
CASSO_SECRET = "HUECASSOKEY01"


@dataclass(frozen=True, slots=True)
class BankDesk:
    """What tests do at the simulator, over HTTP as everybody else."""

    simulator: BankSimulator

    def scan(self, payload: str) -> Page:
        return call(f"{self.simulator.url}/?{urlencode({'lang': 'en', 'code': payload})}")

    def pay(self, payload: str, *, amount: int, memo: str) -> Page:
        """Transfer with the app, with an amount and a memo that the buyer may have changed."""
        form = {"code": payload, "amount": str(amount), "memo": memo}
        return call(f"{self.simulator.url}/transfer?lang=en", body=urlencode(form).encode())

    def pull(self, lever: str, **wanted: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.simulator.holder.api_key}"}
        url = f"{self.simulator.url}/_control/{lever}"
        answer: dict[str, Any] = orjson.loads(
            call(url, body=orjson.dumps(wanted), headers=headers).text
        )
        return answer

    def faults(self, **wanted: object) -> None:
        self.pull("faults", **wanted)

    @property
    def latest(self) -> Entry:
        return self.simulator.account.entries[-1]

    def message(self, service: str, entry: Entry | None = None) -> Envelope:
        """Write what a service would tell of a line now."""
        return self.simulator.message(entry or self.latest, service=service)()
