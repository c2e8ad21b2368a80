import json
from argparse import ArgumentParser
from datetime import date, timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from payments.domain.ledger.from_lists import post_fees_and_payouts
from payments.domain.reconciling.asking import Pace, ask_about
from payments.domain.reconciling.bank import list_bank_lines, post_unmatched
from payments.domain.reconciling.fetching import fetch_lists
from payments.domain.reconciling.nightly import reconcile
from ticketing.domain.visit_days import day_of


class Command(BaseCommand):
    help = "Compare the books of a day with the providers' lists and the bank; what runs at night."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", type=date.fromisoformat, help="yesterday when left out")

    def handle(self, *, day: date | None, **_options: object) -> None:
        at = timezone.now()
        day = day or day_of(at) - timedelta(days=1)
        lists = fetch_lists(day=day, at=at) + list_bank_lines(day=day, at=at)
        asked = ask_about(day=day, at=at, pace=Pace())
        post_unmatched(at=at)
        booked = post_fees_and_payouts(at=at)
        compared = reconcile(day=day, at=at)
        answer = {
            "day": day.isoformat(),
            "lists": lists,
            "asked": asked,
            "booked_from_lists": booked,
            "movements": compared.movements,
            "differences": compared.found,
            "vanished": compared.vanished,
        }
        print(json.dumps(answer))
