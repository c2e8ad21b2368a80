"""`manage.py vietqr_decode`: is this text a VietQR, and what does it say? No database."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from payments.gateways.vietqr.payload import Transfer, decode


class Command(BaseCommand):
    help = "Read the text of a VietQR as strictly as a careful bank."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", metavar="TEXT")

    def handle(self, *args: Any, **options: Any) -> None:
        read = decode(options["text"])
        answer = (
            {"valid": True, "reason": None, "fields": _fields(read)}
            if isinstance(read, Transfer)
            else {"valid": False, "reason": read.reason, "fields": None}
        )
        self.stdout.write(json.dumps(answer))


def _fields(transfer: Transfer) -> dict[str, Any]:
    return {
        "bin": transfer.bank_bin,
        "account": transfer.account,
        "amount": transfer.amount,
        "currency": "VND",
        "memo": transfer.memo or None,
        "bill": transfer.bill or None,
        "service": transfer.service,
        "point_of_initiation": transfer.initiation,
    }
