"""One run: workers act at random until enough was done, and the rows must agree all the time."""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from os import getpid
from random import Random
from typing import Any

from django.db import connection, connections

from backend.chaos.acts import Actor
from backend.chaos.scene import LASTS, START, Scene, build
from backend.chaos.watch import (
    ABOVE,
    DEADLOCKS,
    SEEN,
    STRANGE,
    UNBOOKED,
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
# Full for most of a run, however long that is.
OPERATIONS_PER_SCALE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    seed: int
    operations: int
    workers: int
    guarded: bool = True


@dataclass(slots=True)
class Tally:
    done: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, name: str) -> None:
        with self.lock:
            self.done[name] += 1

    def fail(self, error: Exception) -> None:
        with self.lock:
            self.errors.append(f"{type(error).__name__}: {error}"[:300])


def run(wanted: Wanted) -> dict[str, Any]:
    """Act and watch in a database that exists for this run alone."""
    with own_database(), guard(taken_out=not wanted.guarded):
        ensure_keys(at=START)
        scene = build(scale=max(1, wanted.operations // OPERATIONS_PER_SCALE // 10))
        run_sql(WATCH)
        tally, sampler = Tally(), Sampler()
        began = time.monotonic()
        _work(wanted, scene, tally, sampler)
        return _report(wanted, tally, sampler, seconds=time.monotonic() - began)


def _work(wanted: Wanted, scene: Scene, tally: Tally, sampler: Sampler) -> None:
    turns = count()
    orders: deque[int] = deque(maxlen=3000)

    def work(worker: int) -> None:
        actor = Actor(scene, Random(f"{wanted.seed}-{worker}"), orders)  # noqa: S311  # repeatable
        try:
            while (turn := next(turns)) < wanted.operations:
                at = START + LASTS * (turn / wanted.operations)
                try:
                    tally.add(".".join(actor.act(at=at)))
                except Exception as error:  # noqa: BLE001  # whatever reaches a caller is a failure
                    tally.fail(error)
        finally:
            connections.close_all()

    watching = threading.Thread(target=sampler.watch)
    watching.start()
    try:
        with ThreadPoolExecutor(max_workers=wanted.workers) as pool:
            list(pool.map(work, range(wanted.workers)))
    finally:
        sampler.stop.set()
        watching.join()


def _report(wanted: Wanted, tally: Tally, sampler: Sampler, *, seconds: float) -> dict[str, Any]:
    faults = {
        "commits_above_capacity": number(SEEN),
        "rows_above_capacity": number(ABOVE) + sampler.above,
        "samples_that_differ": sampler.different,
        "differences_at_the_end": len(differences_now()),
        "bookings_of_other_orders": number(STRANGE),
        "lines_with_other_people_than_booked": number(UNBOOKED),
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
        **faults,
        "done": dict(sorted(tally.done.items())),
        "first_errors": tally.errors[:ERRORS_SHOWN],
    }


@contextmanager
def own_database() -> Iterator[None]:
    """A database with all tables, beside the usual one; nothing of the run outlives it."""
    usual = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = f"{usual}_chaos_{getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connections.close_all()
        connection.creation.destroy_test_db(usual, verbosity=0)


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
