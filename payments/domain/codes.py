"""The code that a buyer's bank app reads, as it is shown: drawn, and in words to copy."""

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from payments.gateways.vietqr.banks import bank_name
from payments.gateways.vietqr.payload import Transfer, decode, encode
from payments.models import PaymentAttempt

QUIET_ZONE: Final = 4


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the buyer may read, copy and scan; the holder is what their own app will show."""

    payload: str
    bank_bin: str
    bank: str
    account_number: str
    holder: str
    amount: int
    memo: str


def shown_code(attempt: PaymentAttempt, *, received: int = 0) -> ShownCode | None:
    """Compose the code of an attempt for what is still missing, under the same reference."""
    read = decode(attempt.action_payload)
    if not isinstance(read, Transfer):
        return None
    missing = replace(read, amount=attempt.amount - received)
    return ShownCode(
        payload=encode(missing),
        bank_bin=read.bank_bin,
        bank=bank_name(read.bank_bin),
        account_number=read.account,
        holder=attempt.account.holder if attempt.account else "",
        amount=attempt.amount - received,
        memo=read.memo,
    )


def drawing(payload: str) -> str:
    """Draw a code as SVG: black on white with its quiet zone, one stroke a run of modules."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(payload)
    code.make(fit=True)
    rows = code.get_matrix()
    side = len(rows) + 2 * QUIET_ZONE
    strokes = []
    for number, row in enumerate(rows, start=QUIET_ZONE):
        column = QUIET_ZONE
        for dark, run in groupby(row):
            width = len(list(run))
            if dark:
                strokes.append(f"M{column} {number}h{width}v1h-{width}z")
            column += width
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path d="{"".join(strokes)}"/></svg>'
    )
