"""The workers: threads in several processes, so that every core acts.

They count their turns together, and all of them know the newest order.
"""

import multiprocessing
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from os import sched_getaffinity
from random import Random
from typing import Any

from django.db import connections

from backend.chaos.acts import Actor
from backend.chaos.scene import LASTS, START, Scene

# The clock of a run goes in steps: within one, what can be sold is remembered, as it is in a
# server where thousands ask in the same seconds.
STEP = timedelta(minutes=5)
SECONDS_BETWEEN_LINES = 5
ERRORS_KEPT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`template`: a database with all tables and no rows, to be copied for the run."""

    seed: int
    operations: int
    workers: int
    guarded: bool = True
    template: str = ""


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


# What one process brings home: its outcomes and its errors.
Brought = tuple[Counter[str], list[str]]


class Board:
    """What all processes see: whose turn it is, and the newest order. Set before they part."""

    turns: Any = None
    newest: Any = None


def work(wanted: Wanted, scene: Scene) -> Tally:
    """Let everybody act until enough was done; a line on standard error says how far it is."""
    fork = multiprocessing.get_context("fork")
    Board.turns, Board.newest = fork.Value("q", 0), fork.Value("q", 0)
    shares = _shares(wanted.workers)
    # A connection that two processes hold would answer one with the other's rows.
    connections.close_all()
    with ProcessPoolExecutor(max_workers=len(shares), mp_context=fork) as pool:
        parts = [
            pool.submit(_act, wanted, scene, number, threads)
            for number, threads in enumerate(shares)
        ]
        _tell(parts, wanted)
        tally = Tally()
        for part in parts:
            done, errors = part.result()
            tally.done += done
            tally.errors += errors
    return tally


def _shares(workers: int) -> list[int]:
    """How many threads each process has: one process for each core."""
    processes = min(workers, len(sched_getaffinity(0)))
    return [workers // processes + (number < workers % processes) for number in range(processes)]


def _tell(parts: Sequence[Future[Brought]], wanted: Wanted) -> None:
    pending: set[Future[Brought]] = set(parts)
    while pending:
        _done, pending = wait(pending, timeout=SECONDS_BETWEEN_LINES)
        turns = min(Board.turns.value, wanted.operations)
        sys.stderr.write(f"{turns:,} of {wanted.operations:,} operations\n")
        sys.stderr.flush()


def _act(wanted: Wanted, scene: Scene, number: int, threads: int) -> Brought:
    tally = Tally()

    def act(thread: int) -> None:
        chance = Random(f"{wanted.seed}-{number}-{thread}")  # noqa: S311  # repeatable
        actor = Actor(scene, chance, Board.newest)
        try:
            while (turn := _next_turn()) < wanted.operations:
                _once(actor, tally, passed=LASTS * (turn / wanted.operations))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=threads) as pool:
        list(pool.map(act, range(threads)))
    return tally.done, tally.errors[:ERRORS_KEPT]


def _next_turn() -> int:
    with Board.turns.get_lock():
        turn: int = Board.turns.value
        Board.turns.value += 1
    return turn


def _once(actor: Actor, tally: Tally, *, passed: timedelta) -> None:
    try:
        tally.add(".".join(actor.act(at=START + passed // STEP * STEP)))
    except Exception as error:  # noqa: BLE001  # whatever reaches a caller is a failure
        tally.fail(error)
