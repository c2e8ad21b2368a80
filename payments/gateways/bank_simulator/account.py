"""The account: lines that came, lines that left, and transfers back."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

HUE: Final = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass
class Entry:
    """One line of the account, as the bank writes it."""

    number: int
    reference: str
    amount: int
    booked: str
    content: str
    payer: str = "NGUYEN VAN A"
    payer_account: str = "0123456789"
    returned: int = 0


@dataclass
class Account:
    """One account and its lines. Whoever changes something holds `lock`."""

    bank_bin: str
    number: str
    lock: threading.RLock = field(default_factory=threading.RLock)
    entries: list[Entry] = field(default_factory=list)
    transfers: dict[str, dict[str, Any]] = field(default_factory=dict)
    clock_ahead_s: int = 0
    # What a transfer says of itself until the other bank has answered.
    transfer_status: str = "done"
    first_number: int = field(default_factory=lambda: 10**6 + secrets.randbelow(10**8))
    # A rehearsal brings a clock of its own.
    clock: Callable[[], float] = time.time

    def booked(self) -> str:
        now = datetime.fromtimestamp(self.clock(), UTC) + timedelta(seconds=self.clock_ahead_s)
        return now.astimezone(HUE).strftime("%Y-%m-%d %H:%M:%S")

    def receive(self, *, amount: int, memo: str) -> Entry:
        """Book a transfer that came, with the words that the banks put around its memo."""
        number = self.first_number + len(self.entries)
        entry = Entry(
            number,
            reference=f"FT{number:012d}",
            amount=amount,
            booked=self.booked(),
            content=f"MBVCB.{number}.{memo}.CT tu 0123456789 NGUYEN VAN A toi {self.number}",
        )
        self.entries.append(entry)
        return entry

    def transfer(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Send money back to whom it came from, once for each request."""
        request, amount = str(wanted.get("request")), int(wanted.get("amount", 0))
        if request in self.transfers:
            return self.transfers[request]
        known = (one for one in self.entries if one.reference == wanted.get("original"))
        entry = next(known, None)
        if entry is None or amount <= 0 or entry.returned + amount > entry.amount:
            return {"request": request, "status": "refused", "reason": "more than came"}
        entry.returned += amount
        number = self.first_number + len(self.entries)
        left = Entry(
            number,
            reference=f"FT{number:012d}",
            amount=-amount,
            booked=self.booked(),
            content=str(wanted.get("memo", "")),
        )
        self.entries.append(left)
        self.transfers[request] = {
            "request": request,
            "status": self.transfer_status,
            "reference": left.reference,
            "amount": amount,
        }
        return self.transfers[request]

    def returned_by_bank(self, request: str) -> None:
        self.transfers[request]["status"] = "returned"
