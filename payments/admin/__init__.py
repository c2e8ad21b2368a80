"""The console of money: what an organisation's accountants book by hand."""

from payments.admin import books, differences, inbox, refunds, transfers

__all__ = ["books", "differences", "inbox", "refunds", "transfers"]
