"""`manage.py prepare_demo`: logins, gate codes and samples for a demonstration."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend import demo
from backend.demo_operator import prepare_operator
from backend.demo_payments import open_accounts
from backend.demo_samples import make_samples
from backend.demo_tours import make_sample_tour
from backend.demo_wallet import make_test_certificate
from backend.demo_year import places


class Command(BaseCommand):
    help = "Make the people and samples of a demonstration; print logins and fresh gate codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--report", type=Path, help="write there instead of printing")

    def handle(self, *_args: Any, report: Path | None, **_options: Any) -> None:
        if not demo.allowed():
            raise CommandError("Demo people are refused in production.")
        make_test_certificate(at=timezone.now())
        open_accounts(at=timezone.now())
        make_samples(at=timezone.now())
        people = [*demo.prepare_people(), *prepare_operator(), *places.logins()]
        make_sample_tour(site=demo.first_site(), at=timezone.now())
        lines = [
            *(f"Login  {who.name:<9}{who.password}   may touch {who.may}" for who in people),
            *(
                f"Gate code  {gate.code}   {gate.site}, {gate.gate}; once, within half an hour"
                for gate in demo.open_gates(at=timezone.now())
            ),
        ]
        if report:
            report.write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            self.stdout.write("\n".join(lines))
