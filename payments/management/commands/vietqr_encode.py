"""`manage.py vietqr_encode`: the text of a VietQR. No database."""

import json
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments.gateways.vietqr.payload import (
    AMOUNT,
    LONGEST_AMOUNT,
    TO_ACCOUNT,
    TO_CARD,
    CannotEncode,
    Transfer,
    encode,
)


def dong(text: str) -> int:
    """Read an amount as a bank writes it: digits alone, no zero before them."""
    if not AMOUNT.fullmatch(text):
        raise ArgumentTypeError(f"An amount is whole đồng, up to {LONGEST_AMOUNT} digits: {text}")
    return int(text)


class Command(BaseCommand):
    help = "Write the text of a VietQR."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--bin", required=True, help="the bank's number, six digits")
        parser.add_argument("--account", required=True, help="an account or a card number")
        parser.add_argument("--amount", type=dong, help="whole đồng; without it the buyer types it")
        parser.add_argument("--memo", default="", help="what the receiver sees")
        parser.add_argument("--bill", default="", help="a bill number")
        parser.add_argument("--card", action="store_true", help="the number is a card's")

    def handle(self, *args: Any, **options: Any) -> None:
        transfer = Transfer(
            bank_bin=options["bin"],
            account=options["account"],
            amount=options["amount"],
            memo=options["memo"],
            bill=options["bill"],
            service=TO_CARD if options["card"] else TO_ACCOUNT,
        )
        try:
            self.stdout.write(json.dumps({"payload": encode(transfer)}))
        except CannotEncode as error:
            raise CommandError(str(error)) from error
