"""`manage.py prepare_demo_guides`: lets the worker read the guides of a demonstration aloud."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend import demo
from backend.demo_guides import prepare_guides
from sites.models import User


class Command(BaseCommand):
    help = "Have the shipped guides spoken and published by the demo's people; say how far it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--site", action="append", default=[], help="only this place")
        parser.add_argument("--stop", action="append", default=[], help="only stops of this name")

    def handle(self, *_args: Any, site: list[str], stop: list[str], **_options: Any) -> None:
        if not demo.allowed():
            raise CommandError("Demo people are refused in production.")
        people = {user.username: user for user in User.objects.filter(username__in=LOGINS)}
        if set(people) != LOGINS:
            raise CommandError("Run prepare_demo first: it makes the people who publish.")
        said = None
        for heard in prepare_guides(
            author=people["manager"], editor=people["admin"], sites=site, stops=stop
        ):
            line = f"Guides: {heard.spoken} of {heard.total} spoken, {heard.public} public."
            if line != said:
                print(line, flush=True)
            said = line


LOGINS = {"manager", "admin"}
