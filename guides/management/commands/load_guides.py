"""`manage.py load_guides`: the guides that ship with the product, as drafts."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from guides.domain.guide_data import DATA, WrongGuideFile, read_guides
from guides.domain.guide_loading import load_guides


class Command(BaseCommand):
    help = "Write the shipped guides that are not there yet. Running it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=DATA, help="read these files instead")

    def handle(self, *, folder: Path, **_options: object) -> None:
        try:
            guides = read_guides(folder=folder)
        except WrongGuideFile as fault:
            raise CommandError(f"Nothing was loaded. {fault}") from fault
        loaded = load_guides(guides=guides, at=timezone.now())
        print(f"Guides: {loaded.made} made with {loaded.stops} stops, {loaded.known} were there.")
        for slug in loaded.without_site:
            print(f"  left out: no place is called {slug}")
