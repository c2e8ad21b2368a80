import json
import logging
import os
import signal
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from payments.domain.rehearsing.report import rehearse
from payments.gateways.rehearsal import RehearsalRefused
from ticketing.domain.visit_days import VIETNAM

# The clock of every rehearsal starts here, so that a seed means the same on every day.
STARTS_AT = datetime(2026, 11, 22, 8, 0, tzinfo=VIETNAM)


TOLD_EVERY_S = 5.0


class Progress:
    """Says on the error line how far a rehearsal is, and how long the rest may take."""

    def __init__(self) -> None:
        self.began_at = self.told_at = time.monotonic()
        self.measure_at = 0.01

    def __call__(self, done: float) -> None:
        now = time.monotonic()
        if done >= self.measure_at:
            # Tables that grew from nothing are planned as what they are now.
            self.measure_at = done * 2
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        if now - self.told_at < TOLD_EVERY_S or not done:
            return
        self.told_at = now
        spent = now - self.began_at
        left = spent / done - spent
        print(f"{done:.0%} after {spent:.0f} s, about {left:.0f} s left", file=sys.stderr)


def some(text: str) -> int:
    """Read how many: a rehearsal of none would say that all is well."""
    count = int(text)
    if count < 1:
        raise ArgumentTypeError("at least one payment")
    return count


def end_tidily(*_signal: object) -> None:
    """End as at Ctrl-C: whoever stops a rehearsal leaves no database behind."""
    raise SystemExit(128 + signal.SIGTERM)


class Command(BaseCommand):
    help = (
        "Rehearse thousands of payments with everything that goes wrong, in a database of its own."
        " The same seed is the same rehearsal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--payments", type=some, default=10_000)

    def handle(self, *, seed: int, payments: int, **_options: object) -> None:
        signal.signal(signal.SIGTERM, end_tidily)
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        print(f"seed {seed}, {payments} payments", file=sys.stderr)
        usual = connection.settings_dict["NAME"]
        # Nobody else's workers look into it, and nothing of it stays.
        connection.settings_dict["TEST"]["NAME"] = f"rehearsal_{os.getpid()}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with connection.cursor() as cursor:
                # What is thrown away need not survive a power cut.
                cursor.execute("SET synchronous_commit = off")
            report = rehearse(seed=seed, payments=payments, at=STARTS_AT, watch=Progress())
        except RehearsalRefused as refused:
            raise CommandError(str(refused)) from refused
        finally:
            connection.creation.destroy_test_db(usual, verbosity=0)
        print(json.dumps(report))
        if not report["ok"]:
            raise SystemExit(1)
