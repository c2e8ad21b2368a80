"""`manage.py export_guides`: all content of a site in one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guides.domain.exporting import FileLost, export_site
from sites.models import HeritageSite


class Command(BaseCommand):
    help = "Write the guides, texts, recordings, pictures and tours of a site into one archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="slug of the place")
        parser.add_argument("archive", type=Path, help="the file to write")

    def handle(self, **options: Any) -> None:
        site = HeritageSite.objects.filter(slug=options["site"]).first()
        if site is None:
            raise CommandError("There is no such place in the catalogue.")
        written = export_site(site=site, to=options["archive"])
        if isinstance(written, FileLost):
            raise CommandError(f"Nothing was written: the file {written.name} is lost here.")
        print(f"content {written}")
