"""How the services that read the account tell of a line, signed in their own ways."""

import hashlib
import hmac
import json
import time
from typing import Any

from payments.gateways.bank_simulator.account import Account, Entry
from payments.gateways.simulating.faults import Faults
from payments.gateways.simulating.postman import Envelope

FALSE_SECRET = "of-somebody-else"  # noqa: S105 - what a forger has


def sepay_message(
    account: Account, entry: Entry, *, url: str, secret: str, faults: Faults
) -> Envelope:
    """Write SePay's message: the signature stands over the time and the raw body."""
    facts = {
        "id": entry.number,
        "gateway": "Vietcombank",
        "transactionDate": entry.booked,
        "accountNumber": told_number(account, faults),
        "code": None,
        "content": entry.content,
        "transferType": "in" if entry.amount > 0 else "out",
        "transferAmount": abs(entry.amount) + faults.amount_off,
        "accumulated": 0,
        "subAccount": None,
        "referenceCode": entry.reference,
        "description": "",
    }
    body = json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()
    stamp = str(int(time.time()))
    key = (FALSE_SECRET if faults.wrong_signature else secret).encode()
    mark = hmac.digest(key, f"{stamp}.".encode() + body, hashlib.sha256).hex()
    headers = {
        "Content-Type": "application/json",
        "X-SePay-Timestamp": stamp,
        "X-SePay-Signature": f"sha256={mark}",
    }
    return Envelope(url, body, headers)


def casso_message(
    account: Account, entry: Entry, *, url: str, secret: str, faults: Faults
) -> Envelope:
    """Write Casso's message: the signature stands over the names in their order."""
    facts: dict[str, Any] = {
        "error": 0,
        "data": {
            "id": entry.number,
            "reference": entry.reference,
            "description": entry.content,
            "amount": entry.amount + faults.amount_off,
            "runningBalance": 0,
            "transactionDateTime": entry.booked,
            "accountNumber": told_number(account, faults),
            "bankName": "Vietcombank",
            "bankAbbreviation": "VCB",
            "virtualAccountNumber": "",
            "virtualAccountName": "",
            "counterAccountName": entry.payer,
            "counterAccountNumber": entry.payer_account,
            "counterAccountBankId": "",
            "counterAccountBankName": "",
        },
    }
    stamp = str(int(time.time() * 1000))
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    key = (FALSE_SECRET if faults.wrong_signature else secret).encode()
    mark = hmac.digest(key, f"{stamp}.{text}".encode(), hashlib.sha512).hex()
    headers = {
        "Content-Type": "application/json",
        "X-Casso-Signature": f"t={stamp},v1={mark}",
    }
    return Envelope(url, json.dumps(facts, ensure_ascii=False).encode(), headers)


def told_number(account: Account, faults: Faults) -> str:
    return "9999999999" if faults.wrong_account else account.number


def listed(account: Account, entry: Entry) -> dict[str, Any]:
    """Write a row of SePay's list, where numbers are texts."""
    return {
        "id": str(entry.number),
        "bank_brand_name": "Vietcombank",
        "account_number": account.number,
        "transaction_date": entry.booked,
        "amount_out": f"{max(-entry.amount, 0)}.00",
        "amount_in": f"{max(entry.amount, 0)}.00",
        "accumulated": "0.00",
        "transaction_content": entry.content,
        "reference_number": entry.reference,
        "code": None,
        "sub_account": None,
    }
