"""`manage.py load_catalogue`: the catalogue that ships with the product."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from sites.domain.catalogue_data import DATA, WrongFile, read_catalogue
from sites.domain.catalogue_loading import BitTaken, Loaded, load_catalogue


class Command(BaseCommand):
    help = "Write the shipped places, wards and organisations. Running it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=DATA, help="read these files instead")

    def handle(self, *, folder: Path, **_options: object) -> None:
        try:
            catalogue = read_catalogue(folder=folder)
        except WrongFile as fault:
            raise CommandError(f"Nothing was loaded. {fault}") from fault
        match load_catalogue(catalogue=catalogue):
            case Loaded(places, made, changed, withdrawn):
                print(
                    f"Catalogue: {places} places; {made} rows made, {changed} changed,"
                    f" {withdrawn} places withdrawn."
                )
            case BitTaken(slug, bit, known_slug, known_bit):
                raise CommandError(
                    f"Nothing was loaded. places, {slug}, ticket_bit: the file says {bit}, but"
                    f" tickets know {known_slug} by {known_bit}, and that never changes."
                )
