"""`manage.py price`: what a visit costs, and by which rule and law."""

import json
from argparse import ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ticketing.domain.pricing import Priced, Visit, WhyUnpriced
from ticketing.domain.tariff_book import UnknownProduct, price_of
from ticketing.domain.visit_days import VIETNAM

OLDEST = 150
MOST = 100_000


class Command(BaseCommand):
    help = "Print the price of a visit as JSON: any product, category, age and date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--product", required=True, metavar="SLUG")
        parser.add_argument("--category", required=True, metavar="CODE")
        parser.add_argument("--age", type=_age, help="full years on the visit date")
        parser.add_argument("--citizen", action="store_true", help="a citizen of Việt Nam")
        parser.add_argument("--visit-date", required=True, type=_date, metavar="YYYY-MM-DD")
        parser.add_argument(
            "--bought-at",
            required=True,
            type=_moment,
            metavar="TIME",
            help="RFC 3339; without an offset it is the time in Việt Nam",
        )
        parser.add_argument("--quantity", type=_quantity, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        visit = Visit(
            category=options["category"],
            age=options["age"],
            citizen=options["citizen"],
            visit_date=options["visit_date"],
            bought_at=options["bought_at"],
            quantity=options["quantity"],
        )
        answer = _answer(price_of(slug=options["product"], visit=visit))
        asked = {"quantity": visit.quantity, "currency": "VND"}
        self.stdout.write(json.dumps(answer | asked, ensure_ascii=False))


def _answer(found: Priced | WhyUnpriced | UnknownProduct) -> dict[str, Any]:
    match found:
        case Priced():
            return {
                "amount": found.amount,
                "unit_amount": found.unit_amount,
                "rule": found.rule,
                "legal_basis": found.legal_basis,
                "revenue_kind": found.revenue_kind,
            }
        case UnknownProduct():
            return _none("unknown_product")
        case WhyUnpriced():
            return _none(found.value)


def _none(why: str) -> dict[str, Any]:
    nothing = dict.fromkeys(("unit_amount", "legal_basis", "revenue_kind"))
    return {"amount": None, "rule": why, **nothing}


def _date(text: str) -> date:
    message = f"{text} is not a date like 2026-02-17."
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(message) from error
    # Weeks and figures without hyphens are dates too, by the standard, but nobody means them here.
    if day.isoformat() != text:
        raise ArgumentTypeError(message)
    return day


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        # In the first and last hours of the calendar there is no time in Việt Nam.
        return (moment.replace(tzinfo=VIETNAM) if moment.tzinfo is None else moment).astimezone(
            VIETNAM
        )
    except (ValueError, OverflowError) as error:
        message = f"{text} is not a time like 2026-02-17T08:00:00+07:00."
        raise ArgumentTypeError(message) from error


def _age(text: str) -> int:
    return _whole(text, least=0, most=OLDEST, what="an age in full years")


def _quantity(text: str) -> int:
    return _whole(text, least=1, most=MOST, what="a number of people")


def _whole(text: str, *, least: int, most: int, what: str) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ArgumentTypeError(f"{text} is not {what}, from {least} to {most}.")
    return int(text)
