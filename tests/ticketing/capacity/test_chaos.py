"""A random crowd oversells nothing; and with the guard taken out, the same run says so."""

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.house.tree import ROOT


def chaos(*options: str) -> tuple[int, dict[str, Any]]:
    """Run the command in a database of its own."""
    done = subprocess.run(  # noqa: S603 # our own command
        [sys.executable, "manage.py", "chaos_capacity", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, report


@pytest.mark.slow
def test_a_crowd_at_random_sells_nothing_twice() -> None:
    code, report = chaos("--seed", "7", "--operations", "600", "--workers", "16")

    assert (code, report["ok"], report["first_errors"]) == (0, True, [])
    assert sum(report["done"].values()) == 600
    assert report["samples"] > 0


@pytest.mark.slow
def test_without_the_guard_the_same_crowd_is_caught_overselling() -> None:
    code, report = chaos("--seed", "7", "--operations", "600", "--workers", "16", "--without-guard")

    assert (code, report["ok"]) == (1, False)
    assert report["commits_above_capacity"] > 0
