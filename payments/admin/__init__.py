"""The console of money: what an organisation's accountants book by hand."""

from payments.admin import transfers

__all__ = ["transfers"]
