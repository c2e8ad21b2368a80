"""What is looked at: days, sites, and as of when. Every query of evidence is asked with one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from reporting.domain.calendar import DAY, VIETNAM

# Whoever was staff at any time of the window, by address: gone since, they were it all the same.
STAFF = """
SELECT DISTINCT lower(email) AS email FROM reporting_user_over_time
WHERE is_staff AND email <> '' AND greatest(since, date_joined) < %(then)s AND until > %(starts)s
"""
# Rows that are named beside a site; all of them are counted and hashed.
ROWS_NAMED = 5


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts_at` until just before `ends_at`, of facts that were known at `known_at`."""

    starts_at: datetime
    ends_at: datetime
    first_day: date
    last_day: date
    known_at: datetime
    site_ids: tuple[int, ...]
    price_floor: int
    # Payment lines of production that move no real money; their payments are tests.
    test_accounts: tuple[int, ...] = ()
    test_providers: tuple[str, ...] = ()
    # A demonstration: its samples stand for real things, and the report says so.
    made_up: bool = False

    def parameters(self) -> Mapping[str, Any]:
        return {
            "starts": self.starts_at,
            "ends": self.ends_at,
            "first": self.first_day,
            "last": self.last_day,
            "known": self.known_at,
            # When the window was over, or now while it is open: what was so then is reported.
            "then": min(self.ends_at, self.known_at),
            # The last day that is over.
            "yesterday": self.known_at.astimezone(VIETNAM).date() - DAY,
            "sites": list(self.site_ids),
            "floor": self.price_floor,
            "test_accounts": list(self.test_accounts),
            "test_providers": list(self.test_providers),
            "no_tests": not self.test_accounts and not self.test_providers,
            "made_up": self.made_up,
            "named": ROWS_NAMED,
        }


def ask(sql: str, span: Span, **more: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {**span.parameters(), **more})
        return list(cursor.fetchall())


def plan_for_a_year() -> None:
    """Until the transaction ends: joins of a quarter's rows stay in memory, compiling stays out.

    Each of the few hash tables of a statement may take this much, far below what a freeze may
    have. Compiling a statement that runs once took longer than running it (two of ten seconds).
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '32MB'; SET LOCAL jit = off")


def make_table(name: str, sql: str, span: Span, **more: Any) -> None:
    """Keep what a query finds until the transaction ends; made again, it replaces the former."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(sql, {**span.parameters(), **more})
        # Without it the planner believes that every table is small.
        cursor.execute(f"ANALYZE {name}")
