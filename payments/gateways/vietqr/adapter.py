"""VietQR as one of our providers: a code instead of a page, and the bank's own list as proof."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from payments.gateways.lines_out import ask_json
from payments.gateways.protocol import (
    About,
    AmountNotSupported,
    GatewayUnavailable,
    PaymentState,
    Phase,
    ProviderEvent,
    Purchase,
    Receipt,
    RefundOrder,
    RefundPhase,
    RefundState,
    Refused,
    Subject,
    WebhookRefused,
)
from payments.gateways.references import LENGTH, PREFIX, REFUND_MEMO, is_reference, references_in
from payments.gateways.vietqr.credits import (
    VIETNAM,
    Credit,
    NotACredit,
    money_name,
    sepay_listed,
)
from payments.gateways.vietqr.payload import CannotEncode, Transfer, decode, encode

MINIMUM_VND: Final = 1_000
# What goes through the fast line between banks at once.
MAXIMUM_VND: Final = 499_999_999
PAGE_LIVES: Final = timedelta(minutes=20)
# Banks queue transfers at night; a line that comes later still finds its order.
LAST_WORD_AFTER: Final = timedelta(hours=1)
LIST_REACHES_BACK: Final = timedelta(days=3)
LONGEST_LIST: Final = 5_000
REFUND_PHASE: Final = {
    "accepted": RefundPhase.UNDER_WAY,
    "done": RefundPhase.SUCCEEDED,
    "returned": RefundPhase.FAILED,
}


@dataclass(frozen=True, slots=True)
class VietqrSettings:
    """One bank account, and the line that reads it."""

    mode: str
    bank_bin: str
    number: str
    # Empty: nobody can be asked, and money is sent back by hand.
    api_base: str
    api_key: str = field(repr=False)
    minimum: int
    maximum: int
    timeout_s: float


class VietqrGateway:
    """`PaymentGateway` for one bank account."""

    def __init__(self, settings: VietqrSettings) -> None:
        self.settings = settings

    @property
    def live(self) -> bool:
        return self.settings.mode == "production"

    @property
    def page_lives(self) -> timedelta:
        return PAGE_LIVES

    @property
    def last_word_after(self) -> timedelta:
        return LAST_WORD_AFTER

    def supports(self, *, amount: int) -> AmountNotSupported | None:
        least, most = self.settings.minimum, self.settings.maximum
        return None if least <= amount <= most else AmountNotSupported(least, most)

    def start(self, purchase: Purchase) -> PaymentState | Refused:
        """Write the code. No bank hears of it until somebody pays."""
        memo = PREFIX + purchase.reference
        transfer = Transfer(self.settings.bank_bin, self.settings.number, purchase.amount, memo)
        try:
            payload = encode(transfer)
        except CannotEncode as error:
            return Refused(str(error))
        read = decode(payload)
        # What is shown has been read again: a wrong code sends money to a stranger.
        if not isinstance(read, Transfer) or (read.account, read.memo) != (transfer.account, memo):
            return Refused("the code does not read as it was written")
        return self.state(
            memo,
            amount=purchase.amount,
            order_code=purchase.order_code,
            attempt_id=purchase.attempt_id,
            action_payload=payload,
        )

    def find(self, purchase: Purchase) -> PaymentState | None:
        return self.look_up(PREFIX + purchase.reference)

    def look_up(self, reference: str) -> PaymentState | None:
        """Ask the bank for every line that carries the reference; None when there is none."""
        if not self.can_be_asked or not is_reference(reference[-LENGTH:]):
            return None
        lines = self.lines_that_name(reference[-LENGTH:])
        return self.state_of(reference, lines) if lines else None

    def lines_that_name(self, reference: str) -> list[Credit]:
        """Find the money that came under a reference among the account's lines."""
        return [
            line
            for line in self.lines()
            if line.amount > 0 and reference in references_in(line.memo)
        ]

    def state_of(self, reference: str, lines: list[Credit]) -> PaymentState:
        """Compose what some lines of the account mean for one reference."""
        receipts = tuple(Receipt(self.money_name(line), line.amount) for line in lines)
        total = sum(line.amount for line in lines)
        return self.state(reference, phase=Phase.PAID, amount=total, receipts=receipts)

    def money_name(self, credit: Credit) -> str:
        return money_name(
            bank_bin=self.settings.bank_bin, number=self.settings.number, credit=credit
        )

    def close(self, reference: str) -> PaymentState | None:
        # Nothing stops a transfer; what comes too late goes back.
        return self.look_up(reference)

    @property
    def can_be_asked(self) -> bool:
        return bool(self.settings.api_base and self.settings.api_key)

    def lines(self) -> list[Credit]:
        """Read the account's lines of the last days."""
        first = datetime.now(VIETNAM) - LIST_REACHES_BACK
        query = urlencode(
            {
                "account_number": self.settings.number,
                "transaction_date_min": f"{first:%Y-%m-%d}",
                "limit": LONGEST_LIST,
            }
        )
        answer = self.ask(f"/userapi/transactions/list?{query}")
        try:
            return [sepay_listed(row) for row in answer.get("transactions") or []]
        except (NotACredit, AttributeError, TypeError) as error:
            raise GatewayUnavailable("a list that cannot be read", executed=True) from error

    def read_webhook(
        self, *, body: bytes, headers: Mapping[str, str]
    ) -> ProviderEvent | WebhookRefused:
        return WebhookRefused("the bank's services have addresses of their own")

    def subject_of(self, body: bytes) -> Subject:
        return Subject(About.NOTHING)

    def state_in(self, body: bytes) -> PaymentState | None:
        return None

    def refund(self, refund: RefundOrder) -> RefundState | Refused:
        """Send money back to whom it came from, as the bank knows them; nobody types an account."""
        if not self.can_be_asked:
            return Refused("no bank line: by transfer")
        wanted = {
            "request": refund_reference(refund),
            "original": refund.payment_reference.split(":")[1],
            "amount": refund.amount,
            "memo": f"{REFUND_MEMO} {refund.attempt_reference}",
        }
        answer = self.ask("/transfers", question=wanted)
        if answer.get("status") == "refused":
            return Refused(str(answer.get("reason")))
        return refund_state(answer)

    def look_up_refund(self, reference: str) -> RefundState | None:
        if not self.can_be_asked:
            return None
        answer = self.ask(f"/transfers?{urlencode({'request': reference})}")
        return None if answer.get("status") == "unknown" else refund_state(answer)

    def ask(self, path: str, *, question: dict[str, Any] | None = None) -> dict[str, Any]:
        return ask_json(
            f"{self.settings.api_base.rstrip('/')}{path}",
            question=question,
            headers={"Authorization": f"Bearer {self.settings.api_key}"},
            timeout_s=self.settings.timeout_s,
        )

    def state(
        self, reference: str, *, amount: int, phase: Phase = Phase.OPEN, **facts: Any
    ) -> PaymentState:
        return PaymentState(
            reference=reference,
            phase=phase,
            amount=amount,
            currency="vnd",
            live=self.live,
            environment=self.settings.mode,
            **{
                "payment_reference": "",
                "refunded_amount": 0,
                "action_url": "",
                "order_code": "",
                "attempt_id": None,
                **facts,
            },
        )


def refund_reference(refund: RefundOrder) -> str:
    return f"{refund.attempt_reference}R{refund.refund_id}"


def refund_state(answer: dict[str, Any]) -> RefundState:
    reference = str(answer.get("request"))
    mark = reference.rpartition("R")[2]
    phase = REFUND_PHASE.get(str(answer.get("status")), RefundPhase.UNDER_WAY)
    return RefundState(reference, phase, int(mark) if mark.isdigit() else None)
