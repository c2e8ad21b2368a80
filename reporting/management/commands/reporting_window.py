"""`manage.py reporting_window`: which quarter of the ministry is it? No database."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.domain.calendar import VIETNAM, window_of


class Command(BaseCommand):
    help = "Name the reporting window of a moment, with its first and last day, due and freeze."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "instant",
            metavar="INSTANT",
            help="ISO 8601; without a zone it is the time of Việt Nam",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        window = window_of(_instant(options["instant"]))
        answer = {
            "window": str(window),
            "starts": window.first_day.isoformat(),
            "ends": window.last_day.isoformat(),
            "due": window.due_day.isoformat(),
            "freeze": window.freeze_day.isoformat(),
        }
        self.stdout.write(json.dumps(answer))


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text.strip())
        at = at.replace(tzinfo=VIETNAM) if at.tzinfo is None else at
        # The first and the last day of all have no neighbour to lie in.
        at.astimezone(VIETNAM).replace(year=at.year + 1)
    except (ValueError, OverflowError) as error:
        raise CommandError(f"Not a moment in ISO 8601: {text}") from error
    return at
