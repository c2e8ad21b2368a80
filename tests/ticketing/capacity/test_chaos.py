"""A random crowd oversells nothing; and with the guard taken out, the same run says so."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from tests.house.tree import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def chaos(*options: str) -> tuple[int, dict[str, Any]]:
    """Run the command in a copy of the tests' database, which nobody uses meanwhile."""
    connection.close()
    template = connection.settings_dict["NAME"]
    done = subprocess.run(  # noqa: S603 # our own command
        [sys.executable, "manage.py", "chaos_capacity", "--template", template, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, report


def test_a_crowd_at_random_sells_nothing_twice() -> None:
    code, report = chaos("--seed", "7", "--operations", "500", "--workers", "16")

    assert (code, report["ok"], report["first_errors"]) == (0, True, [])
    assert sum(report["done"].values()) == 500
    # How hot it gets depends on the threads' luck; that it was hot at all must not.
    assert report["orders_refused_percent"] > 0
    assert report["samples"] > 0


def test_without_the_guard_the_same_crowd_is_caught_overselling() -> None:
    code, report = chaos("--seed", "7", "--operations", "500", "--workers", "16", "--without-guard")

    assert (code, report["ok"]) == (1, False)
    assert report["commits_above_capacity"] > 0
