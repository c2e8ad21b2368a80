import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from payments.domain.reconciling.lists import FileRefused, Origin, keep_file, name_of_file
from payments.models import ListSource
from payments.models.accounts import Provider
from sites.models import Organisation


class Command(BaseCommand):
    help = "Keep a provider's list or a bank statement from a CSV file. Twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", required=True, help="its slug")
        parser.add_argument("--provider", required=True, choices=Provider.values)
        parser.add_argument("--source", choices=ListSource.values, default=ListSource.PROVIDER)

    def handle(
        self, *, file: Path, organisation: str, provider: str, source: str, **_options: object
    ) -> None:
        owner = Organisation.objects.filter(slug=organisation).first()
        if owner is None:
            raise CommandError(f"There is no organisation {organisation}.")
        try:
            data = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        origin = Origin(
            organisation=owner,
            provider=provider,
            source=ListSource(source),
            listed_in=name_of_file(file.name, data),
        )
        kept = keep_file(origin=origin, data=data, at=timezone.now())
        if isinstance(kept, FileRefused):
            raise CommandError(f"Nothing was kept. Line {kept.line}: {kept.reason}")
        print(json.dumps({day.isoformat(): rows for day, rows in kept.items()}))
