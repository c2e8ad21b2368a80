"""`manage.py sign_as_test IN OUT`: sign a report with the test authority of this installation."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backend import demo
from backend.demo_year.filing import trial_authority
from reporting.gateways.trial_authority import sign


class Command(BaseCommand):
    help = "Stand in for the software on an official's desk. Such a signature is worth nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", type=Path, help="the PDF that was downloaded")
        parser.add_argument("signed", type=Path, help="where the signed one is written")

    def handle(self, *_args: Any, report: Path, signed: Path, **_options: Any) -> None:
        if not demo.allowed():
            raise CommandError("The test authority is refused in production.")
        whose = trial_authority(at=timezone.now())
        signed.write_bytes(
            sign(
                report.read_bytes(),
                signer=whose.signer,
                stamper=whose.stamper,
                stamped_at=timezone.now(),
            )
        )
        self.stdout.write(f"Signed by {whose.signer.certificate.subject.rfc4514_string()}")
