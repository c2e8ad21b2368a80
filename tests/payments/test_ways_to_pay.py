"""Which ways to pay an order has, and what the buyer is given to pay by."""

from typing import Any

import orjson
import pytest
import zxingcpp
from django.test import Client
from django.utils import timezone
from PIL import Image, ImageDraw

from payments.domain.webhook_inbox import process_messages
from payments.models import SecretKind
from tests.factories import make_product, place
from tests.payments.accounts import make_account
from tests.payments.bank_desk import API_KEY, BANK, NUMBER, SEPAY_SECRET, BankDesk
from tests.payments.reading_codes import read_code
from tests.payments.stripe_desk import Desk
from tests.payments.test_bank_feed import deliver
from tests.payments.vnpay_desk import SECRET, TERMINAL, VnpayDesk
from ticketing.domain.ordering import OrderPlaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_three(desk: Desk, vnpay_desk: VnpayDesk, bank_desk: BankDesk) -> None:
    make_account(provider="vnpay", number=TERMINAL, secrets={SecretKind.VNPAY_HASH: SECRET})
    make_account(
        provider="vietqr",
        number=NUMBER,
        bank_bin=BANK,
        holder="TRUNG TAM BAO TON",
        secrets={SecretKind.SEPAY_WEBHOOK: SEPAY_SECRET, SecretKind.BANK_API: API_KEY},
    )


def ways(placed: OrderPlaced) -> list[dict[str, Any]]:
    answer = Client().get(
        "/api/v1/payments/providers",
        {"order": placed.order.code},
        headers={"Order-Secret": placed.secret},
    )
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = orjson.loads(answer.content)["items"]
    return items


def pay(placed: OrderPlaced, provider: str) -> tuple[int, dict[str, Any]]:
    answer = Client().post(
        f"/api/v1/orders/{placed.order.code}/payments",
        orjson.dumps({"provider": provider}),
        content_type="application/json",
        headers={"Order-Secret": placed.secret},
    )
    return answer.status_code, orjson.loads(answer.content)


@pytest.mark.usefixtures("all_three")
def test_an_order_names_its_ways_to_pay() -> None:
    kinds = [(way["provider"], way["kind"], way["usable"]) for way in ways(place())]

    assert kinds == [
        ("vietqr", "qr", True),
        ("vnpay", "redirect", True),
        ("stripe", "redirect", True),
    ]


@pytest.mark.usefixtures("all_three")
def test_a_way_that_the_sum_does_not_fit_says_its_limits() -> None:
    cheap = place(product=make_product(price=3_000))

    shown = {way["provider"]: way for way in ways(cheap)}

    assert [shown[name]["usable"] for name in ("vietqr", "vnpay", "stripe")] == [
        True,
        False,
        False,
    ]
    assert shown["vnpay"]["minimum"] == {"amount": 5_000, "currency": "VND"}


def test_what_nobody_set_up_is_not_offered(desk: Desk) -> None:
    placed = place()

    assert [way["provider"] for way in ways(placed)] == ["stripe"]
    assert pay(placed, "vietqr")[1]["code"] == "provider_not_offered"


def test_only_the_buyer_sees_the_ways(desk: Desk) -> None:
    placed = place()
    answer = Client().get(
        "/api/v1/payments/providers",
        {"order": placed.order.code},
        headers={"Order-Secret": "wrong"},
    )

    assert answer.status_code == 404


@pytest.mark.usefixtures("all_three")
def test_vnpay_is_a_page_to_go_to(vnpay_desk: VnpayDesk) -> None:
    status, payment = pay(place(), "vnpay")

    assert status == 201
    assert payment["action"]["kind"] == "redirect"
    assert vnpay_desk.open(payment["action"]["url"]).status == 200


@pytest.mark.usefixtures("all_three")
def test_a_code_is_shown_in_words_too() -> None:
    placed = place(quantity=2)

    status, payment = pay(placed, "vietqr")

    assert status == 201
    action = payment["action"]
    code = read_code(action["payload"])
    assert (action["kind"], action["url"]) == ("qr", None)
    assert action["bank"] == {"bin": "970436", "name": "Vietcombank"}
    assert (action["account_number"], action["holder"]) == (NUMBER, "TRUNG TAM BAO TON")
    assert (action["amount"]["amount"], action["memo"]) == (400_000, code["memo"])
    assert (code["account"], code["amount"], len(code["memo"])) == (NUMBER, "400000", 11)
    assert action["expires_at"]
    assert pay(placed, "vietqr")[1]["action"] == action


@pytest.mark.usefixtures("all_three")
def test_the_drawing_is_the_code() -> None:
    action = pay(place(), "vietqr")[1]["action"]

    read = zxingcpp.read_barcodes(painted(action["qr_svg"]))

    assert [one.text for one in read] == [action["payload"]]


def painted(svg: str) -> Image.Image:
    """Paint the strokes of a drawing, four pixels a module."""
    side = int(svg.split('viewBox="0 0 ')[1].split(" ", maxsplit=1)[0])
    image = Image.new("L", (side * 4, side * 4), 255)
    draw = ImageDraw.Draw(image)
    for stroke in svg.split('<path d="')[1].split('"', maxsplit=1)[0].split("M")[1:]:
        place_of, width = stroke.split("h")[:2]
        x, y = (int(part) for part in place_of.split())
        wide = int(width.split("v")[0])
        draw.rectangle((x * 4, y * 4, (x + wide) * 4 - 1, y * 4 + 3), fill=0)
    return image


@pytest.mark.usefixtures("all_three")
def test_after_too_little_the_code_asks_for_the_rest_under_the_same_memo(
    bank_desk: BankDesk,
) -> None:
    placed = place(quantity=2)
    first = pay(placed, "vietqr")[1]["action"]
    bank_desk.pay(first["payload"], amount=150_000, memo=first["memo"])
    deliver("sepay", bank_desk.message("sepay"))
    process_messages(at=timezone.now())

    order = Client().get(
        f"/api/v1/orders/{placed.order.code}", headers={"Order-Secret": placed.secret}
    )

    action = orjson.loads(order.content)["payments"][0]["action"]
    assert (action["amount"]["amount"], action["memo"]) == (250_000, first["memo"])
    assert read_code(action["payload"])["amount"] == "250000"
