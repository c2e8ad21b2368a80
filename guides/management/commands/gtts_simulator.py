"""`manage.py gtts_simulator`: the online voice of a demonstration; it says tones, and can fail."""

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from guides.gateways.gtts_simulator import Faults, GttsSimulator, SimulatorRefused


class Command(BaseCommand):
    help = "Run a small server that answers like the voice of Google Translate. It says tones."
    # It has no database, and starts before there is one.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8430)
        parser.add_argument("--busy-from", type=int, help="answer 429 from this request on")
        parser.add_argument("--retry-after-s", type=int, default=0)
        parser.add_argument("--hanging-from", type=int, help="say nothing from this request on")

    def handle(self, **options: Any) -> None:
        """Serve until somebody says stop."""
        faults = Faults(
            busy_from=options["busy_from"],
            retry_after_s=options["retry_after_s"],
            hanging_from=options["hanging_from"],
        )
        try:
            simulator = GttsSimulator(mode=settings.MODE, port=options["port"], faults=faults)
        except SimulatorRefused as refused:
            raise CommandError(str(refused)) from refused
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        simulator.start()
        self.stdout.write(f"A voice that says tones listens on {simulator.url}")
        stopped.wait()
        simulator.stop()
