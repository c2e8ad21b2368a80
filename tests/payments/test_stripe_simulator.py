"""The simulator is as strict as Stripe where we lean on Stripe, and as kind to a person."""

import http.client
import re
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import stripe
from django.core.management import CommandError, call_command
from pytest_django import Settings
from stripe.params.checkout import SessionCreateParams

from payments.gateways.stripe_simulator.server import (
    Merchant,
    SimulatorRefused,
    StripeSimulator,
)
from tests.payments.conftest import KEY
from tests.payments.stripe_desk import Desk

MERCHANT = Merchant(key=KEY, webhook_secret="whsec_x", webhook_url="")


def params(*, amount: int = 200_000, locale: str = "vi") -> SessionCreateParams:
    return {
        "mode": "payment",
        "line_items": [
            {
                "price_data": {
                    "currency": "vnd",
                    "unit_amount": amount,
                    "product_data": {"name": "Đại Nội <b>·</b> người lớn"},
                },
                "quantity": 2,
            }
        ],
        "success_url": "https://hue.example/back?session_id={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://hue.example/orders/X?cancelled=1",
        "locale": locale,
    }


def session_at(desk: Desk, *, locale: str = "vi", key: str = "") -> stripe.checkout.Session:
    options: stripe.RequestOptions = {"idempotency_key": key} if key else {}
    return desk.client.v1.checkout.sessions.create(params(locale=locale), options)


def url_of(session: stripe.checkout.Session) -> str:
    assert session.url is not None
    return session.url


# --- The page ---------------------------------------------------------------------------------


def test_the_page_says_what_is_paid_and_that_it_is_a_trial(desk: Desk) -> None:
    page = desk.page(url_of(session_at(desk)))

    assert page.status == 200
    assert "Trang thử, không trừ tiền thật." in page.text
    assert "Đại Nội &lt;b&gt;·&lt;/b&gt; người lớn × 2" in page.text
    assert "Trả 400.000 ₫" in page.text
    assert 'value="4242424242424242"' in page.text
    assert "https://hue.example/orders/X?cancelled=1" in page.text


def test_the_page_speaks_english_too(desk: Desk) -> None:
    english = desk.page(url_of(session_at(desk, locale="en"))).text
    switched = desk.page(url_of(session_at(desk)) + "?lang=en").text
    korean = desk.page(url_of(session_at(desk, locale="ko"))).text

    for text in (english, switched, korean):
        assert '<html lang="en">' in text
        assert "Pay 400,000 ₫" in text


def test_the_page_needs_no_script_and_nobody_else(desk: Desk) -> None:
    text = desk.page(url_of(session_at(desk))).text

    assert "<script" not in text
    assert re.findall(r"(?:src|url\()", text) == []


def test_paying_leads_back_with_the_id_and_twice_is_once(desk: Desk) -> None:
    session = session_at(desk)

    pages = [desk.pay(url_of(session)) for _ in range(2)]

    assert [(page.status, page.location) for page in pages] == [
        (303, f"https://hue.example/back?session_id={session.id}")
    ] * 2
    assert len(desk.events("checkout.session.completed")) == 1
    assert len(desk.events("charge.succeeded")) == 1


def test_a_declined_card_says_so_and_leaves_the_page_open(desk: Desk) -> None:
    url = url_of(session_at(desk))

    for page in (desk.decline(url), desk.page(url, form={"card": "4000 0000 0000 0002"})):
        assert page.status == 200
        assert 'role="alert">Thẻ của bạn bị từ chối' in page.text
    assert len(desk.events("payment_intent.payment_failed")) == 2
    assert desk.pay(url).status == 303


def test_a_page_that_is_over_says_so(desk: Desk) -> None:
    paid, expired = session_at(desk), session_at(desk)
    desk.pay(url_of(paid))
    desk.client.v1.checkout.sessions.expire(expired.id)

    assert "Đơn này đã được trả." in desk.page(url_of(paid)).text
    assert "Phiên thanh toán đã hết hạn." in desk.page(url_of(expired)).text
    late = desk.pay(url_of(expired))
    assert (late.status, "đã hết hạn" in late.text) == (200, True)
    assert desk.page(f"{desk.simulator.url}/c/pay/cs_test_x?lang=vi").status == 404


# --- The API ----------------------------------------------------------------------------------


def test_a_repeat_under_one_key_is_the_same_answer_and_says_so(desk: Desk) -> None:
    first, again = (session_at(desk, key="co:1:1") for _ in range(2))

    assert again.id == first.id
    assert first.last_response is not None
    assert again.last_response is not None
    assert "Idempotent-Replayed" not in dict(first.last_response.headers)
    assert dict(again.last_response.headers)["Idempotent-Replayed"] == "true"


def test_a_repeat_answers_as_of_the_first_time(desk: Desk) -> None:
    desk.pay(url_of(session_at(desk, key="co:1:1")))

    assert session_at(desk, key="co:1:1").status == "open"


def test_one_key_with_other_parameters_is_refused(desk: Desk) -> None:
    session_at(desk, key="co:1:1")

    with pytest.raises(stripe.IdempotencyError):
        session_at(desk, key="co:1:1", locale="en")


