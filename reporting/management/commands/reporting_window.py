"""`manage.py reporting_window`: which quarter of the ministry is it? No database."""

import json
import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reporting.domain.calendar import VIETNAM, window_of

# "2026-12-14T17:00:00 America/Los_Angeles", or the name in brackets after an offset, which decides.
NAMED_ZONE = re.compile(
    r"^(?P<moment>.*?)\s*\[?(?P<zone>[A-Za-z_]+(/[A-Za-z0-9_+-]+)+|(?<=[\s\[])(UTC|GMT))\]?$"
)
# ISO 8601 knows both, Python neither: the end of a day, and the second that is put in now and then.
END_OF_DAY = re.compile(r"(?<=T)24(?=(:?00){0,2}([.,]0+)?(Z|[+-]|$))")
LEAP_SECOND = re.compile(r"(?<=\d\d:\d\d:)60([.,]\d+)?(?=Z|[+-]|$)")
# "2026-165" is the 165th day of a year.
DAY_OF_YEAR = re.compile(r"^\d{4}-\d{3}$")


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
    written = text.strip().upper().replace("\N{MINUS SIGN}", "-").replace(" ", "T", 1)
    if DAY_OF_YEAR.match(written):
        return _day_of_year(written).replace(tzinfo=zone)
    at, leaps = _read(END_OF_DAY.sub("00", written))
    at = at.replace(tzinfo=zone) if at.tzinfo is None else at
    if leaps:
        _refuse_made_up_second(at)
    return at + timedelta(days=1) if END_OF_DAY.search(written) else at


def _day_of_year(text: str) -> datetime:
    day = datetime.strptime(text, "%Y-%j")  # noqa: DTZ007 # the caller knows the zone
    if day.strftime("%Y-%j") != text:
        raise ValueError("The year is shorter.")
    return day


def _read(text: str) -> tuple[datetime, bool]:
    """A leap second is read as the last moment of the second before it: the same minute and day."""
    read, leaps = LEAP_SECOND.subn("59.999999", text)
    return datetime.fromisoformat(read), bool(leaps)


def _refuse_made_up_second(at: datetime) -> None:
    """They are put in at the end of a month by UTC, and nowhere else."""
    after = at.astimezone(UTC) + timedelta(microseconds=1)
    if (after.day, after.hour, after.minute) != (1, 0, 0):
        raise ValueError("There is no such second.")
