"""Lines of a bank account, as the services that read it tell of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

# The services write wall-clock times of Vietnam, without a zone.
VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
# The ends of the calendar cannot be moved to another zone.
YEARS: Final = range(2000, 9000)


@dataclass(frozen=True, slots=True)
class Credit:
    """One line; the amount is negative where money left."""

    source_id: str
    bank_reference: str
    amount: int
    booked_at: datetime
    memo: str
    payer_name: str = ""
    payer_account: str = ""


class NotACredit(ValueError):  # noqa: N818 - says what the line is
    """The line lacks something that every line has."""


def money_name(*, bank_bin: str, number: str, credit: Credit) -> str:
    """Name the money of a line: the same whichever service tells of it.

    The bank's number of a transfer may return on another day; with its day it does not.
    """
    day: date = credit.booked_at.astimezone(VIETNAM).date()
    name = credit.bank_reference or f"#{credit.source_id}"
    return f"{bank_bin}{number}:{name}:{day:%Y%m%d}"


def moment(value: object) -> datetime:
    """Read a time that may lack its zone."""
    try:
        read = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise NotACredit("no time") from error
    if read.year not in YEARS:
        raise NotACredit("no time of any bank")
    return read if read.tzinfo else read.replace(tzinfo=VIETNAM)


def whole(amount: object) -> int:
    """Read whole đồng; some services write decimals that are always zero."""
    if isinstance(amount, bool) or not isinstance(amount, int | float | str):
        raise NotACredit("no amount")
    try:
        exact = float(amount)
    except ValueError as error:
        raise NotACredit("no amount") from error
    if not exact.is_integer() or abs(exact) > 10**15:
        raise NotACredit("no whole amount")
    return int(exact)


def sepay_credit(facts: dict[str, Any]) -> Credit:
    amount = whole(facts.get("transferAmount"))
    return Credit(
        source_id=number_of(facts.get("id")),
        bank_reference=text_of(facts.get("referenceCode")),
        amount=amount if facts.get("transferType") == "in" else -abs(amount),
        booked_at=moment(facts.get("transactionDate")),
        memo=text_of(facts.get("content") or facts.get("description")),
    )


def sepay_listed(facts: dict[str, Any]) -> Credit:
    """Read a row of SePay's list, which names everything otherwise than its messages do."""
    came = whole(facts.get("amount_in") or 0)
    return Credit(
        source_id=number_of(facts.get("id")),
        bank_reference=text_of(facts.get("reference_number")),
        amount=came or -whole(facts.get("amount_out") or 0),
        booked_at=moment(facts.get("transaction_date")),
        memo=text_of(facts.get("transaction_content")),
    )


def casso_credit(facts: dict[str, Any]) -> Credit:
    return Credit(
        source_id=number_of(facts.get("id")),
        # The first interface calls it `tid`, and the time `when`.
        bank_reference=text_of(facts.get("reference") or facts.get("tid")),
        amount=whole(facts.get("amount")),
        booked_at=moment(facts.get("transactionDateTime") or facts.get("when")),
        memo=text_of(facts.get("description")),
        payer_name=text_of(facts.get("counterAccountName")),
        payer_account=text_of(facts.get("counterAccountNumber")),
    )


def text_of(value: object) -> str:
    """Read words of a bank as the database can keep them."""
    return str(value or "").replace("\x00", "")


def number_of(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str) or not text_of(value):
        raise NotACredit("no number")
    return text_of(value)
