"""What the simulator knows of each payment: opened by a buyer, then paid, refused or expired."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

HUE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
NOT_COMPLETED: Final = "01"


@dataclass
class Movement:
    """One payment, and the latest refund of it."""

    reference: str
    # A hundred times đồng, as everything in VNPAY's words.
    amount: int
    created: str
    info: str
    number: str
    response: str = ""
    status: str = NOT_COMPLETED
    paid_at: str = ""
    bank: str = "NCB"
    refunded: int = 0
    # Type, amount and state of the latest refund.
    refund: dict[str, Any] = field(default_factory=dict)
    requests: set[str] = field(default_factory=set)


@dataclass
class Book:
    """All payments by their reference. Whoever changes something holds `lock`."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    movements: dict[str, Movement] = field(default_factory=dict)
    clock_ahead_s: int = 0
    # What a new refund says of itself until the bank has answered.
    refund_status: str = "06"

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=self.clock_ahead_s)

    def stamp(self) -> str:
        return self.now().astimezone(HUE).strftime("%Y%m%d%H%M%S")

    def open(self, params: dict[str, str]) -> Movement | None:
        """A buyer came with a signed address; None when the reference is another payment's."""
        reference = params["vnp_TxnRef"]
        known = self.movements.get(reference)
        if known is None:
            known = Movement(
                reference,
                int(params["vnp_Amount"]),
                params["vnp_CreateDate"],
                params["vnp_OrderInfo"],
                number=str(10_000_000 + secrets.randbelow(89_999_999)),
            )
            self.movements[reference] = known
        same = (known.amount, known.created) == (
            int(params["vnp_Amount"]),
            params["vnp_CreateDate"],
        )
        return known if same else None

    def finish(self, movement: Movement, *, response: str) -> None:
        """The buyer's bank has spoken. What was paid stays paid."""
        if movement.status == "00":
            return
        movement.response = response
        movement.status = {"00": "00", "07": "07"}.get(response, "02")
        movement.paid_at = self.stamp()


def message_of(movement: Movement, *, terminal: str) -> dict[str, str]:
    """Write what VNPAY tells of a payment, to the browser and to the merchant alike."""
    took_money = movement.status in {"00", "07"}
    return {
        "vnp_TmnCode": terminal,
        "vnp_Amount": str(movement.amount),
        "vnp_BankCode": movement.bank,
        "vnp_BankTranNo": f"VNP{movement.number}" if took_money else "",
        "vnp_CardType": "ATM",
        "vnp_OrderInfo": movement.info,
        "vnp_PayDate": movement.paid_at,
        "vnp_ResponseCode": movement.response,
        "vnp_TransactionNo": movement.number if took_money else "0",
        "vnp_TransactionStatus": movement.status,
        "vnp_TxnRef": movement.reference,
    }
