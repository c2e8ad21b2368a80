"""`manage.py trust_list`: carry the gates' trust list to a root that lies elsewhere, and back."""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ticketing.domain.gate_keys import DOMAINS, Purpose
from ticketing.domain.trust_lists import WrongSignatureError, keep, text_to_sign

SEED_BYTES = 32


class Command(BaseCommand):
    help = (
        "`export FILE` writes the next trust list. `sign FILE SEED` signs it on the machine that "
        "has the seed of the root (32 bytes, hexadecimal), without a database. `import FILE` takes "
        "it into force. Only needed where NGOMON_GATE_ROOT_KEY names a root that lies elsewhere."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["export", "sign", "import"])
        parser.add_argument("file", type=Path)
        parser.add_argument("seed", type=Path, nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        if options["act"] == "export":
            file.write_text(json.dumps({"text": text_to_sign(at=timezone.now())}), "utf-8")
        elif options["act"] == "sign":
            _sign(file, options["seed"])
        else:
            self.stdout.write(f"trust list {_import(file)} is in force")


def _sign(file: Path, seed: Path | None) -> None:
    if seed is None:
        raise CommandError("sign wants the file with the seed of the root.")
    try:
        private_key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed.read_text("ascii")))
    except ValueError as error:
        raise CommandError(f"{seed} does not hold {SEED_BYTES} bytes in hexadecimal.") from error
    text = json.loads(file.read_text("utf-8"))["text"]
    signature = private_key.sign(DOMAINS[Purpose.ROOT] + text.encode())
    file.write_text(json.dumps({"text": text, "signature": signature.hex()}), "utf-8")


def _import(file: Path) -> int:
    signed = json.loads(file.read_text("utf-8"))
    if "signature" not in signed:
        raise CommandError(f"{file} is not signed yet.")
    try:
        kept = keep(
            text=signed["text"], signature=bytes.fromhex(signed["signature"]), at=timezone.now()
        )
    except WrongSignatureError as error:
        raise CommandError("The root did not sign this, or a newer list is in force.") from error
    return kept.number
