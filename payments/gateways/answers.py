"""What each provider wants to hear about its message. Those that are not here hear plain HTTP."""

from typing import Final

from payments.gateways.protocol import Answer, Verdict


def _vnpay(code: str, message: str) -> Answer:
    # Whatever it is, the line worked: 200.
    return Answer(200, {"RspCode": code, "Message": message})


VNPAY: Final = {
    Verdict.RECORDED: _vnpay("00", "Confirm Success"),
    Verdict.REPEATED: _vnpay("02", "Order already confirmed"),
    Verdict.UNKNOWN_PAYMENT: _vnpay("01", "Order not found"),
    Verdict.WRONG_AMOUNT: _vnpay("04", "Invalid amount"),
    Verdict.UNPROVEN: _vnpay("97", "Invalid signature"),
    Verdict.EMPTY: _vnpay("99", "Input data required"),
    Verdict.FAILED: _vnpay("99", "Unknown error"),
}
TAKEN: Final = Answer(200, {"success": True})
NOT_YOURS: Final = Answer(401, {"success": False})
BANK_FEED: Final = {
    Verdict.RECORDED: TAKEN,
    Verdict.UNPROVEN: NOT_YOURS,
    Verdict.EMPTY: NOT_YOURS,
}
PRESCRIBED: Final = {"vnpay": VNPAY, "sepay": BANK_FEED, "casso": BANK_FEED}


def prescribed(provider: str, verdict: Verdict) -> Answer | None:
    return PRESCRIBED.get(provider, {}).get(verdict)