def test_a_key_is_forgotten_after_a_day(desk: Desk) -> None:
    first = session_at(desk, key="co:1:1")
    desk.pull("clock", advance_s=24 * 60 * 60 + 1)

    assert session_at(desk, key="co:1:1").id != first.id


def test_refused_parameters_do_not_use_up_a_key(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        desk.client.v1.checkout.sessions.create(params(amount=1), {"idempotency_key": "co:1:1"})

    assert session_at(desk, key="co:1:1").status == "open"


def test_an_error_of_the_server_is_repeated_under_its_key(desk: Desk) -> None:
    desk.faults(api_error=True)
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            session_at(desk, key="co:1:1")
        desk.faults(api_error=False)

    assert session_at(desk, key="co:2:1").status == "open"


def test_a_second_request_under_a_key_that_is_in_work_is_told_to_wait(desk: Desk) -> None:
    desk.faults(api_slow_s=1)
    first = threading.Thread(target=lambda: session_at(desk, key="co:1:1"))
    first.start()
    while "co:1:1" not in desk.simulator.store.keys:
        pass

    with pytest.raises(stripe.APIError) as raised:
        session_at(desk, key="co:1:1")

    first.join()
    assert raised.value.http_status == 409


def test_a_wrong_key_opens_nothing(desk: Desk) -> None:
    stranger = stripe.StripeClient("sk_test_x", base_addresses={"api": desk.simulator.url})

    with pytest.raises(stripe.AuthenticationError):
        stranger.v1.checkout.sessions.list()
    line = http.client.HTTPConnection(urlsplit(desk.simulator.url).netloc, timeout=5)
    line.request("POST", "/_control/faults", body=b"{}")
    assert line.getresponse().status == 401
    line.close()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"payment_method_types": ["card"]}, "parameter_unknown"),
        ({"line_items": []}, "parameter_missing"),
        ({"expires_at": 1}, "parameter_invalid"),
        ({"expires_at": "soon"}, "parameter_invalid_integer"),
        ({"success_url": ""}, "parameter_missing"),
        ({"mode": "subscription"}, "parameter_invalid"),
    ],
)
def test_what_stripe_refuses_is_refused(
    desk: Desk, *, change: dict[str, object], code: str
) -> None:
    wanted: dict[str, object] = {**params(), **change}

    with pytest.raises(stripe.InvalidRequestError) as raised:
        desk.client.raw_request("post", "/v1/checkout/sessions", **wanted)

    assert raised.value.code == code


@pytest.mark.parametrize(
    ("amount", "code"), [(6_499, "amount_too_small"), (50_000_000, "amount_too_large")]
)
def test_amounts_that_stripe_does_not_take_are_refused(
    desk: Desk, *, amount: int, code: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as raised:
        desk.client.v1.checkout.sessions.create(params(amount=amount))

    assert raised.value.code == code


def test_an_intent_and_an_event_can_be_read_by_id(desk: Desk) -> None:
    session = session_at(desk)
    desk.pay(url_of(session))
    paid = desk.client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert isinstance(paid.payment_intent, stripe.PaymentIntent)

    intent = desk.client.v1.payment_intents.retrieve(
        paid.payment_intent.id, {"expand": ["latest_charge"]}
    )
    event = desk.events("payment_intent.succeeded")[0]

    assert (intent.status, intent.amount_received) == ("succeeded", 400_000)
    assert isinstance(intent.latest_charge, stripe.Charge)
    assert desk.client.v1.events.retrieve(event.id).data.object["id"] == intent.id


def test_lists_are_read_page_by_page_from_the_newest(desk: Desk) -> None:
    made = [session_at(desk).id for _ in range(5)]

    page = desk.client.v1.checkout.sessions.list({"limit": 2})

    assert [session.id for session in page.auto_paging_iter()] == made[::-1]


def test_what_is_not_there_is_404(desk: Desk) -> None:
    with pytest.raises(stripe.InvalidRequestError) as raised:
        desk.client.v1.checkout.sessions.retrieve("cs_test_x")
    assert (raised.value.http_status, raised.value.code) == (404, "resource_missing")

    with pytest.raises(stripe.InvalidRequestError):
        desk.client.v1.customers.list()


# --- Its life ---------------------------------------------------------------------------------


def test_it_does_not_start_in_production(settings: Settings) -> None:
    with pytest.raises(SimulatorRefused):
        StripeSimulator(MERCHANT, mode="production")
    settings.MODE = "production"
    with pytest.raises(CommandError, match="does not start in production"):
        call_command("stripe_simulator", "--port", "0")


def test_a_restart_remembers_what_its_file_holds(tmp_path: Path) -> None:
    file = tmp_path / "stripe.json"
    first = StripeSimulator(MERCHANT, mode="demo", state=file)
    first.start()
    client = stripe.StripeClient(KEY, base_addresses={"api": first.url})
    session = client.v1.checkout.sessions.create(params())
    Desk(first, client).pay(url_of(session))
    first.stop()

    second = StripeSimulator(MERCHANT, mode="demo", state=file)
    second.start()
    again = stripe.StripeClient(KEY, base_addresses={"api": second.url})

    assert again.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    second.stop()
