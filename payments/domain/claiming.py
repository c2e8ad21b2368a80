"""Rows that wait are taken by one worker at a time, and come back if it dies over them."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TypeVar

from django.db import models, transaction
from django.db.models import QuerySet

BATCH = 20
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_DOUBLINGS = 10

Row = TypeVar("Row", bound=models.Model)


def wait_after(tries: int) -> timedelta:
    """How long a row rests after so many tries: half a minute, then twice as long each time."""
    doublings = min(max(tries - 1, 0), MOST_DOUBLINGS)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def claimed(due: QuerySet[Row], *, put_off: Callable[[Row], None]) -> Iterator[Row]:
    """Take rows until none is due.

    `put_off` writes the next time into each row as it is taken, so that a dead worker's rows
    are due again by themselves. No transaction is open while a row is worked on.
    """
    while rows := _take(due, put_off):
        yield from rows
        if len(rows) < BATCH:
            # What became due meanwhile has the next turn.
            return


@transaction.atomic
def _take(due: QuerySet[Row], put_off: Callable[[Row], None]) -> list[Row]:
    # What another worker is taking is left to it.
    rows = list(due.select_for_update(skip_locked=True, of=("self",))[:BATCH])
    for row in rows:
        put_off(row)
    return rows
