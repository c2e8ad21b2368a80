import json
import logging
import os
from argparse import ArgumentParser
from datetime import datetime

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from payments.domain.rehearsing.report import rehearse
from payments.gateways.rehearsal import RehearsalRefused
from ticketing.domain.visit_days import VIETNAM

# The clock of every rehearsal starts here, so that a seed means the same on every day.
STARTS_AT = datetime(2026, 11, 22, 8, 0, tzinfo=VIETNAM)


class Command(BaseCommand):
    help = (
        "Rehearse thousands of payments with everything that goes wrong, in a database of its own."
        " The same seed is the same rehearsal."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, required=True)
        parser.add_argument("--payments", type=int, default=10_000)

    def handle(self, *, seed: int, payments: int, **_options: object) -> None:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        usual = connection.settings_dict["NAME"]
        # Nobody else's workers look into it, and nothing of it stays.
        connection.settings_dict["TEST"]["NAME"] = f"rehearsal_{os.getpid()}"
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            with connection.cursor() as cursor:
                # What is thrown away need not survive a power cut.
                cursor.execute("SET synchronous_commit = off")
            report = rehearse(seed=seed, payments=payments, at=STARTS_AT)
        except RehearsalRefused as refused:
            raise CommandError(str(refused)) from refused
        finally:
            connection.creation.destroy_test_db(usual, verbosity=0)
        print(json.dumps(report))
        if not report["ok"]:
            raise SystemExit(1)
