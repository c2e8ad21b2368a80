"""`manage.py token_inspect`: is this text a ticket made with one of these keys? No database."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ticketing.domain.ed25519_points import PUBLIC_KEY_BYTES, is_trustworthy
from ticketing.domain.ticket_token import TicketClaims, TrustedKey, inspect

LARGEST_KEY_ID = 65535


class Command(BaseCommand):
    help = "Judge the text of a ticket's QR code, or the part of a link after the #."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", metavar="TEXT")
        parser.add_argument(
            "--key",
            action="append",
            default=[],
            metavar="KID:PUBLIC_KEY_HEX[,FROM,UNTIL]",
            help="a key to trust; FROM and UNTIL (RFC 3339) are when it may issue",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        trusted: dict[int, TrustedKey] = {}
        for argument in options["key"]:
            kid, key = _key(argument)
            if kid in trusted:
                raise CommandError(f"Key {kid} is given twice.")
            if is_trustworthy(key.public_key):
                trusted[kid] = key
            else:
                self.stderr.write(f"Key {kid} is weak or no point of the curve: not trusted.")
        verdict = inspect(options["text"], trusted)
        answer = {
            "valid": verdict.is_ours,
            "reason": verdict.fault,
            "fields": None if verdict.claims is None else _fields(verdict.claims),
        }
        self.stdout.write(json.dumps(answer))


def _key(argument: str) -> tuple[int, TrustedKey]:
    name, _, rest = argument.partition(":")
    digits, _, window = rest.partition(",")
    issues_from, _, issues_until = window.partition(",")
    try:
        kid = int(name)
        key = TrustedKey(bytes.fromhex(digits), _moment(issues_from), _moment(issues_until))
    except ValueError as error:
        raise CommandError(f"Not a key: {argument}") from error
    if not 0 <= kid <= LARGEST_KEY_ID or len(key.public_key) != PUBLIC_KEY_BYTES:
        raise CommandError(f"Not a key: {argument}")
    return kid, key


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at


def _fields(claims: TicketClaims) -> dict[str, Any]:
    return {
        "ticket_id": f"{claims.ticket_id:016x}",
        "product_id": claims.product_id,
        "sites": list(claims.sites),
        "valid_from": _utc(claims.valid_from),
        "valid_until": _utc(claims.valid_until),
        "category": claims.category,
        "party_size": claims.party_size,
        "entry_policy": claims.entry_policy,
        "issued_at": _utc(claims.issued_at),
        "key_id": claims.key_id,
    }


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
