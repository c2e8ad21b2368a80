"""Races need a barrier: without one, threads start one after another and miss each other."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connections

Given = TypeVar("Given")
Result = TypeVar("Result")


def at_once(act: Callable[[Given], Result], given: Sequence[Given]) -> list[Result]:
    """Call `act` with each of `given` in its own thread, all in the same instant.

    Each has a connection of its own before the barrier opens, and closes it behind itself.
    """
    barrier = threading.Barrier(len(given))

    def one(value: Given) -> Result:
        connections["default"].ensure_connection()
        barrier.wait(timeout=120)
        try:
            return act(value)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=len(given)) as pool:
        return list(pool.map(one, given))
