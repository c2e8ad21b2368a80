"""Secrets with a mark go through every flow; then logs, answers and pages are searched for it."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import orjson
import pytest
import structlog
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from backend.logs import event_formatter
from payments.domain.bank_feed import match_lines, read_accounts
from payments.domain.refunding import send_refunds
from payments.domain.sweeping import sweep
from payments.domain.webhook_inbox import process_messages
from payments.gateways.bank_simulator.server import BankSimulator, Holder
from payments.gateways.stripe_simulator.server import Merchant, StripeSimulator
from payments.gateways.vietqr.feeds import FeedSettings, signed
from payments.gateways.vnpay_simulator.server import Terminal, VnpaySimulator
from payments.models import MerchantAccount, Payment, SecretKind
from sites.models import User
from tests.factories import place
from tests.payments.accounts import make_account
from tests.payments.bank_desk import BANK, NUMBER, BankDesk
from tests.payments.reading_codes import read_code
from tests.payments.vnpay_desk import TERMINAL, VnpayDesk, call

pytestmark = pytest.mark.django_db
MARK = "Zx9MARKEDq7"
SECRETS = {kind: f"{kind.value}-{MARK}-{number}" for number, kind in enumerate(SecretKind)}
KEY = f"sk_test_{MARK}"


class Everything:
    """All that anybody outside gets to see."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def keep(self, where: str, text: str) -> str:
        self.seen.append((where, text))
        return text

    def get(
        self, url: str, *, client: Client | None = None, headers: dict[str, str] | None = None
    ) -> str:
        answer = (client or Client()).get(url, headers=headers or {})
        return self.keep(url, f"{answer.headers} {answer.content.decode()}")

    def post(self, url: str, body: bytes, **headers: str) -> dict[str, object]:
        answer = Client(raise_request_exception=False).post(
            url, body, content_type="application/json", headers=headers
        )
        text = answer.content.decode()
        self.keep(url, f"{answer.headers} {text}")
        read: dict[str, object] = orjson.loads(text) if text.startswith("{") else {}
        return read

    def leaks(self) -> list[str]:
        return [where for where, text in self.seen if MARK in text]


@pytest.fixture
def desks(settings: Settings) -> Iterator[tuple[StripeSimulator, VnpayDesk, BankDesk]]:
    stripe = StripeSimulator(Merchant(KEY, f"whsec_{MARK}", ""), mode="test")
    vnpay = VnpaySimulator(Terminal(TERMINAL, SECRETS[SecretKind.VNPAY_HASH], ""), mode="test")
    holder = Holder(
        BANK,
        NUMBER,
        SECRETS[SecretKind.BANK_API],
        sepay_secret=SECRETS[SecretKind.SEPAY_WEBHOOK],
        casso_secret=SECRETS[SecretKind.CASSO_WEBHOOK],
    )
    bank = BankSimulator(holder, mode="test")
    for one in (stripe, vnpay, bank):
        one.start()
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = KEY, f"whsec_{MARK}"
    settings.STRIPE_API_BASE = stripe.url
    settings.VNPAY_PAY_URL, settings.VNPAY_API_URL = vnpay.pay_url, vnpay.api_url
    settings.BANK_API_BASE = bank.url
    yield stripe, VnpayDesk(vnpay), BankDesk(bank)
    for one in (stripe, vnpay, bank):
        one.stop()


@pytest.fixture
def accounts() -> list[MerchantAccount]:
    return [
        make_account(
            provider="vnpay",
            number=TERMINAL,
            secrets={SecretKind.VNPAY_HASH: SECRETS[SecretKind.VNPAY_HASH]},
        ),
        make_account(
            provider="vietqr",
            number=NUMBER,
            bank_bin=BANK,
            secrets={
                kind: SECRETS[kind]
                for kind in (
                    SecretKind.SEPAY_WEBHOOK,
                    SecretKind.CASSO_WEBHOOK,
                    SecretKind.BANK_API,
                )
            },
        ),
    ]


def pay_in_every_way(world: Everything, desks: tuple[StripeSimulator, VnpayDesk, BankDesk]) -> None:
    """Pay, be refused, come back, be confirmed rightly and wrongly, and fail at every line."""
    _stripe, vnpay, bank = desks
    for provider in ("stripe", "vnpay", "vietqr"):
        placed = place(quantity=2)
        headers = {"Order-Secret": placed.secret}
        url = f"/api/v1/orders/{placed.order.code}"
        body = orjson.dumps({"provider": provider})
        world.post(f"{url}/payments", body, **headers)
        attempt = placed.order.attempts.get()
        if provider == "stripe":
            call(attempt.action_url, body=b"action=pay&card=4242424242424242")
            world.get(f"/pay/stripe/return?session_id={attempt.provider_reference}")
        elif provider == "vnpay":
            back = urlsplit(vnpay.choose(attempt.action_url, "00").location).query
            query = vnpay.confirmation(attempt.provider_reference)
            for one in (query, query + "0", query.replace("00", "01"), ""):
                world.get(f"/api/v1/payments/webhooks/vnpay?{one}")
                world.get(f"/pay/vnpay/return?{one}")
            world.get(f"/pay/vnpay/return?{back}")
        else:
            code = read_code(attempt.action_payload)
            bank.pay(attempt.action_payload, amount=int(code["amount"]), memo=code["memo"])
            for service in ("sepay", "casso"):
                message = bank.message(service)
                for content in (message.body or b"", b"{}", (message.body or b"") + b" "):
                    world.post(f"/api/v1/payments/webhooks/{service}", content, **message.headers)
        world.get(f"/api/v1/payments/providers?order={placed.order.code}", headers=headers)
        world.get(url, headers=headers)


