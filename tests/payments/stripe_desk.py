"""The other side of a payment in tests: the buyer at the simulator's page, and its levers."""

import http.client
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import stripe

from payments.gateways.stripe_simulator.server import StripeSimulator


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    text: str
    location: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What tests do at the simulator, over HTTP as everybody else."""

    simulator: StripeSimulator
    client: stripe.StripeClient

    def page(self, url: str, *, form: dict[str, str] | None = None) -> Page:
        parts = urlsplit(url)
        line = http.client.HTTPConnection(parts.netloc, timeout=20)
        body = urlencode(form) if form is not None else None
        try:
            path = f"{parts.path}?{parts.query}"
            line.request("GET" if form is None else "POST", path, body=body)
            answer = line.getresponse()
            text = answer.read().decode()
            return Page(answer.status, text, answer.headers.get("Location", ""))
        finally:
            line.close()

    def pay(self, url: str) -> Page:
        return self.page(url, form={"action": "pay", "card": "4242 4242 4242 4242"})

    def decline(self, url: str) -> Page:
        return self.page(url, form={"action": "decline"})

    def pull(self, lever: str, **wanted: object) -> dict[str, Any]:
        """Pull a lever of the simulator."""
        line = http.client.HTTPConnection(urlsplit(self.simulator.url).netloc, timeout=20)
        headers = {"Authorization": f"Bearer {self.simulator.merchant.key}"}
        try:
            line.request("POST", f"/_control/{lever}", body=orjson.dumps(wanted), headers=headers)
            answer: dict[str, Any] = orjson.loads(line.getresponse().read())
            return answer
        finally:
            line.close()

    def faults(self, **wanted: object) -> None:
        self.pull("faults", **wanted)

    def events(self, kind: str) -> list[stripe.Event]:
        return self.client.v1.events.list({"type": kind, "limit": 100}).data
