"""`manage.py simulate_gates`: a day at the gates, in a database of its own."""

import json
import sys
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from ticketing.management.gate_simulation.report import as_text, simulate

# Above, the day takes an hour.
FEWEST, MOST = 10, 200_000


class Command(BaseCommand):
    help = (
        "Live a day of the load model at nine gates of three places: networks are cut, clocks are "
        "up to five minutes off, uploads come twice and out of order, devices restart, codes are "
        "copied. Says whether every scan arrived, every double use was found, and nobody with a "
        "right was refused. Uses a database of its own, which it makes and removes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--seed", type=int, required=True, help="0 or more; the same seed makes the same day"
        )
        parser.add_argument(
            "--entries",
            type=int,
            default=40_000,
            help=f"people who come, {FEWEST:,} to {MOST:,} (default: 40,000)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seed"] < 0:
            raise CommandError("--seed wants a number from 0 on.")
        if not FEWEST <= options["entries"] <= MOST:
            raise CommandError(f"--entries wants a number from {FEWEST:,} to {MOST:,}.")
        own = connection.settings_dict["NAME"]
        connection.settings_dict["TEST"]["NAME"] = f"{own}_simulation_{options['seed']}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        with connection.cursor() as cursor:
            # Nothing of this day must outlive the machine, so no commit waits for the disk.
            cursor.execute("SET synchronous_commit = off")
        started = time.monotonic()
        try:
            report = simulate(seed=options["seed"], entries=options["entries"])
        finally:
            connection.creation.destroy_test_db(own, verbosity=0)
        # How long it took is no part of the report: the same seed prints the same again.
        self.stderr.write(f"{as_text(report)}\n  {time.monotonic() - started:.0f} seconds")
        self.stdout.write(json.dumps(report))
        if not report["ok"]:
            sys.exit(1)
