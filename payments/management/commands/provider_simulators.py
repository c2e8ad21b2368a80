import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from payments.gateways.bank_simulator.server import BankSimulator, Holder
from payments.gateways.credentials import usable_secrets
from payments.gateways.simulating.faults import Faults
from payments.gateways.simulating.http import SimulatorRefused
from payments.gateways.vnpay_simulator.server import Terminal, VnpaySimulator
from payments.models import MerchantAccount, Provider, SecretKind


class Command(BaseCommand):
    help = "Run a small VNPAY and a small bank of our own for the demo. They move no money."

    def add_arguments(self, parser: CommandParser) -> None:
        webhooks = f"{settings.PUBLIC_URL}/api/v1/payments/webhooks"
        parser.add_argument("--vnpay-port", type=int, default=8421)
        parser.add_argument("--bank-port", type=int, default=8422)
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--webhooks", default=webhooks, help="where messages go")
        parser.add_argument("--lost", action="store_true", help="never deliver a message")
        parser.add_argument("--late-s", type=float, default=0, help="deliver so late")
        parser.add_argument("--copies", type=int, default=1, help="deliver each so often")
        parser.add_argument("--reordered", action="store_true")
        parser.add_argument("--wrong-signature", action="store_true")

    def handle(self, **options: Any) -> None:
        """Serve the accounts that are in use here, until somebody says stop."""
        faults = Faults(
            lost=options["lost"],
            late_s=options["late_s"],
            copies=options["copies"],
            reordered=options["reordered"],
            wrong_signature=options["wrong_signature"],
        )
        try:
            simulators: list[VnpaySimulator | BankSimulator] = [
                vnpay(options, faults),
                bank(options, faults),
            ]
        except SimulatorRefused as refused:
            raise CommandError(str(refused)) from refused
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        for simulator in simulators:
            simulator.start()
            self.stdout.write(f"A provider that moves no money listens on {simulator.url}")
        stopped.wait()
        for simulator in simulators:
            simulator.stop()


def in_use(provider: Provider) -> MerchantAccount:
    account = MerchantAccount.objects.filter(provider=provider, enabled=True).first()
    if account is None:
        raise CommandError(f"No account of {provider.label} is set up; see prepare_demo.")
    return account


def secret(account: MerchantAccount, kind: SecretKind) -> str:
    return next(iter(usable_secrets(account, kind, at=timezone.now())), "")


def vnpay(options: dict[str, Any], faults: Faults) -> VnpaySimulator:
    account = in_use(Provider.VNPAY)
    terminal = Terminal(
        code=account.number,
        secret=secret(account, SecretKind.VNPAY_HASH),
        ipn_url=f"{options['webhooks']}/vnpay",
    )
    return VnpaySimulator(
        terminal,
        mode=settings.MODE,
        host=options["host"],
        port=options["vnpay_port"],
        faults=faults,
    )


def bank(options: dict[str, Any], faults: Faults) -> BankSimulator:
    account = in_use(Provider.VIETQR)
    holder = Holder(
        bank_bin=account.bank_bin,
        number=account.number,
        api_key=secret(account, SecretKind.BANK_API),
        sepay_secret=secret(account, SecretKind.SEPAY_WEBHOOK),
        casso_secret=secret(account, SecretKind.CASSO_WEBHOOK),
        webhook_url=f"{options['webhooks']}/{{}}",
    )
    return BankSimulator(
        holder, mode=settings.MODE, host=options["host"], port=options["bank_port"], faults=faults
    )
