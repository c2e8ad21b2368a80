"""The simulators of VNPAY and of a bank: honest ones, faulty ones, and never in production."""

import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from payments.gateways.bank_simulator.scanning import NoCode, scan
from payments.gateways.bank_simulator.server import BankSimulator, Holder
from payments.gateways.installation import ProvidersMisconfigured, check_addresses
from payments.gateways.simulating.http import SimulatorRefused
from payments.gateways.vietqr.payload import Transfer, encode
from payments.gateways.vnpay import signing
from payments.gateways.vnpay_simulator.server import Terminal, VnpaySimulator
from payments.models import SecretKind
from tests.payments.accounts import make_account
from tests.payments.bank_desk import API_KEY, BANK, NUMBER, SEPAY_SECRET, BankDesk
from tests.payments.reading_codes import VECTORS
from tests.payments.vnpay_desk import SECRET, TERMINAL, VnpayDesk, call

Told = tuple[str, bytes]


@pytest.fixture
def ear() -> Iterator[tuple[str, Queue[Told]]]:
    """A shop's server that hears messages and refuses the first of them."""
    heard: Queue[Told] = Queue()

    class Ear(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.hear(b"")

        def do_POST(self) -> None:
            self.hear(self.rfile.read(int(self.headers["Content-Length"])))

        def hear(self, body: bytes) -> None:
            first = heard.empty() and not getattr(server, "refused", False)
            server.refused = True  # type: ignore[attr-defined]  # a note on this one server
            heard.put((self.path, body))
            answer = b'{"RspCode": "99"}' if first else b'{"RspCode": "00"}'
            self.send_response(500 if first and body else 200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Ear)
    Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    server.server_close()


def drained(heard: Queue[Told], *, count: int, within_s: float = 30) -> list[Told]:
    """Wait for so many messages, and a moment longer for one too many."""
    told: list[Told] = []
    deadline = time.monotonic() + within_s
    while len(told) < count and time.monotonic() < deadline:
        try:
            told.append(heard.get(timeout=0.2))
        except Empty:
            continue
    time.sleep(0.3)
    return told + [heard.get() for _ in range(heard.qsize())]


def pay_url(simulator: VnpaySimulator, **changes: str) -> str:
    params = {
        "vnp_Version": "2.1.0",
        "vnp_Command": "pay",
        "vnp_TmnCode": TERMINAL,
        "vnp_Amount": "20000000",
        "vnp_CreateDate": simulator.book.stamp(),
        "vnp_ExpireDate": "29991231235959",
        "vnp_CurrCode": "VND",
        "vnp_Locale": "vn",
        "vnp_OrderInfo": "Ve tham quan 7K3M9QX2",
        "vnp_ReturnUrl": "https://ve.example.vn/pay/vnpay/return?lang=vi",
        "vnp_TxnRef": "7K3M9QX2A1",
    } | changes
    data = signing.address_data(params)
    return f"{simulator.pay_url}?{data}&vnp_SecureHash={signing.signature(data, secret=SECRET)}"


def test_a_payment_is_told_until_it_is_understood(ear: tuple[str, Queue[Told]]) -> None:
    url, heard = ear
    simulator = VnpaySimulator(Terminal(TERMINAL, SECRET, f"{url}/ipn"), mode="test")
    simulator.start()
    VnpayDesk(simulator).choose(pay_url(simulator), "00")

    told = drained(heard, count=2)

    simulator.stop()
    assert len(told) == 2
    for path, _body in told:
        params = signing.read_address(path.partition("?")[2]) or {}
        assert signing.is_signed(params, secrets=(SECRET,))
        assert (params["vnp_ResponseCode"], params["vnp_Amount"]) == ("00", "20000000")


FAULTS: list[tuple[dict[str, object], int]] = [
    ({"lost": True}, 0),
    ({"copies": 3}, 4),
    ({"late_s": 0.5}, 2),
]


@pytest.mark.parametrize(("faults", "count"), FAULTS)
def test_messages_are_lost_doubled_and_late_on_demand(
    ear: tuple[str, Queue[Told]], *, faults: dict[str, object], count: int
) -> None:
    url, heard = ear
    holder = Holder(BANK, NUMBER, API_KEY, sepay_secret=SEPAY_SECRET, webhook_url=f"{url}/{{}}")
    simulator = BankSimulator(holder, mode="test")
    simulator.start()
    desk = BankDesk(simulator)
    desk.faults(**faults)
    desk.pull("credits", amount=9_000, memo="HUE7K3M9QXE")

    told = drained(heard, count=count, within_s=30 if count else 1)

    simulator.stop()
    assert len(told) == count
    assert {path for path, _body in told} <= {"/sepay"}


@pytest.mark.parametrize(
    "changes",
    [{"vnp_TmnCode": "ANOTHER1"}, {"vnp_SecureHash": "0"}, {"vnp_Amount": "30000000"}],
)
def test_a_page_opens_for_a_signed_address_alone(
    vnpay_desk: VnpayDesk, *, changes: dict[str, str]
) -> None:
    url = pay_url(vnpay_desk.simulator)
    assert vnpay_desk.open(url).status == 200
    wrong = url
    for name, value in changes.items():
        before = next(part for part in url.split("?", 1)[1].split("&") if part.startswith(name))
        wrong = wrong.replace(before, f"{name}={value}")

    assert vnpay_desk.open(wrong).status == 400


def test_the_pages_speak_both_languages(vnpay_desk: VnpayDesk, bank_desk: BankDesk) -> None:
    english = pay_url(vnpay_desk.simulator, vnp_Locale="en")
    code = encode(Transfer(BANK, NUMBER, 150_000, "HUE7K3M9QXE"))

    assert "Trang thử" in vnpay_desk.open(pay_url(vnpay_desk.simulator)).text
    assert 'lang="en"' in vnpay_desk.open(english).text
    assert "no real money" in bank_desk.scan(code).text
    assert "Ứng dụng ngân hàng" in call(bank_desk.simulator.url + "/?lang=vi").text


def test_a_time_that_is_over_ends_the_payment(vnpay_desk: VnpayDesk) -> None:
    url = pay_url(vnpay_desk.simulator, vnp_ExpireDate="20200101000000")

    assert "vnp_ResponseCode=11" in vnpay_desk.open(url).location


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["name"]))
def test_the_bank_app_reads_what_is_published(vector: dict[str, Any]) -> None:
    if vector["well_formed"]:
        assert scan(vector["payload"]).bank.startswith("9704")
    else:
        with pytest.raises(NoCode):
            scan(vector["payload"])


