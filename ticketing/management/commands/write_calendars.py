"""`manage.py write_calendars`: the slots of the coming days, from the calendars."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ticketing.domain.calendars import write_calendars


class Command(BaseCommand):
    help = "Write the slots that the calendars want. Running it twice changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        print(json.dumps(asdict(write_calendars(at=timezone.now()))))
