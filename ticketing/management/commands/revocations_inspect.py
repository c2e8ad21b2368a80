"""`manage.py revocations_inspect`: does a revocation list hold these tickets? No database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ticketing.domain.revocations import ID_BYTES, SALT_BYTES, RevocationSet, read_list
from ticketing.domain.rice_sets import BrokenSetError


class Command(BaseCommand):
    help = (
        "Look tickets up in a Golomb-coded revocation list. FILE holds the bytes themselves or "
        "their hexadecimal digits: the coded data alone, with --salt and --count, or a whole list "
        "as gates get it."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument(
            "--ticket", action="append", required=True, metavar="HEX", help="16 digits; repeatable"
        )
        parser.add_argument("--salt", metavar="HEX", help="32 digits")
        parser.add_argument("--count", type=int, metavar="N", help="how many tickets it holds")

    def handle(self, *args: Any, **options: Any) -> None:
        tickets = {text: _bytes(text, ID_BYTES, "a ticket id") for text in options["ticket"]}
        try:
            revoked = _set(_content(options["file"]), options["salt"], options["count"])
            hits = revoked.hits(int.from_bytes(ticket) for ticket in tickets.values())
        except BrokenSetError as error:
            raise CommandError(f"{options['file']} ends too early for such a list.") from error
        answer = {text: hits[int.from_bytes(ticket)] for text, ticket in tickets.items()}
        self.stdout.write(json.dumps({"hits": answer}))


def _content(file: Path) -> bytes:
    """The bytes of the file; a file of hexadecimal digits means the bytes that they spell."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    try:
        return bytes.fromhex(content.decode("ascii"))
    except ValueError:
        return content


def _set(content: bytes, salt: str | None, count: int | None) -> RevocationSet:
    if salt is None and count is None:
        return read_list(content).revoked
    if salt is None or count is None or count < 0:
        raise CommandError("--salt and --count belong together; without both, FILE is a list.")
    return RevocationSet(_bytes(salt, SALT_BYTES, "a salt"), count, content)


def _bytes(text: str, length: int, what: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != length:
        raise CommandError(f"Not {what}: {text}. It has {length * 2} hexadecimal digits.")
    return found
