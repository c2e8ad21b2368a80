from typing import Any

from django.core.management.base import BaseCommand

from backend.state_machines import DOCUMENT, drawn


class Command(BaseCommand):
    help = "Draw docs/state-machines.md from the tables in the code."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        DOCUMENT.write_text(drawn(), encoding="utf-8")
