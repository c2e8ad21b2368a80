"""VNPAY as one of our providers. Amounts are a hundred times đồng in here, and nowhere else."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from payments.gateways.lines_out import ask_json
from payments.gateways.protocol import (
    About,
    AmountNotSupported,
    GatewayUnavailable,
    PaymentState,
    Phase,
    ProviderEvent,
    Purchase,
    RefundOrder,
    RefundPhase,
    RefundState,
    Refused,
    Subject,
    WebhookRefused,
)
from payments.gateways.vnpay import reading, signing

log = structlog.get_logger("payments.vnpay")

VERSION: Final = "2.1.0"
MINIMUM_VND: Final = 5_000
MAXIMUM_VND: Final = 1_000_000_000
PAGE_LIVES: Final = timedelta(minutes=15)
# VNPAY knows nothing of a buyer who has not come yet, and may be slow to say that one came.
LAST_WORD_AFTER: Final = timedelta(hours=1)
# What an answer says of the question, not of the payment.
UNKNOWN: Final = "91"
REFUND_REPEATED: Final = "94"
REFUND_REFUSED: Final = frozenset({"91", "95"})
REFUND_SENT: Final = frozenset({"00", "06"})
REFUND_REJECTED: Final = "09"
ADDRESS_LENGTH: Final = range(7, 46)
NEVER_MISSING: Final = (
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_ResponseCode",
    "vnp_TransactionStatus",
)
WITH_MONEY: Final = frozenset({Phase.PAID, Phase.SUSPECT})
# Every encoder writes these alike, so every side signs alike.
PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ._:/?=&%-")


@dataclass(frozen=True, slots=True)
class VnpaySettings:
    """One terminal, and where VNPAY is."""

    mode: str
    terminal: str
    # The one in use first, then those that it replaces.
    hash_secrets: tuple[str, ...] = field(repr=False)
    pay_url: str
    api_url: str
    server_address: str
    minimum: int
    maximum: int
    timeout_s: float


class VnpayGateway:
    """`PaymentGateway` for one terminal at VNPAY."""

    def __init__(self, settings: VnpaySettings) -> None:
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
        """Write the address of the page; VNPAY hears of it when the buyer comes."""
        params = self.pay_params(purchase)
        if not all(PLAIN.issuperset(value) for value in params.values()):
            return Refused("a value has letters that the two sides would sign differently")
        data = signing.address_data(params)
        signed = signing.signature(data, secret=self.settings.hash_secrets[0])
        return self.state(
            params["vnp_TxnRef"],
            Phase.OPEN,
            amount=purchase.amount,
            order_code=purchase.order_code,
            attempt_id=purchase.attempt_id,
            action_url=f"{self.settings.pay_url}?{data}&vnp_SecureHash={signed}",
        )

    def pay_params(self, purchase: Purchase) -> dict[str, str]:
        return {
            "vnp_Version": VERSION,
            "vnp_Command": "pay",
            "vnp_TmnCode": self.settings.terminal,
            "vnp_Amount": str(purchase.amount * reading.DONG_IN),
            "vnp_CurrCode": "VND",
            "vnp_TxnRef": reference_of(purchase),
            "vnp_OrderInfo": f"Ve tham quan {purchase.order_code}",
            "vnp_OrderType": "other",
            "vnp_ReturnUrl": purchase.return_url,
            "vnp_IpAddr": address_of(purchase) or self.settings.server_address,
            "vnp_Locale": "vn" if purchase.language == "vi" else "en",
            "vnp_CreateDate": reading.stamp(purchase.started_at),
            "vnp_ExpireDate": reading.stamp(purchase.expires_at),
        }

    def find(self, purchase: Purchase) -> PaymentState | None:
        return self.look_up(reference_of(purchase))

    def look_up(self, reference: str) -> PaymentState | None:
        answer = self.query(reference)
        if answer is None:
            return None
        amount = reading.dong(answer.get("vnp_Amount"))
        phase = reading.phase_of_answer(answer)
        gone = amount if answer.get("vnp_TransactionType") in reading.REFUNDS else 0
        return self.state(
            reference,
            phase,
            amount=amount,
            # VNPAY numbers a try too; money has a name only where there is some.
            payment_reference=number_of(answer) if phase in WITH_MONEY else "",
            refunded_amount=gone,
            order_code=order_in(answer),
            note=f"status {answer.get('vnp_TransactionStatus')}",
        )

    def close(self, reference: str) -> PaymentState | None:
        # Nothing stops a page of VNPAY but its own time.
        return self.look_up(reference)

    def query(self, reference: str) -> dict[str, Any] | None:
        """Ask what became of a payment; None when VNPAY does not know it."""
        name = reading.name_of(reference)
        if name is None:
            return None
        question = self.question("querydr", reference, name) | {
            "vnp_OrderInfo": f"Truy van GD {name.reference}"
        }
        answer = self.ask(question, signing.QUERY_REQUEST, signing.QUERY_ANSWER)
        if answer["vnp_ResponseCode"] == UNKNOWN:
            return None
        if answer["vnp_ResponseCode"] != reading.DONE:
            raise GatewayUnavailable(f"querydr {answer['vnp_ResponseCode']}", executed=True)
        return answer

    def read_webhook(
        self, *, body: bytes, headers: Mapping[str, str]
    ) -> ProviderEvent | WebhookRefused:
        """Verify a confirmation: its body is the query of the address, as it came."""
        params = params_of(body)
        if params is None:
            return WebhookRefused("a parameter stands twice, or is no text")
        if params.get("vnp_TmnCode") != self.settings.terminal:
            return WebhookRefused("another terminal")
        if not signing.is_signed(params, secrets=self.settings.hash_secrets):
            return WebhookRefused("bad signature")
        if not all(params.get(name) for name in NEVER_MISSING):
            # Half a message is no failure: recorded as one, it would end a payment that was made.
            return WebhookRefused("not whole", incomplete=True)
        # The same message again has the same signature, and nothing else has.
        return ProviderEvent(params["vnp_SecureHash"].lower(), "ipn", VERSION)

    def subject_of(self, body: bytes) -> Subject:
        return Subject(About.PAYMENT, (params_of(body) or {}).get("vnp_TxnRef", ""))

    def state_in(self, body: bytes) -> PaymentState | None:
        params = params_of(body) or {}
        codes = f"{params.get('vnp_ResponseCode')}/{params.get('vnp_TransactionStatus')}"
        return self.state(
            params.get("vnp_TxnRef", ""),
            reading.phase_of_message(params),
            amount=reading.dong(params.get("vnp_Amount")),
            payment_reference=number_of(params),
            order_code=order_in(params),
            note=f"code {codes}",
        )

    def refund(self, refund: RefundOrder) -> RefundState | Refused:
        """Ask for money to go back: VNPAY accepts it now and sends it later."""
        name = reading.name_of(refund.attempt_reference)
        if name is None:
            return Refused("not a payment at VNPAY")
        # Where the answer could be about an earlier part of the same amount, the same request is
        # sent again instead: VNPAY knows it by its number and answers that it has it.
        looks = refund.tried_before and not refund.same_before
        known = self.look_up_refund(refund_reference(refund)) if looks else None
        if known is not None:
            return known
        question = self.question("refund", refund.attempt_reference, name) | {
            "vnp_RequestId": f"RF{refund.refund_id}D{reading.stamp(refund.requested_at)}"
            if refund.requested_at
            else f"RF{refund.refund_id}",
            "vnp_TransactionType": "02" if refund.amount == refund.paid_amount else "03",
            "vnp_Amount": str(refund.amount * reading.DONG_IN),
            "vnp_TransactionNo": refund.payment_reference,
            "vnp_CreateBy": "ngomon",
            "vnp_OrderInfo": f"Hoan tien {name.reference}",
        }
        answer = self.ask(question, signing.REFUND_REQUEST, signing.REFUND_ANSWER)
        code = answer["vnp_ResponseCode"]
        if code in {reading.DONE, REFUND_REPEATED}:
            return RefundState(refund_reference(refund), RefundPhase.UNDER_WAY, refund.refund_id)
        if code in REFUND_REFUSED:
            return Refused(f"refund {code}")
        raise GatewayUnavailable(f"refund {code}", executed=True)

    def look_up_refund(self, reference: str) -> RefundState | None:
        """Ask about a refund. VNPAY tells of the latest alone: another one says nothing of ours."""
        attempt_reference, _, rest = reference.partition("-")
        refund_id, _, amount = rest.partition("-")
        if not (refund_id.isdigit() and amount.isdigit()):
            return None
        answer = self.query(attempt_reference)
        if answer is None or answer.get("vnp_TransactionType") not in reading.REFUNDS:
            return None
        status = str(answer.get("vnp_TransactionStatus"))
        ours = reading.dong(answer.get("vnp_Amount")) == int(amount)
        if ours and status in REFUND_SENT:
            phase = RefundPhase.SUCCEEDED
        elif ours and status == REFUND_REJECTED:
            phase = RefundPhase.FAILED
        else:
            phase = RefundPhase.UNDER_WAY
        return RefundState(reference, phase, int(refund_id))

    def question(self, command: str, reference: str, name: reading.Name) -> dict[str, str]:
        return {
            "vnp_RequestId": secrets.token_hex(12),
            "vnp_Version": VERSION,
            "vnp_Command": command,
            "vnp_TmnCode": self.settings.terminal,
            "vnp_TxnRef": reference,
            "vnp_TransactionDate": name.started,
            "vnp_CreateDate": reading.stamp(datetime.now(UTC)),
            "vnp_IpAddr": self.settings.server_address,
        }

    def ask(
        self, question: dict[str, str], asked: tuple[str, ...], answered: tuple[str, ...]
    ) -> dict[str, Any]:
        """Ask, and believe only an answer that VNPAY signed and that is about the question."""
        data = signing.piped(question, asked)
        signed = signing.signature(data, secret=self.settings.hash_secrets[0])
        answer = ask_json(
            self.settings.api_url,
            question=question | {"vnp_SecureHash": signed},
            timeout_s=self.settings.timeout_s,
        )
        if not signing.is_answered_by(answer, answered, secrets=self.settings.hash_secrets):
            raise GatewayUnavailable(
                f"an answer that nobody signed ({answer.get('vnp_ResponseCode')})", executed=True
            )
        theirs = (answer.get("vnp_TmnCode"), answer.get("vnp_TxnRef"))
        if theirs != (question["vnp_TmnCode"], question["vnp_TxnRef"]):
            raise GatewayUnavailable("an answer to another question", executed=True)
        return answer

    def state(
        self,
        reference: str,
        phase: Phase,
        *,
        amount: int,
        order_code: str = "",
        attempt_id: int | None = None,
        **facts: Any,
    ) -> PaymentState:
        """Compose a state; what VNPAY does not repeat is what we wrote when we started."""
        return PaymentState(
            reference=reference,
            phase=phase,
            amount=amount,
            currency="vnd",
            live=self.live,
            environment=self.settings.mode,
            order_code=order_code,
            attempt_id=attempt_id,
            **{
                "payment_reference": "",
                "refunded_amount": 0,
                "action_url": "",
                **facts,
            },
        )


def reference_of(purchase: Purchase) -> str:
    return f"{purchase.reference}T{reading.stamp(purchase.started_at)}"


def address_of(purchase: Purchase) -> str:
    """Return the buyer's address, where it is one that VNPAY takes."""
    address = purchase.buyer_address
    return address if len(address) in ADDRESS_LENGTH and PLAIN.issuperset(address) else ""


def refund_reference(refund: RefundOrder) -> str:
    return f"{refund.attempt_reference}-{refund.refund_id}-{refund.amount}"


def params_of(body: bytes) -> dict[str, str] | None:
    return signing.read_address(body.decode("ascii")) if body.isascii() else None


def terminal_of(body: bytes) -> str:
    """Read which terminal a message claims to be for, before anything is proven."""
    return (params_of(body) or {}).get("vnp_TmnCode", "")


def order_in(facts: Mapping[str, object]) -> str:
    """Read the order's code, the last word of what we wrote on the payment."""
    return str(facts.get("vnp_OrderInfo") or "").rpartition(" ")[2]


def number_of(facts: Mapping[str, object]) -> str:
    """Read VNPAY's number of the money; it is 0 where there is none."""
    number = str(facts.get("vnp_TransactionNo") or "")
    return "" if number == "0" else number
