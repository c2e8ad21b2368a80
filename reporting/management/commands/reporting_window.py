"""`manage.py reporting_window`: which quarter of the ministry is it? No database."""

import json
import re
from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.domain.calendar import VIETNAM, window_of

# "2026-12-14T17:00:00 America/Los_Angeles", or the name in brackets after an offset, which decides.
NAMED_ZONE = re.compile(r"^(?P<moment>.*?)\s*\[?(?P<zone>[A-Za-z_]+(/[A-Za-z0-9_+-]+)+)\]?$")


class Command(BaseCommand):
    help = "Name the reporting window of a moment, with its first and last day, due and freeze."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "instant",
            metavar="INSTANT",
            help="ISO 8601, with an offset or the name of a zone; else it is the time of Việt Nam",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = options["instant"]
        try:
            answer = _window(_instant(text))
        except (ValueError, OverflowError, ZoneInfoNotFoundError) as error:
            raise CommandError(f"Not a moment in ISO 8601: {text}") from error
        self.stdout.write(json.dumps(answer))


def _window(at: datetime) -> dict[str, str]:
    """The first and the last day of all have no neighbour to lie in: those raise ValueError."""
    window = window_of(at)
    return {
        "window": str(window),
        "starts": window.first_day.isoformat(),
        "ends": window.last_day.isoformat(),
        "due": window.due_day.isoformat(),
        "freeze": window.freeze_day.isoformat(),
    }


def _instant(text: str) -> datetime:
    zone: tzinfo = VIETNAM
    named = NAMED_ZONE.match(text.strip())
    if named:
        text, zone = named["moment"], ZoneInfo(named["zone"])
    at = datetime.fromisoformat(text.strip().upper())
    return at.replace(tzinfo=zone) if at.tzinfo is None else at
