"""What VNPAY's codes mean for a payment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from payments.gateways.protocol import Phase

# Wall-clock time in Vietnam, whatever the server's own zone is.
VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
STAMP: Final = "%Y%m%d%H%M%S"
# The reference of the attempt and the time of its start, which every question must repeat.
REFERENCE: Final = re.compile(r"([0-9A-HJKMNP-TV-Z]{8})T([0-9]{14})")
DONE: Final = "00"
PAYMENT: Final = "01"
REFUNDS: Final = frozenset({"02", "03"})
# Money was taken, and the bank or VNPAY has a suspicion.
SUSPICIOUS_ANSWER: Final = "07"
SUSPICIOUS_STATES: Final = frozenset({"04", "07"})
NOT_COMPLETED: Final = "01"
DONG_IN: Final = 100


def stamp(at: datetime) -> str:
    return at.astimezone(VIETNAM).strftime(STAMP)


@dataclass(frozen=True, slots=True)
class Name:
    """What the reference at VNPAY says by itself."""

    reference: str
    started: str


def name_of(reference: str) -> Name | None:
    """Read a reference of ours; None when it is not one."""
    found = REFERENCE.fullmatch(reference)
    return Name(found[1], found[2]) if found else None


def dong(amount: object) -> int:
    """Read an amount; -1 for what is no whole number of đồng, which fits no order."""
    text = str(amount)
    if not re.fullmatch(r"[0-9]{1,15}", text, flags=re.ASCII) or int(text) % DONG_IN:
        return -1
    return int(text) // DONG_IN


def phase_of_message(params: Mapping[str, str]) -> Phase:
    """Judge a confirmation: only two zeros are money without a doubt."""
    answer, status = params.get("vnp_ResponseCode"), params.get("vnp_TransactionStatus")
    if (answer, status) == (DONE, DONE):
        return Phase.PAID
    if answer == SUSPICIOUS_ANSWER or status in SUSPICIOUS_STATES:
        return Phase.SUSPECT
    return Phase.FAILED


def phase_of_answer(answer: Mapping[str, object]) -> Phase:
    """Judge an answer to a question; what was given back was paid before."""
    status = str(answer.get("vnp_TransactionStatus") or "")
    if answer.get("vnp_TransactionType") in REFUNDS or status == DONE:
        return Phase.PAID
    if status in SUSPICIOUS_STATES:
        return Phase.SUSPECT
    return Phase.OPEN if status == NOT_COMPLETED else Phase.FAILED
