"""The console of money: what an organisation's accountants book by hand."""

from payments.admin import (
    accounts,
    bank_lines,
    books,
    differences,
    inbox,
    income,
    received,
    refunds,
    transfers,
)
from sites.admin.words import name_rows

__all__ = [
    "accounts",
    "bank_lines",
    "books",
    "differences",
    "inbox",
    "income",
    "received",
    "refunds",
    "transfers",
]

name_rows("payments")
