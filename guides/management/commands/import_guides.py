"""`manage.py import_guides`: an export of elsewhere, or a folder with a sheet, for one site."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guides.domain.bulk_import import Imported, import_folder
from guides.domain.exporting import CONTENT, hash_of_content
from guides.domain.importing import (
    ContentImported,
    GuideIsThere,
    NotAnExport,
    TourIsThere,
    import_site,
)
from guides.domain.unpacking import unpack
from sites.models import HeritageSite, User


class Command(BaseCommand):
    help = (
        "Take an archive of export_guides, or a folder (or zip) of recordings and pictures with a "
        "sheet. What is imported is a draft; two people publish it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", required=True, help="slug of the place")
        parser.add_argument("--by", required=True, help="user name of the person who answers")
        parser.add_argument("--dry-run", action="store_true", help="look at it, write nothing")
        parser.add_argument("source", type=Path, help="an archive or a folder")

    def handle(self, **options: Any) -> None:
        site = HeritageSite.objects.filter(slug=options["site"]).first()
        by = User.objects.filter(username=options["by"]).first()
        if site is None or by is None:
            raise CommandError("There is no such place, or no such person.")
        with tempfile.TemporaryDirectory(prefix="import-") as folder:
            source: Path = options["source"]
            if source.is_file():
                refused = unpack(source, to=Path(folder))
                if refused:
                    raise CommandError(str(refused))
                source = Path(folder)
            if (source / CONTENT).exists():
                self._content(site, source, by, dry=options["dry_run"])
            else:
                self._sheet(site, source, by, dry=options["dry_run"])

    def _content(self, site: HeritageSite, folder: Path, by: User, *, dry: bool) -> None:
        match import_site(site=site, folder=folder, by=by, at=timezone.now(), dry=dry):
            case ContentImported(guides, stops, recordings, tours):
                print(f"{guides} guides, {stops} stops, {recordings} recordings, {tours} tours")
                print("Nothing was written." if dry else f"content {hash_of_content(site=site)}")
            case NotAnExport(what):
                raise CommandError(f"Nothing was imported: {what}")
            case GuideIsThere(slug):
                raise CommandError(f"Nothing was imported: the guide {slug} is here already.")
            case TourIsThere(slug):
                raise CommandError(f"Nothing was imported: the tour {slug} is here already.")

    def _sheet(self, site: HeritageSite, folder: Path, by: User, *, dry: bool) -> None:
        answer = import_folder(site=site, folder=folder, at=timezone.now(), by=by, dry=dry)
        if isinstance(answer, Imported):
            done = "would be taken" if dry else "taken"
            print(f"{answer.recordings} recordings and {answer.pictures} pictures {done}.")
            return
        for wrong in answer:
            print(f"row {wrong.row}: {wrong.sentence}")
        raise CommandError("Nothing was taken.")
