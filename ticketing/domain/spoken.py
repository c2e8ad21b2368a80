"""Days, times and amounts as people write them in each of the twelve languages."""

from datetime import date, datetime

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from django.conf import settings
from django.utils.translation import get_language

from ticketing.domain.visit_days import VIETNAM


def day_text(day: date, *, language: str) -> str:
    """One day, with its weekday."""
    return format_date(day, format="full", locale=language)


def days_text(first: date, last: date, *, language: str) -> str:
    """From a day to a day, both ends included; one day alone comes with its weekday."""
    if first == last:
        return day_text(first, language=language)
    return " – ".join(format_date(day, format="long", locale=language) for day in (first, last))


def hours_text(start: datetime, end: datetime, *, language: str) -> str:
    """From an hour to an hour, by the clock of Việt Nam."""
    return " – ".join(
        format_time(at.astimezone(VIETNAM), format="short", tzinfo=VIETNAM, locale=language)
        for at in (start, end)
    )


def amount_text(amount: int, *, language: str) -> str:
    return format_currency(amount, "VND", locale=language)


def dong(amount: int) -> str:
    """The figure alone, for a sentence of the language that is spoken at this moment."""
    return format_decimal(amount, locale=get_language() or settings.DEFAULT_LANGUAGE)
