"""The bank of a rehearsal: an account in memory; everything else is the adapter's own work.

Its code is written by the adapter and read by the simulator's eye, its lines are told in the words
and under the signatures of SePay and Casso, and its list and transfers back are asked for in the
words of the bank line. Only the wire is played.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from payments.gateways.bank_simulator.account import Account, Entry
from payments.gateways.bank_simulator.scanning import scan
from payments.gateways.bank_simulator.telling import casso_message, listed, sepay_message
from payments.gateways.protocol import PaymentState, Purchase, Refused
from payments.gateways.references import LENGTH, references_in
from payments.gateways.simulating.faults import Faults
from payments.gateways.vietqr.adapter import (
    LIST_REACHES_BACK,
    MAXIMUM_VND,
    MINIMUM_VND,
    VietqrGateway,
    VietqrSettings,
)
from payments.gateways.vietqr.credits import Credit, money_name, sepay_listed

# An account that nobody has, at a bank that everybody's app knows.
BANK_BIN: Final = "970436"
NUMBER: Final = "9704000000"
KEY: Final = "of-a-rehearsal"
# What proves the messages of each service; the stage enters them as anybody enters theirs.
FEED_SECRETS: Final[Mapping[str, str]] = {"sepay": "sepay-rehearses", "casso": "casso-rehearses"}
TELLERS: Final = {"sepay": sepay_message, "casso": casso_message}
FIRST_NUMBER: Final = 20_000_000
ALTERED_BY: Final = 1_000


@dataclass(slots=True)
class RehearsedBank:
    """The account, and its lines by what they name."""

    clock: Callable[[], float]
    account: Account = field(init=False)
    read: list[Credit] = field(default_factory=list)
    naming: defaultdict[str, list[Credit]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.account = Account(BANK_BIN, NUMBER, clock=self.clock, first_number=FIRST_NUMBER)

    def pay(self, *, amount: int, memo: str) -> tuple[Entry, str]:
        """Take a transfer; the line, and the name of its money."""
        entry = self.account.receive(amount=amount, memo=memo)
        return entry, money_name(bank_bin=BANK_BIN, number=NUMBER, credit=self.lines()[-1])

    def lines(self) -> list[Credit]:
        """Read every line from its row of the list, each once."""
        for entry in self.account.entries[len(self.read) :]:
            credit = sepay_listed(listed(self.account, entry))
            self.read.append(credit)
            if credit.amount > 0:
                for reference in references_in(credit.memo):
                    self.naming[reference].append(credit)
        return self.read

    def balance(self) -> int:
        return sum(entry.amount for entry in self.account.entries)

    def tell(
        self, entry: Entry, *, service: str, forged: bool, altered: bool
    ) -> tuple[bytes, Callable[[], dict[str, str]]]:
        """Write a service's message of a line: the body now, its signature when it is sent."""

        def written(*, wrong_by: int) -> tuple[bytes, dict[str, str]]:
            faults = Faults(wrong_signature=forged, amount_off=wrong_by)
            envelope = TELLERS[service](
                self.account, entry, url="", secret=FEED_SECRETS[service], faults=faults
            )
            return envelope.body or b"", dict(envelope.headers)

        body, _signed_too_early = written(wrong_by=ALTERED_BY if altered else 0)
        return body, lambda: written(wrong_by=0)[1]


class BankLine(VietqrGateway):
    """The adapter, with a wire to the bank of a rehearsal."""

    def __init__(
        self, bank: RehearsedBank, *, trouble: Callable[[str], None], now: datetime
    ) -> None:
        super().__init__(
            VietqrSettings(
                mode=settings.MODE,
                bank_bin=BANK_BIN,
                number=NUMBER,
                api_base="https://rehearsal.invalid",
                api_key=KEY,
                minimum=MINIMUM_VND,
                maximum=MAXIMUM_VND,
                timeout_s=1,
            )
        )
        self.bank = bank
        self.trouble = trouble
        self.now = now

    def start(self, purchase: Purchase) -> PaymentState | Refused:
        state = super().start(purchase)
        if isinstance(state, Refused):
            return state
        # A buyer's app reads the code with other eyes than those that wrote it.
        seen = scan(state.action_payload)
        right = (seen.bank, seen.account, seen.amount, seen.memo)
        if right != (BANK_BIN, NUMBER, purchase.amount, state.reference):
            return Refused("the code reads otherwise than it was meant")
        return state

    def lines_that_name(self, reference: str) -> list[Credit]:
        self.trouble("before question")
        self.bank.lines()
        found = self.bank.naming.get(reference[-LENGTH:], [])
        self.trouble("after question")
        return list(found)

    def lines(self) -> list[Credit]:
        self.trouble("before list")
        first = self.now - LIST_REACHES_BACK
        found = [line for line in self.bank.lines() if line.booked_at >= first]
        self.trouble("after list")
        return found

    def ask(self, path: str, *, question: dict[str, Any] | None = None) -> dict[str, Any]:
        self.trouble("before transfer")
        if question is not None:
            answer = self.bank.account.transfer(question)
        else:
            request = parse_qs(urlsplit(path).query)["request"][0]
            unknown = {"request": request, "status": "unknown"}
            answer = self.bank.account.transfers.get(request, unknown)
        self.trouble("after transfer")
        return answer
