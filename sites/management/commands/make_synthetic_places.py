from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from sites.domain.synthetic import (
    make_synthetic_places,
    refresh_statistics,
    remove_synthetic_places,
)


class Command(BaseCommand):
    help = "Fill the catalogue with made-up places, for measuring. Refuses production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=100_000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--remove", action="store_true", help="only take them away again")

    def handle(self, *, count: int, seed: int, remove: bool, **_options: object) -> None:
        if settings.MODE == "production":
            raise CommandError("Made-up places have no business in production.")
        if count < 0:
            raise CommandError("--count is a number of places: 0 or more.")
        if remove:
            remove_synthetic_places()
        else:
            made = make_synthetic_places(count=count, seed=seed)
            self.stdout.write(f"{made} synthetic places")
        refresh_statistics()
