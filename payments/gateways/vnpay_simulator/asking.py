"""The merchant's questions: what became of a payment, and give this much back."""

import secrets
from typing import Any, Final

from payments.gateways.vnpay_simulator.book import Book, Movement
from payments.gateways.vnpay_simulator.seals import question_fits, sealed_answer

PAID: Final = "00"


def answer_question(
    book: Book, question: dict[str, Any], *, terminal: str, secret: str
) -> dict[str, Any]:
    """Answer one question, signed; codes as the interface's description has them."""
    command = str(question.get("vnp_Command"))
    if command not in {"querydr", "refund"}:
        return {"vnp_ResponseCode": "03", "vnp_Message": "Invalid format"}
    facts = _facts(book, question, terminal=terminal, secret=secret)
    answer = {
        "vnp_ResponseId": secrets.token_hex(8),
        "vnp_Command": command,
        "vnp_TmnCode": terminal,
        "vnp_TxnRef": question.get("vnp_TxnRef", ""),
        **facts,
    }
    return sealed_answer(answer, secret=secret)


def _facts(book: Book, question: dict[str, Any], *, terminal: str, secret: str) -> dict[str, Any]:
    if question.get("vnp_TmnCode") != terminal:
        return _no("02", "Invalid merchant")
    if not question_fits(question, secret=secret):
        return _no("97", "Invalid checksum")
    movement = book.movements.get(str(question.get("vnp_TxnRef")))
    if movement is None or movement.created != question.get("vnp_TransactionDate"):
        return _no("91", "Transaction not found")
    if question["vnp_Command"] == "querydr":
        return _state(movement)
    return _give_back(book, movement, question)


def _no(code: str, message: str) -> dict[str, Any]:
    return {"vnp_ResponseCode": code, "vnp_Message": message}


def _state(movement: Movement) -> dict[str, Any]:
    latest = movement.refund or {
        "vnp_TransactionType": "01",
        "vnp_Amount": str(movement.amount),
        "vnp_TransactionStatus": movement.status,
    }
    return {
        "vnp_ResponseCode": "00",
        "vnp_Message": "QueryDR Success",
        "vnp_BankCode": movement.bank,
        "vnp_PayDate": movement.paid_at,
        "vnp_TransactionNo": movement.number if movement.paid_at else "0",
        "vnp_OrderInfo": movement.info,
        **latest,
    }


def _give_back(book: Book, movement: Movement, question: dict[str, Any]) -> dict[str, Any]:
    """Accept a refund once; the bank answers later."""
    amount, request = int(question["vnp_Amount"]), str(question["vnp_RequestId"])
    if request in movement.requests:
        return _no("94", "Refund is being processed")
    if movement.status != PAID or question["vnp_TransactionNo"] != movement.number:
        return _no("95", "Transaction is not successful")
    if amount <= 0 or movement.refunded + amount > movement.amount:
        return _no("95", "More than was paid")
    movement.requests.add(request)
    movement.refunded += amount
    movement.refund = {
        "vnp_TransactionType": question["vnp_TransactionType"],
        "vnp_Amount": str(amount),
        "vnp_TransactionStatus": book.refund_status,
    }
    return _state(movement) | {"vnp_Message": "Refund accepted"}
