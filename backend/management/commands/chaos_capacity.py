"""`manage.py chaos_capacity`: random buyers on few places, in a database of the run's own."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from backend.chaos.crew import Wanted
from backend.chaos.run import run


class Command(BaseCommand):
    help = "Hold, pay, pay late, expire, cancel, move and split at random; no row may be oversold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--operations", type=int, default=200_000)
        parser.add_argument("--workers", type=int, default=64)
        parser.add_argument(
            "--template",
            default="",
            help="copy this database, which nobody uses now, instead of making the tables anew",
        )
        parser.add_argument(
            "--without-guard",
            action="store_true",
            help="plant the fault that the run must find: no condition, no constraint",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        wanted = Wanted(
            seed=options["seed"],
            operations=options["operations"],
            workers=options["workers"],
            template=options["template"],
            guarded=not options["without_guard"],
        )
        report = run(wanted)
        print(json.dumps(report))
        sys.exit(0 if report["ok"] else 1)
