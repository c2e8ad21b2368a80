"""A buyer who needs no screen: orders, pays on the simulator's page and takes the tickets."""

import http.client
import json
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.journeys.stack import Stack

SECONDS_TO_ISSUE = 60
GOOD_CARD = "4242424242424242"


@dataclass
class Buyer:
    stack: Stack
    site: str = "dai-noi"
    in_days: int = 0
    code: str = ""
    secret: str = ""
    payment_page: str = ""
    tickets: list[dict[str, Any]] = field(default_factory=list)

    def buy(self, *, people: int, one_code: bool = False) -> list[str]:
        """Return the texts of the tickets' QR codes."""
        self.order(people=people, one_code=one_code)
        self.open_payment()
        self.pay()
        return self.take_tickets()

    def order(self, *, people: int, one_code: bool = False) -> None:
        today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()
        day = (today + timedelta(days=self.in_days)).isoformat()
        products = self.api("GET", f"/products?site={self.site}&date={day}")["items"]
        line = {
            "product_id": products[0]["id"],
            "category": "adult",
            "quantity": people,
            "visit_date": day,
            "one_code": one_code,
        }
        order = {"lines": [line], "contact": {"email": "an@example.com"}, "language": "en"}
        placed = self.api("POST", "/orders", order, {"Idempotency-Key": uuid4().hex})
        self.code, self.secret = placed["code"], placed["secret"]

    def open_payment(self) -> None:
        wanted = {"provider": "stripe"}
        payment = self.api("POST", f"/orders/{self.code}/payments", wanted, self.proof)
        self.payment_page = payment["action"]["url"]

    def pay(self) -> None:
        """Press the page's button and follow it back to the shop."""
        form = urlencode({"card": GOOD_CARD, "action": "pay"})
        as_form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, headers, _body = ask("POST", self.payment_page, form, as_form)
        assert status == http.HTTPStatus.SEE_OTHER, status
        ask("GET", headers["Location"])

    def take_tickets(self) -> list[str]:
        deadline = time.monotonic() + SECONDS_TO_ISSUE
        while not self.tickets and time.monotonic() < deadline:
            self.tickets = self.api("GET", f"/orders/{self.code}", None, self.proof)["tickets"]
        return [ticket["token"] for ticket in self.tickets]

    @property
    def proof(self) -> dict[str, str]:
        return {"Order-Secret": self.secret}

    def api(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> Any:
        """Ask our own API and insist on success."""
        status, _headers, answer = ask(
            method,
            f"{self.stack.base_url}/api/v1{path}",
            json.dumps(body) if body else "",
            {"Content-Type": "application/json", **(headers or {})},
        )
        assert status in {http.HTTPStatus.OK, http.HTTPStatus.CREATED}, answer
        return json.loads(answer)


def ask(
    method: str, url: str, body: str = "", headers: dict[str, str] | None = None
) -> tuple[int, http.client.HTTPMessage, str]:
    """One request; a redirection is an answer like any other."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body or None, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()
