"""`manage.py judge_cases`: random cases of the decision table with their answers. No database."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ticketing.domain.judging_cases import random_cases, write


class Command(BaseCommand):
    help = (
        "Print cases for gates, one JSON object a line, each with what is given and what a gate "
        "must answer. The same seed prints the same lines; another program can judge them too."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--count", type=int, default=100_000)
        parser.add_argument("--file", type=Path, help="write them there instead of printing them")

    def handle(self, *args: Any, **options: Any) -> None:
        cases = random_cases(seed=options["seed"], count=options["count"])
        lines = (
            json.dumps(
                {"given": write(case), "expected": write(case.decide())}, separators=(",", ":")
            )
            for case in cases
        )
        if options["file"] is None:
            for line in lines:
                self.stdout.write(line)
            return
        with options["file"].open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
