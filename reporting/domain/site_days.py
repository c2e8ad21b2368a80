"""The last days of one site, for its own people: money and people, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Sum
from django.db.models.functions import TruncDate

from reporting.domain.calendar import VIETNAM
from reporting.domain.evidence.entries import ENTERED
from ticketing.domain.visit_days import day_of, start_of
from ticketing.models import RevenueShare

# The entries of the report, day by day; the text that is put together holds no value.
ENTERED_BY_DAY = f"""
SELECT (entered.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, sum(entered.people)
FROM ({ENTERED}) entered GROUP BY 1
"""  # noqa: S608 # see above


@dataclass(frozen=True, slots=True)
class SiteDay:
    """Money that came in for the site less what went back, and people let in by right."""

    day: date
    amount: int
    people: int


def days_of_site(*, site_id: int, days: int, at: datetime) -> Sequence[SiteDay]:
    """The last days, today included, oldest first; two statements."""
    last = day_of(at)
    first = last - timedelta(days=days - 1)
    amounts, people = _amounts(site_id, first), _people(site_id, first, at)
    every = [first + timedelta(days=number) for number in range(days)]
    return [SiteDay(day, amounts.get(day, 0), people.get(day, 0)) for day in every]


def _amounts(site_id: int, first: date) -> Mapping[date, int]:
    shares = RevenueShare.objects.filter(site=site_id, at__gte=start_of(first))
    by_day = shares.annotate(day=TruncDate("at", tzinfo=VIETNAM)).values("day")
    return {row["day"]: row["amount"] for row in by_day.annotate(amount=Sum("amount"))}


def _people(site_id: int, first: date, at: datetime) -> Mapping[date, int]:
    span: dict[str, Any] = {"starts": start_of(first), "ends": at, "known": at, "sites": [site_id]}
    with connection.cursor() as cursor:
        cursor.execute(ENTERED_BY_DAY, span)
        return dict(cursor.fetchall())