def let_lines_fail(world: Everything, desks: tuple[StripeSimulator, VnpayDesk, BankDesk]) -> None:
    """Errors tell more than answers: every line breaks in its own way."""
    stripe, vnpay, bank = desks
    at = timezone.now()
    orders = [place(quantity=1) for _ in range(3)]
    for placed, provider in zip(orders, ("stripe", "vnpay", "vietqr"), strict=True):
        body = orjson.dumps({"provider": provider})
        url = f"/api/v1/orders/{placed.order.code}/payments"
        world.post(url, body, **{"Order-Secret": placed.secret})
    vnpay.faults(api_error=True)
    bank.faults(api_error=True)
    # Stripe repeats part of a key that it does not know.
    stripe.merchant = Merchant("sk_test_another", "whsec_x", "")
    for later in (timedelta(seconds=30), timedelta(minutes=3)):
        sweep(at=at + later)
        send_refunds(at=at + later)
        read_accounts(at=at + later)
    placed = place(quantity=1)
    url = f"/api/v1/orders/{placed.order.code}/payments"
    world.post(url, b'{"provider": "stripe"}', **{"Order-Secret": placed.secret})
    vnpay.faults(api_error=False, api_silent=True)
    bank.faults(api_error=False, api_silent=True)
    sweep(at=at + timedelta(minutes=6))
    for one in desks[1:]:
        one.simulator.stop()
    sweep(at=at + timedelta(minutes=20))
    read_accounts(at=at + timedelta(minutes=20))


def look_at_every_page(world: Everything) -> None:
    """Open the console's lists, rows and histories of money as somebody who may see all."""
    root = User.objects.create(username="root", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(root)
    for model in admin.site._registry:  # noqa: SLF001 # the framework's list of pages
        if model._meta.app_label != "payments":  # noqa: SLF001 # Django's own name
            continue
        name = f"admin:payments_{model._meta.model_name}"  # noqa: SLF001 # as above
        world.get(reverse(f"{name}_changelist"), client=client)
        for row in model._default_manager.all()[:20]:  # noqa: SLF001 # as above
            world.get(reverse(f"{name}_change", args=[row.pk]), client=client)
            world.get(reverse(f"{name}_history", args=[row.pk]), client=client)


def rows_in_clear() -> list[str]:
    """Search every text and every byte of the money's tables."""
    found = []
    tables = [name for name in connection.introspection.table_names() if "payments" in name]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{MARK}%"])  # noqa: S608 # our own tables
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def test_no_secret_shows_anywhere(
    desks: tuple[StripeSimulator, VnpayDesk, BankDesk],
    accounts: list[MerchantAccount],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    world = Everything()
    with caplog.at_level(logging.DEBUG):
        pay_in_every_way(world, desks)
        process_messages(at=timezone.now())
        match_lines(at=timezone.now())
        assert Payment.objects.count() == 3
        let_lines_fail(world, desks)
        look_at_every_page(world)
    said = capfd.readouterr()
    world.keep("stdout", said.out)
    world.keep("stderr", said.err)
    world.keep("logs", caplog.text)

    assert "cannot ask" in said.out + said.err + caplog.text
    assert len(world.seen) > 60
    assert world.leaks() == []
    assert rows_in_clear() == []


def test_a_fault_says_where_it_was_and_not_what_variables_held(
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings = FeedSettings("1031933430", (MARK,))
    try:
        signed(b"", given="0", secrets=settings.secrets, method="no such method")
    except AttributeError:
        structlog.get_logger("payments.test").exception("fault", settings=settings)
        said = orjson.loads(event_formatter().format(caplog.records[-1]))

    assert (said["event"], said["logger"]) == ("fault", "payments.test")
    assert "no such method" in said["exception"]
    assert MARK not in str(said)


def test_the_search_finds_what_is_there(accounts: list[MerchantAccount]) -> None:
    world = Everything()
    world.keep("here", f"… {SECRETS[SecretKind.VNPAY_HASH]} …")
    MerchantAccount.objects.filter(pk=accounts[0].pk).update(holder=MARK)

    assert world.leaks() == ["here"]
    assert rows_in_clear() == ["payments_merchantaccount"]
