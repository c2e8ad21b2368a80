"""The other side of a payment at VNPAY in tests: the buyer on its page, and its levers."""

import http.client
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from payments.gateways.vnpay_simulator.server import VnpaySimulator
from tests.payments.stripe_desk import Page

TERMINAL = "HUEDEMO1"
SECRET = "HUEDEMOSECRET0123456789ABCDEFGHIJ"


def call(url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None) -> Page:
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        path = f"{parts.path}?{parts.query}"
        line.request("GET" if body is None else "POST", path, body=body, headers=headers or {})
        answer = line.getresponse()
        text = answer.read().decode()
        return Page(answer.status, text, answer.headers.get("Location", ""))
    finally:
        line.close()


@dataclass(frozen=True, slots=True)
class VnpayDesk:
    """What tests do at the simulator, over HTTP as everybody else."""

    simulator: VnpaySimulator

    def open(self, url: str) -> Page:
        return call(url)

    def choose(self, url: str, code: str) -> Page:
        """Finish on the page with this outcome; the answer leads back to the shop."""
        return call(url, body=urlencode({"code": code}).encode())

    def pull(self, lever: str, **wanted: object) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self.simulator.terminal.secret}"}
        url = f"{self.simulator.url}/_control/{lever}"
        answer: dict[str, Any] = orjson.loads(
            call(url, body=orjson.dumps(wanted), headers=headers).text
        )
        return answer

    def faults(self, **wanted: object) -> None:
        self.pull("faults", **wanted)

    def confirmation(self, reference: str) -> str:
        """Write the query of the confirmation that VNPAY would send now."""
        movement = self.simulator.book.movements[reference]
        return urlsplit(self.simulator.message(movement)().url).query
