"""`manage.py load_products`: the tariff that ships with the product."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ticketing.domain.tariff_data import Loaded, PlacesMissing, load_tariffs


class Command(BaseCommand):
    help = "Write the shipped products and prices. Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        match load_tariffs():
            case Loaded(created, changed):
                print(f"Products and prices: {created} rows made, {changed} changed.")
            case PlacesMissing(slugs):
                raise CommandError(
                    "These places are not in the catalogue yet, or cannot be sold: "
                    + ", ".join(slugs)
                )
