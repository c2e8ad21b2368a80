"""One run: workers act at random until enough was done, and the rows must agree all the time."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from os import getpid
from typing import Any

from django.db import connection, connections
from psycopg.sql import SQL, Identifier

from backend.chaos.crew import Tally, Wanted, work
from backend.chaos.scene import START, build
from backend.chaos.watch import (
    ABOVE,
    DEADLOCKS,
    SEEN,
    STRANGE,
    UNBOOKED,
    UNEXPLAINED,
    UNGUARD,
    WATCH,
    Sampler,
    number,
    run_sql,
)
from ticketing.domain import capacity
from ticketing.domain.recounting import differences_now
from ticketing.domain.signing_keys import ensure_keys

ERRORS_SHOWN = 5
# Places grow ten times slower than acts: the longer the run, the fuller everything is.
OPERATIONS_PER_SCALE = 20_000


def run(wanted: Wanted) -> dict[str, Any]:
    """Act and watch in a database that exists for this run alone."""
    with own_database(template=wanted.template), guard(taken_out=not wanted.guarded):
        ensure_keys(at=START)
        scene = build(scale=max(1, wanted.operations // OPERATIONS_PER_SCALE))
        run_sql(WATCH)
        began = time.monotonic()
        with watched() as sampler:
            tally = work(wanted, scene)
        return _report(wanted, tally, sampler, seconds=time.monotonic() - began)


@contextmanager
def watched() -> Iterator[Sampler]:
    """Sample as long as the block lasts; threads begin after the workers' processes did."""
    sampler = Sampler()
    watching = threading.Thread(target=sampler.watch)
    watching.start()
    try:
        yield sampler
    finally:
        sampler.stop.set()
        watching.join()


def _report(wanted: Wanted, tally: Tally, sampler: Sampler, *, seconds: float) -> dict[str, Any]:
    faults = {
        "commits_above_capacity": number(SEEN),
        "commits_without_bookings": number(UNEXPLAINED),
        "rows_above_capacity": number(ABOVE) + sampler.above,
        "samples_that_differ": sampler.different,
        "differences_at_the_end": len(differences_now()),
        "bookings_of_other_orders": number(STRANGE),
        "tickets_that_differ_from_bookings": number(UNBOOKED),
        "deadlocks": number(DEADLOCKS),
        "errors": len(tally.errors),
    }
    return {
        "ok": not any(faults.values()),
        "seed": wanted.seed,
        "operations": wanted.operations,
        "workers": wanted.workers,
        "guarded": wanted.guarded,
        "seconds": round(seconds, 1),
        "operations_per_second": round(wanted.operations / seconds, 1),
        "samples": sampler.samples,
        "orders_refused_percent": _refused_percent(tally.done),
        **faults,
        "done": dict(sorted(tally.done.items())),
        "first_errors": tally.errors[:ERRORS_SHOWN],
    }


def _refused_percent(done: Counter[str]) -> int:
    """How hot it was: of all orders that were tried, how many found no room."""
    tried = done["hold.held"] + done["hold.sold_out"]
    return 100 * done["hold.sold_out"] // max(tried, 1)


@contextmanager
def own_database(*, template: str) -> Iterator[None]:
    """A database with all tables, beside the usual one; nothing of the run outlives it."""
    usual = connection.settings_dict["NAME"]
    name = f"{usual}_chaos_{getpid()}"
    if template:
        _copy(template, name)
        connection.settings_dict["NAME"] = name
    else:
        connection.settings_dict.setdefault("TEST", {})["NAME"] = name
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(usual, verbosity=0)


def _copy(template: str, name: str) -> None:
    statement = SQL("CREATE DATABASE {} TEMPLATE {}")
    with connection._nodb_cursor() as cursor:  # noqa: SLF001  # Django's own way to make one
        cursor.execute(statement.format(Identifier(name), Identifier(template)))


@contextmanager
def guard(*, taken_out: bool) -> Iterator[None]:
    """Take the condition and the constraint out: a run without them must be seen to fail."""
    guarded = capacity.CHANGE
    if taken_out:
        run_sql(UNGUARD)
        capacity.CHANGE = guarded.split("  AND (")[0]
    try:
        yield
    finally:
        capacity.CHANGE = guarded
