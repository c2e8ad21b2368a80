"""`manage.py make_demo_year`: a made-up year of activity for a demonstration, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from backend import demo
from backend.demo_year import make_year


class Command(BaseCommand):
    help = "Make a year of activity that nobody had, so that the department's pages show something."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not demo.allowed():
            raise CommandError("A made-up year is refused in production.")
        # All of it or nothing: a year that breaks off in March would be told as true.
        with transaction.atomic():
            made = make_year(at=timezone.now())
        self.stdout.write("The made-up year is there." if made else "Nothing to do.")
