"""`manage.py open_enrolment SITE GATE`: a one-time code for a scanner."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sites.models import Gate
from ticketing.domain.enrolment import open_enrolment


class Command(BaseCommand):
    help = "Print a one-time code, good for half an hour, that makes a phone the scanner of a gate."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("site", help="slug of the site, for example dai-noi")
        parser.add_argument("gate", help="code of the gate, for example ngo-mon")

    def handle(self, *_args: Any, site: str, gate: str, **_options: Any) -> None:
        found = Gate.objects.filter(site__slug=site, code=gate).first()
        if found is None:
            codes = Gate.objects.filter(site__slug=site).values_list("code", flat=True)
            known = ", ".join(sorted(codes)) or "none"
            raise CommandError(f"{site} has no gate {gate}. Its gates: {known}.")
        self.stdout.write(open_enrolment(gate=found, at=timezone.now()))
