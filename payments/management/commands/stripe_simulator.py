import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from payments.gateways.stripe_simulator.faults import Faults
from payments.gateways.stripe_simulator.server import Merchant, SimulatorRefused, StripeSimulator


class Command(BaseCommand):
    help = "Run a small Stripe of our own for the demo and the tests. It moves no money."
    # It has no database, and starts before there is one.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        webhook = f"{settings.PUBLIC_URL}/api/v1/payments/webhooks/stripe"
        parser.add_argument("--port", type=int, default=8420)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--public-url", default="", help="how a browser reaches it")
        parser.add_argument("--webhook-url", default=webhook)
        parser.add_argument("--state", type=Path, help="a file that outlives a restart")
        parser.add_argument("--lost", action="store_true", help="never deliver a webhook")
        parser.add_argument("--late-s", type=float, default=0, help="deliver so late")
        parser.add_argument("--copies", type=int, default=1, help="deliver each so often")
        parser.add_argument("--reordered", action="store_true")
        parser.add_argument("--wrong-signature", action="store_true")

    def handle(self, **options: Any) -> None:
        """Serve until somebody says stop."""
        faults = Faults(
            lost=options["lost"],
            late_s=options["late_s"],
            copies=options["copies"],
            reordered=options["reordered"],
            wrong_signature=options["wrong_signature"],
        )
        merchant = Merchant(
            key=settings.STRIPE_SECRET_KEY,
            webhook_secret=settings.STRIPE_WEBHOOK_SECRET,
            webhook_url=options["webhook_url"],
        )
        try:
            simulator = StripeSimulator(
                merchant,
                mode=settings.MODE,
                host=options["host"],
                port=options["port"],
                public_url=options["public_url"],
                state=options["state"],
                faults=faults,
            )
        except SimulatorRefused as refused:
            raise CommandError(str(refused)) from refused
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        simulator.start()
        self.stdout.write(f"A Stripe that moves no money listens on {simulator.url}")
        stopped.wait()
        simulator.stop()
