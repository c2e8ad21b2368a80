"""`manage.py load_products`: the tariff that ships with the product."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ticketing.domain.change_rule_data import load_change_rules
from ticketing.domain.tariff_data import Loaded, PlacesMissing, load_tariffs, shipped_slugs


class Command(BaseCommand):
    help = "Write the shipped products and prices. Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        match load_tariffs():
            case Loaded(created, changed):
                print(f"Products and prices: {created} rows made, {changed} changed.")
                kept = load_change_rules(slugs=shipped_slugs())
                print(f"Rules of changes: {kept.made} rows made, {kept.changed} changed.")
            case PlacesMissing(slugs):
                raise CommandError(
                    "These places are not in the catalogue yet, or cannot be sold: "
                    + ", ".join(slugs)
                )
