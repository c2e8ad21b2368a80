"""The simulator's addresses: the page, the questions, the levers."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import orjson

from payments.gateways.simulating.faults import Faults, changed, shown
from payments.gateways.simulating.http import (
    Asked,
    HungUp,
    Reply,
    SimulatorRefused,
    SmallServer,
    go_to,
    json_reply,
    page_reply,
)
from payments.gateways.simulating.postman import Envelope, Heard, Postman
from payments.gateways.vnpay_simulator import page
from payments.gateways.vnpay_simulator.asking import answer_question
from payments.gateways.vnpay_simulator.book import Book, Movement, message_of
from payments.gateways.vnpay_simulator.seals import fits, query_of, seal

NO_FAULTS: Final = Faults()
PAY_PATH: Final = "/paymentv2/vpcpay.html"
API_PATH: Final = "/merchant_webapi/api/transaction"
# VNPAY takes five minutes each; a demo has seconds.
WAITS_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 120.0, 240.0)
AGAIN: Final = re.compile(r"/_control/messages/(\w+)")
REFUND: Final = re.compile(r"/_control/refunds/(\w+)/(\d\d)")
CHANGE: Final = re.compile(r"/_control/movements/(\w+)")


@dataclass(frozen=True, slots=True)
class Terminal:
    """The one merchant that the simulator serves."""

    code: str
    secret: str
    # Where confirmations go; empty: nobody is told anything.
    ipn_url: str


class VnpaySimulator:
    """A VNPAY for one terminal, of the mode that the installation runs in."""

    def __init__(
        self,
        terminal: Terminal,
        *,
        mode: str,
        port: int = 0,
        host: str = "127.0.0.1",
        public_url: str = "",
        faults: Faults = NO_FAULTS,
    ) -> None:
        if mode == "production":
            raise SimulatorRefused("The VNPAY simulator does not start in production.")
        self.terminal = terminal
        self.book = Book()
        self.faults = faults
        self.postman = Postman(faults=lambda: self.faults, understood=understood, waits_s=WAITS_S)
        self.server = SmallServer((host, port), self.answer)
        self.url = public_url.rstrip("/") or f"http://{host}:{self.server.server_port}"
        self.pay_url, self.api_url = self.url + PAY_PATH, self.url + API_PATH

    def start(self) -> None:
        self.postman.start()
        self.server.start()

    def stop(self) -> None:
        self.postman.stopping.set()
        self.server.stop()
        self.postman.join(timeout=15)

    def answer(self, asked: Asked) -> Reply:
        if asked.path == PAY_PATH:
            return self.pay_page(asked)
        if asked.path == API_PATH and asked.method == "POST":
            return self.api(asked)
        if asked.path.startswith("/_control/"):
            if not asked.has_key(self.terminal.secret):
                return json_reply({"error": "the key is wrong"}, status=401)
            with self.book.lock:
                return json_reply(self.pull(asked.path, asked.facts))
        return json_reply({"error": "nothing here"}, status=404)

    def api(self, asked: Asked) -> Reply:
        faults = self.faults
        if faults.api_error:
            return json_reply({"error": "unknown"}, status=500)
        with self.book.lock:
            answer = answer_question(
                self.book, asked.facts, terminal=self.terminal.code, secret=self.terminal.secret
            )
        time.sleep(faults.api_slow_s)
        if faults.api_silent:
            raise HungUp
        return json_reply(answer)

    def pay_page(self, asked: Asked) -> Reply:
        """Show the page of a signed address, or take what the buyer chose on it."""
        params = asked.asked_for
        language = params.get("vnp_Locale", "vn")
        wrong = params.get("vnp_TmnCode") != self.terminal.code or not fits(
            params, secret=self.terminal.secret
        )
        if wrong:
            return page_reply(page.trouble("70", language=language), status=400)
        with self.book.lock:
            movement = self.book.open(params)
            if movement is None:
                return page_reply(page.trouble("01", language=language), status=400)
            late = self.book.stamp() >= params["vnp_ExpireDate"]
            if asked.method == "GET" and not movement.response and not late:
                return page_reply(page.render(movement, params))
            choice = "11" if late else asked.form.get("code", "24")
            if not movement.response:
                self.book.finish(movement, response=choice)
                self.tell(movement)
            return go_to(self.return_url(movement, params["vnp_ReturnUrl"]))

    def return_url(self, movement: Movement, url: str) -> str:
        query = self.signed(message_of(movement, terminal=self.terminal.code))
        return f"{url}{'&' if '?' in url else '?'}{query}"

    def signed(self, params: dict[str, str]) -> str:
        data = query_of(params)
        return f"{data}&vnp_SecureHash={seal(data, secret=self.terminal.secret)}"

    def tell(self, movement: Movement) -> None:
        if self.terminal.ipn_url:
            self.postman.take(self.message(movement))

    def message(self, movement: Movement) -> Callable[[], Envelope]:
        """Write the confirmation, with the faults of the moment in which it is sent."""
        facts = message_of(movement, terminal=self.terminal.code)

        def write() -> Envelope:
            return Envelope(f"{self.terminal.ipn_url}?{self.faulty(facts)}", None, {})

        return write

    def faulty(self, facts: dict[str, str]) -> str:
        """Sign what the faults make of the facts."""
        faults = self.faults
        told = dict(facts)
        told["vnp_Amount"] = str(int(told["vnp_Amount"]) + 100 * faults.amount_off)
        if faults.wrong_account:
            told["vnp_TmnCode"] = "ANOTHER1"
        secret = "of-somebody-else" if faults.wrong_signature else self.terminal.secret
        data = query_of(told)
        query = f"{data}&vnp_SecureHash={seal(data, secret=secret)}"
        return f"{query}&vnp_Amount=1" if faults.doubled_parameter else query

    def pull(self, path: str, wanted: dict[str, Any]) -> object:
        """Pull a lever: faults, the clock, the bank's word, and what no honest VNPAY would do."""
        if path == "/_control/faults":
            self.book.refund_status = str(wanted.pop("refund_status", self.book.refund_status))
            self.faults = changed(self.faults, wanted)
            return shown(self.faults)
        if path == "/_control/clock":
            self.book.clock_ahead_s += int(wanted["advance_s"])
            return {"now": self.book.stamp()}
        if refund := REFUND.fullmatch(path):
            self.book.movements[refund[1]].refund["vnp_TransactionStatus"] = refund[2]
            return {"status": refund[2]}
        if again := AGAIN.fullmatch(path):
            self.tell(self.book.movements[again[1]])
            return {"message": again[1]}
        if change := CHANGE.fullmatch(path):
            movement = self.book.movements[change[1]]
            for name, value in wanted.items():
                setattr(movement, name, value)
            return {"movement": change[1]}
        return {"error": f"no such lever: {path}"}


def understood(heard: Heard) -> bool:
    """Stop at the two answers that say so, whatever the status of the line."""
    try:
        return orjson.loads(heard.body).get("RspCode") in {"00", "02"}
    except (orjson.JSONDecodeError, AttributeError):
        return False
