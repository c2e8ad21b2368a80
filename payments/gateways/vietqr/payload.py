"""What a VietQR says: this much, to this account at this bank, with these words."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from payments.gateways.vietqr import tlv

GUID: Final = "A000000727"
TO_ACCOUNT: Final = "QRIBFTTA"
TO_CARD: Final = "QRIBFTTC"
VND: Final = "704"
LONGEST_ACCOUNT: Final = 19
LONGEST_AMOUNT: Final = 13
# The shortest limit among the banks.
LONGEST_MEMO: Final = 19
LONGEST_BILL: Final = 25

BIN: Final = re.compile(r"[0-9]{6}")
ACCOUNT: Final = re.compile(r"[0-9A-Za-z]{1,19}")
AMOUNT: Final = re.compile(r"[1-9][0-9]{0,12}")
BILL: Final = re.compile(r"[0-9A-Za-z.-]{1,25}")


class CannotEncode(ValueError):  # noqa: N818 - a sentence for whoever asked
    """The facts do not fit into a code that every bank reads."""


class Reason(StrEnum):
    """Why a text is no VietQR. Outside programs rely on these names."""

    BAD_CRC = "bad_crc"
    MALFORMED = "malformed"
    TRAILING_DATA = "trailing_data"
    DUPLICATE = "duplicate"
    WRONG_GUID = "wrong_guid"
    WRONG_CURRENCY = "wrong_currency"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What the buyer's app is told to do. Without an amount, the buyer types it."""

    bank_bin: str
    account: str
    amount: int | None = None
    memo: str = ""
    bill: str = ""
    service: str = TO_ACCOUNT
    # `11` many times, `12` once. Empty: once where there is an amount.
    initiation: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    reason: Reason


def folded(text: str) -> str:
    """Write a memo as every bank keeps it: no marks on letters, nothing but letters and digits."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = "".join(one for one in bare if not unicodedata.combining(one))
    return " ".join(re.sub(r"[^0-9A-Za-z]+", " ", letters).split())


def encode(transfer: Transfer) -> str:
    """Write the code of a transfer; the same transfer is always the same text."""
    memo = folded(transfer.memo)
    check(transfer, memo=memo)
    beneficiary = tlv.written([("00", transfer.bank_bin), ("01", transfer.account)])
    merchant = tlv.written([("00", GUID), ("01", beneficiary), ("02", transfer.service)])
    text = tlv.written(
        [
            ("00", "01"),
            ("01", transfer.initiation or ("11" if transfer.amount is None else "12")),
            ("38", merchant),
            ("53", VND),
            ("54", "" if transfer.amount is None else str(transfer.amount)),
            ("58", "VN"),
            ("62", tlv.written([("01", transfer.bill), ("08", memo)])),
        ]
    )
    return f"{text}{tlv.CRC_HEAD}{tlv.crc(text + tlv.CRC_HEAD)}"


def check(transfer: Transfer, *, memo: str) -> None:
    """Say in a sentence what cannot be written."""
    amount = "1" if transfer.amount is None else str(transfer.amount)
    rules = (
        (BIN.fullmatch(transfer.bank_bin), "The bank's number (BIN) has six digits."),
        (
            ACCOUNT.fullmatch(transfer.account),
            f"An account has up to {LONGEST_ACCOUNT} letters and digits.",
        ),
        (AMOUNT.fullmatch(amount), f"An amount is whole đồng, up to {LONGEST_AMOUNT} digits."),
        (
            len(memo) <= LONGEST_MEMO and (memo or not transfer.memo),
            f"A memo has up to {LONGEST_MEMO} letters, digits and spaces.",
        ),
        (
            not transfer.bill or BILL.fullmatch(transfer.bill),
            f"A bill number has up to {LONGEST_BILL} letters and digits.",
        ),
        (transfer.service in {TO_ACCOUNT, TO_CARD}, "This service is not for transfers."),
    )
    for holds, sentence in rules:
        if not holds:
            raise CannotEncode(sentence)


def decode(text: str) -> Transfer | Unreadable:
    """Read a code as strictly as a careful bank: whole, unchanged, in đồng, for NAPAS."""
    split = len(text) - tlv.CRC_DIGITS
    ends_well = text[:split].endswith(tlv.CRC_HEAD)
    if ends_well and tlv.crc(text[:split]) != text[split:]:
        return Unreadable(Reason.BAD_CRC)
    try:
        objects = tlv.read(text)
        numbers = [number for number, _value in objects]
        if "63" in numbers[:-1]:
            return Unreadable(Reason.TRAILING_DATA)
        if not ends_well or numbers[-1] != "63":
            return Unreadable(Reason.MALFORMED)
        if len(set(numbers)) < len(numbers):
            return Unreadable(Reason.DUPLICATE)
        return _transfer(dict(objects))
    except tlv.Malformed:
        return Unreadable(Reason.TRAILING_DATA if _goes_on(text) else Reason.MALFORMED)


def _goes_on(text: str) -> bool:
    """Whether a whole code ends somewhere before the text does."""
    ends = (found.end() for found in re.finditer(r"6304(?=[0-9A-F]{4}.)", text, flags=re.DOTALL))
    return any(tlv.crc(text[:end]) == text[end : end + tlv.CRC_DIGITS] for end in ends)


def _transfer(root: dict[str, str]) -> Transfer | Unreadable:
    merchant = _template(root.get("38", ""))
    if merchant.get("00") != GUID:
        return Unreadable(Reason.WRONG_GUID)
    if root.get("53") != VND:
        return Unreadable(Reason.WRONG_CURRENCY)
    beneficiary = _template(merchant.get("01", ""))
    extra = _template(root["62"]) if "62" in root else {}
    bank_bin, account = beneficiary.get("00", ""), beneficiary.get("01", "")
    amount, service = root.get("54"), merchant.get("02", "")
    whole = (
        root.get("00") == "01"
        and root.get("01") in {"11", "12"}
        and root.get("58") == "VN"
        and service in {TO_ACCOUNT, TO_CARD}
        and BIN.fullmatch(bank_bin)
        and ACCOUNT.fullmatch(account)
        and (amount is None or AMOUNT.fullmatch(amount))
    )
    if not whole:
        return Unreadable(Reason.MALFORMED)
    return Transfer(
        bank_bin=bank_bin,
        account=account,
        amount=None if amount is None else int(amount),
        memo=extra.get("08", ""),
        bill=extra.get("01", ""),
        service=service,
        initiation=root["01"],
    )


def _template(text: str) -> dict[str, str]:
    objects = tlv.read(text)
    if len(dict(objects)) < len(objects):
        raise tlv.Malformed("an object stands twice")
    return dict(objects)
