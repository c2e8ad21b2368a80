from typing import Any

from django.core.management.base import BaseCommand

from payments.domain.credentials import seal_anew


class Command(BaseCommand):
    help = "Seal the secrets of payment accounts with the newest of NGOMON_SEAL_KEYS."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seal_anew()} secrets are sealed with the newest key.")
