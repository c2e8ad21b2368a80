"""`manage.py rotate_signing_keys`: the keys that sign tickets."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ticketing.domain.signing_keys import cut_off, ensure_keys
from ticketing.domain.visit_days import VIETNAM


class Command(BaseCommand):
    help = (
        "Make the keys of this month and the next where they are missing. After a leak, "
        "--cut-off KID refuses what that key signs from now on and makes another."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--cut-off", type=int, metavar="KID")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        leaked: int | None = options["cut_off"]
        if leaked is not None and cut_off(kid=leaked, at=now) is None:
            raise CommandError(f"There is no key {leaked}.")
        for key in ensure_keys(at=now):
            window = f"{_local(key.issues_from)} to {_local(key.issues_until)}"
            print(f"key {key.kid}  {bytes(key.public_key).hex()}  issues {window}")


def _local(at: datetime) -> str:
    return at.astimezone(VIETNAM).isoformat(timespec="minutes")
