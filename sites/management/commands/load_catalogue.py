from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sites.domain.catalogue_files import DATA, CatalogueError, read_catalogue
from sites.domain.loading import load_catalogue


class Command(BaseCommand):
    help = (
        "Bring the catalogue's files into the database. What a file says, the file owns; "
        "closures, notices, photos and what no file says are left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=DATA)

    def handle(self, *, folder: Path, **_options: object) -> None:
        try:
            loaded = load_catalogue(catalogue=read_catalogue(folder=folder))
        except CatalogueError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        for kind, changes in loaded.rows.items():
            self.stdout.write(
                f"{kind}: {changes.made} made, {changes.changed} changed, {changes.same} as before"
            )
        self.stdout.write(f"cards: {loaded.cards} written")
