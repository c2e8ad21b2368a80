"""`manage.py revocations_inspect`: does a revocation list hold these tickets? No database."""

import json
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ticketing.domain.revocations import ID_BYTES, SALT_BYTES, RevocationSet, read_list
from ticketing.domain.rice_sets import BrokenSetError


class Command(BaseCommand):
    help = (
        "Look tickets up in a Golomb-coded revocation list. FILE holds the bytes themselves, "
        "their hexadecimal digits or their base64: the coded data alone, with --salt and --count, "
        "or a whole list as gates get it."
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
        revoked = _set(options["file"], options["salt"], options["count"])
        hits = revoked.hits(int.from_bytes(ticket) for ticket in tickets.values())
        answer = {text: hits[int.from_bytes(ticket)] for text, ticket in tickets.items()}
        self.stdout.write(json.dumps({"hits": answer}))


def _set(file: Path, salt: str | None, count: int | None) -> RevocationSet:
    """What the file holds, in whichever form it is exactly so many tickets."""
    if (salt is None) != (count is None):
        raise CommandError("--salt and --count belong together; without both, FILE is a list.")
    if count is not None and count < 0:
        raise CommandError("--count wants a number from 0 on.")
    salted = None if salt is None else _bytes(salt, SALT_BYTES, "a salt")
    for content in _forms(_content(file)):
        try:
            revoked = (
                read_list(content).revoked
                if salted is None or count is None
                else RevocationSet(salted, count, content)
            )
            revoked.values()
        except BrokenSetError:
            continue
        return revoked
    what = "a list as gates get it" if count is None else f"coded data of {count:,} tickets"
    raise CommandError(f"{file} is not {what}.")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _forms(content: bytes) -> Iterator[bytes]:
    """The bytes as they are, and what they spell."""
    yield content
    with suppress(ValueError):
        yield bytes.fromhex(content.decode("ascii"))
    with suppress(ValueError):
        yield b64decode(b"".join(content.split()), validate=True)


def _bytes(text: str, length: int, what: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != length:
        raise CommandError(f"Not {what}: {text}. It has {length * 2} hexadecimal digits.")
    return found
