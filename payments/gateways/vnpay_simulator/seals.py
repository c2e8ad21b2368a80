"""VNPAY's side of the signatures, written without the code that our adapter signs with."""

import hmac
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

BAR: Final = "|"
# The orders of the fields, as the interface's description lists them.
ASKED: Final = {
    "querydr": (
        "RequestId Version Command TmnCode TxnRef TransactionDate CreateDate IpAddr OrderInfo"
    ),
    "refund": (
        "RequestId Version Command TmnCode TransactionType TxnRef Amount TransactionNo "
        "TransactionDate CreateBy CreateDate IpAddr OrderInfo"
    ),
}
ANSWERED: Final = {
    "querydr": (
        "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate "
        "TransactionNo TransactionType TransactionStatus OrderInfo PromotionCode PromotionAmount"
    ),
    "refund": (
        "ResponseId Command ResponseCode Message TmnCode TxnRef Amount BankCode PayDate "
        "TransactionNo TransactionType TransactionStatus OrderInfo"
    ),
}


def seal(text: str, *, secret: str) -> str:
    return hmac.digest(secret.encode("utf-8"), text.encode("utf-8"), "sha512").hex()


def query_of(params: Mapping[str, str]) -> str:
    """Encode as a browser's form would, in the order of the names, without what is empty."""
    kept = {name: value for name, value in params.items() if name != "vnp_SecureHash" and value}
    return urlencode([(name, kept[name]) for name in sorted(kept)])


def fits(params: Mapping[str, str], *, secret: str) -> bool:
    wanted = seal(query_of(params), secret=secret)
    return hmac.compare_digest(wanted, params.get("vnp_SecureHash", "").lower())


def bars(values: Mapping[str, Any], fields: str) -> str:
    """Join the raw values; what is missing leaves its bars."""
    return BAR.join(str(values.get(f"vnp_{name}") or "") for name in fields.split())


def question_fits(question: Mapping[str, Any], *, secret: str) -> bool:
    fields = ASKED.get(str(question.get("vnp_Command")), "")
    wanted = seal(bars(question, fields), secret=secret)
    return hmac.compare_digest(wanted, str(question.get("vnp_SecureHash", "")).lower())


def sealed_answer(answer: Mapping[str, Any], *, secret: str) -> dict[str, Any]:
    text = bars(answer, ANSWERED[str(answer["vnp_Command"])])
    return {**answer, "vnp_SecureHash": seal(text, secret=secret)}