@pytest.mark.parametrize("text", ["", "x", "00020101", VECTORS[3]["payload"][:-1] + "0"])
def test_the_bank_app_refuses_what_is_no_code(bank_desk: BankDesk, *, text: str) -> None:
    with pytest.raises(NoCode):
        scan(text)
    if text:
        assert bank_desk.scan(text).status == 400


def test_the_levers_want_a_key(vnpay_desk: VnpayDesk, bank_desk: BankDesk) -> None:
    for url in (vnpay_desk.simulator.url, bank_desk.simulator.url):
        assert call(f"{url}/_control/faults", body=b"{}").status == 401


def test_there_is_no_playing_with_money_in_production() -> None:
    with pytest.raises(SimulatorRefused):
        VnpaySimulator(Terminal(TERMINAL, SECRET, ""), mode="production")
    with pytest.raises(SimulatorRefused):
        BankSimulator(Holder(BANK, NUMBER, API_KEY), mode="production")


@pytest.mark.django_db
def test_the_command_refuses_production_too(settings: Settings) -> None:
    settings.MODE = "production"
    make_account(provider="vnpay", number=TERMINAL, secrets={SecretKind.VNPAY_HASH: SECRET})
    make_account(provider="vietqr", number=NUMBER, bank_bin=BANK)

    with pytest.raises(CommandError, match="production"):
        call_command("provider_simulators", "--vnpay-port", "0", "--bank-port", "0")


@pytest.mark.django_db
def test_the_command_says_what_is_missing() -> None:
    with pytest.raises(CommandError, match="No account of VNPAY"):
        call_command("provider_simulators")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("VNPAY_PAY_URL", "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html"),
        ("VNPAY_API_URL", "http://pay.example.vn/api"),
        ("BANK_API_BASE", "https://127.0.0.1:8422"),
        ("BANK_API_BASE", "https://localhost"),
    ],
)
def test_production_does_not_start_with_play_providers(
    settings: Settings, *, name: str, address: str
) -> None:
    for one in ("VNPAY_PAY_URL", "VNPAY_API_URL", "BANK_API_BASE"):
        setattr(settings, one, "https://pay.example.vn/x")
    settings.MODE = "production"
    check_addresses()
    setattr(settings, name, address)

    with pytest.raises(ProvidersMisconfigured, match=name):
        check_addresses()
    settings.MODE = "demo"
    check_addresses()


def test_only_services_with_a_secret_tell_of_lines(bank_desk: BankDesk) -> None:
    assert bank_desk.simulator.services() == ["sepay", "casso"]

    bank_desk.simulator.holder = replace(bank_desk.simulator.holder, sepay_secret="")

    assert bank_desk.simulator.services() == ["casso"]
