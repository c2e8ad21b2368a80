"""How VNPAY signs: one rule for addresses, another for questions and answers."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from urllib.parse import parse_qsl, quote_plus

OURS: Final = "vnp_"
UNSIGNED: Final = frozenset({"vnp_SecureHash", "vnp_SecureHashType"})

QUERY_REQUEST: Final = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)
REFUND_ANSWER: Final = (
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
)
QUERY_ANSWER: Final = (*REFUND_ANSWER, "vnp_PromotionCode", "vnp_PromotionAmount")
REFUND_REQUEST: Final = (
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
)


def signature(data: str, *, secret: str) -> str:
    return hmac.new(secret.encode(), data.encode(), hashlib.sha512).hexdigest()


def address_data(params: Mapping[str, str], *, keep_empty: bool = False) -> str:
    """Write the signed part of an address: sorted by name, encoded as a form is."""
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value)}"
        for name, value in sorted(params.items())
        if name.startswith(OURS) and name not in UNSIGNED and (value or keep_empty)
    )


def piped(values: Mapping[str, object], names: Iterable[str]) -> str:
    """Write the signed part of a question or an answer: raw values between bars."""
    return "|".join("" if values.get(name) is None else str(values[name]) for name in names)


def read_address(query: str) -> dict[str, str] | None:
    """Read VNPAY's parameters of an address; None when one stands twice or is no text."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=False, errors="strict")
    except (ValueError, UnicodeDecodeError):
        return None
    ours = [(name, value) for name, value in pairs if name.startswith(OURS)]
    params = dict(ours)
    # VNPAY writes no control characters, and the database keeps none.
    whole = len(params) == len(ours) and all(value.isprintable() for value in params.values())
    return params if whole else None


def is_signed(params: Mapping[str, str], *, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets signed these; VNPAY's own samples differ about empty values."""
    given = params.get("vnp_SecureHash", "").lower().encode()
    return any(
        hmac.compare_digest(signature(data, secret=secret).encode(), given)
        for data in (address_data(params), address_data(params, keep_empty=True))
        for secret in secrets
    )


def is_answered_by(
    answer: Mapping[str, object], names: Iterable[str], *, secrets: Sequence[str]
) -> bool:
    """Whether one of the secrets signed this answer, with its values untouched."""
    given = str(answer.get("vnp_SecureHash", "")).lower().encode()
    data = piped(answer, names)
    return any(
        hmac.compare_digest(signature(data, secret=secret).encode(), given) for secret in secrets
    )
