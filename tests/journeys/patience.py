"""Waiting for what other processes do in their own time."""

import time
from collections.abc import Callable


def eventually(holds: Callable[[], bool], *, within_s: float) -> None:
    """Ask again and again; fail when it never came to hold."""
    until = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < until, "it never came to hold"
        time.sleep(0.2)
