"""`manage.py recount_capacity`: the counters of all slots beside their bookings."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from ticketing.domain.recounting import recount_capacity
from ticketing.models import Slot


class Command(BaseCommand):
    help = "Count the people of every slot again from the bookings; exits 1 on any difference."

    def handle(self, *args: Any, **options: Any) -> None:
        found = recount_capacity(at=timezone.now())
        answer = {
            "ok": not found,
            "slots": Slot.objects.count(),
            "differences": [asdict(difference) for difference in found],
        }
        print(json.dumps(answer))
        sys.exit(1 if found else 0)
