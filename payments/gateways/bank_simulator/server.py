"""The simulator's addresses: the app's page, the bank line, the levers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from payments.gateways.bank_simulator import page
from payments.gateways.bank_simulator.account import Account, Entry
from payments.gateways.bank_simulator.scanning import NoCode, scan
from payments.gateways.bank_simulator.telling import casso_message, listed, sepay_message
from payments.gateways.simulating.faults import Faults, changed, shown
from payments.gateways.simulating.http import (
    Asked,
    HungUp,
    Reply,
    SimulatorRefused,
    SmallServer,
    json_reply,
    page_reply,
)
from payments.gateways.simulating.postman import Envelope, Postman

NO_FAULTS: Final = Faults()
LIST_PATH: Final = "/userapi/transactions/list"
TRANSFERS_PATH: Final = "/transfers"
# The service repeats for half an hour; a demo has minutes.
WAITS_S: Final = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0)
SUCCESS: Final = range(200, 300)
LARGEST_AMOUNT: Final = 10**13


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose account the simulator keeps, and who is told of its lines."""

    bank_bin: str
    number: str
    api_key: str
    sepay_secret: str = ""
    casso_secret: str = ""
    # `{}` in it is replaced by the service's name; empty: nobody is told anything.
    webhook_url: str = ""


class BankSimulator:
    """A bank with one account, of the mode that the installation runs in."""

    def __init__(
        self,
        holder: Holder,
        *,
        mode: str,
        port: int = 0,
        host: str = "127.0.0.1",
        public_url: str = "",
        faults: Faults = NO_FAULTS,
    ) -> None:
        if mode == "production":
            raise SimulatorRefused("The bank simulator does not start in production.")
        self.holder = holder
        self.account = Account(holder.bank_bin, holder.number)
        self.faults = faults
        self.postman = Postman(
            faults=lambda: self.faults,
            understood=lambda heard: heard.status in SUCCESS,
            waits_s=WAITS_S,
        )
        self.server = SmallServer((host, port), self.answer)
        self.url = public_url.rstrip("/") or f"http://{host}:{self.server.server_port}"

    def start(self) -> None:
        self.postman.start()
        self.server.start()

    def stop(self) -> None:
        self.postman.stopping.set()
        self.server.stop()
        self.postman.join(timeout=15)

    def answer(self, asked: Asked) -> Reply:
        if asked.path in {"/", "/transfer"}:
            return self.app_page(asked)
        if not asked.has_key(self.holder.api_key):
            return json_reply({"error": "the key is wrong"}, status=401)
        if asked.path in {LIST_PATH, TRANSFERS_PATH}:
            return self.line(asked)
        if asked.path.startswith("/_control/"):
            with self.account.lock:
                return json_reply(self.pull(asked.path, asked.facts))
        return json_reply({"error": "nothing here"}, status=404)

    def line(self, asked: Asked) -> Reply:
        """Answer a question about the account, or send money back."""
        faults = self.faults
        if faults.api_error:
            return json_reply({"error": "unknown"}, status=500)
        with self.account.lock:
            answer = self.listed(asked) if asked.path == LIST_PATH else self.transfers(asked)
        time.sleep(faults.api_slow_s)
        if faults.api_silent:
            raise HungUp
        return json_reply(answer)

    def listed(self, asked: Asked) -> dict[str, Any]:
        mine = asked.asked_for.get("account_number") == self.account.number
        rows = [listed(self.account, one) for one in self.account.entries] if mine else []
        return {"status": 200, "error": None, "transactions": rows[::-1]}

    def transfers(self, asked: Asked) -> dict[str, Any]:
        if asked.method == "POST":
            return self.account.transfer(asked.facts)
        request = asked.asked_for.get("request", "")
        return self.account.transfers.get(request, {"request": request, "status": "unknown"})

    def app_page(self, asked: Asked) -> Reply:
        """Read a code; then take the transfer, with whatever the buyer changed in it."""
        language = asked.asked_for.get("lang", "vi")
        code = asked.form.get("code", "") or asked.asked_for.get("code", "")
        if not code:
            return page_reply(page.render(language=language))
        try:
            scanned = scan(code)
        except NoCode as error:
            return page_reply(
                page.render(language=language, code=code, trouble=str(error)), status=400
            )
        if (scanned.bank, scanned.account) != (self.account.bank_bin, self.account.number):
            trouble = page.WORDS.get(language, page.WORDS["vi"])["stranger"]
            return page_reply(
                page.render(language=language, code=code, trouble=trouble), status=400
            )
        if asked.method == "GET":
            return page_reply(page.render(language=language, code=code, scanned=scanned))
        typed = asked.form.get("amount", "")
        amount = int(typed) if typed.isascii() and typed.isdigit() else 0
        if not 0 < amount < LARGEST_AMOUNT:
            return page_reply(
                page.render(language=language, code=code, scanned=scanned), status=400
            )
        self.pay(amount=amount, memo=asked.form.get("memo", ""))
        return page_reply(page.render(language=language, done=True))

    def pay(self, *, amount: int, memo: str) -> Entry:
        """Book a transfer, and have the services tell of it."""
        with self.account.lock:
            entry = self.account.receive(amount=amount, memo=memo)
        self.tell(entry)
        return entry

    def tell(self, entry: Entry) -> None:
        if self.holder.webhook_url:
            for service in self.services():
                self.postman.take(self.message(entry, service=service))

    def services(self) -> list[str]:
        told = {"sepay": self.holder.sepay_secret, "casso": self.holder.casso_secret}
        return [name for name, secret in told.items() if secret]

    def message(self, entry: Entry, *, service: str) -> Callable[[], Envelope]:
        """Write the message of a service, with the faults of the moment in which it is sent."""
        url = self.holder.webhook_url.format(service)

        def write() -> Envelope:
            if service == "sepay":
                secret = self.holder.sepay_secret
                return sepay_message(
                    self.account, entry, url=url, secret=secret, faults=self.faults
                )
            secret = self.holder.casso_secret
            return casso_message(self.account, entry, url=url, secret=secret, faults=self.faults)

        return write

    def pull(self, path: str, wanted: dict[str, Any]) -> object:
        """Pull a lever: faults, the clock, a transfer without the page, the other bank's word."""
        lever, _, name = path.removeprefix("/_control/").partition("/")
        if lever == "faults":
            status = wanted.pop("transfer_status", self.account.transfer_status)
            self.account.transfer_status = str(status)
            self.faults = changed(self.faults, wanted)
            return shown(self.faults)
        if lever == "clock":
            self.account.clock_ahead_s += int(wanted["advance_s"])
            return {"now": self.account.booked()}
        if lever == "credits":
            entry = self.pay(amount=int(wanted["amount"]), memo=str(wanted.get("memo", "")))
            return {"reference": entry.reference}
        if lever == "messages":
            entry = next(one for one in self.account.entries if one.reference == name)
            self.tell(entry)
            return {"reference": name}
        if lever == "returned":
            self.account.returned_by_bank(name)
            return {"request": name}
        return {"error": f"no such lever: {path}"}
