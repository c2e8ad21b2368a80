"""A ticket is shown to whoever holds the secret; everybody else learns nothing."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoAssertNumQueries, Settings

from sites.models import Closure, HeritageSite
from tests.factories import make_product, make_site, place
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.announced_closures import announced_closures
from ticketing.domain.issuing import pay_order
from ticketing.domain.redemption import redeem
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.ticket_token import to_link_part, to_text
from ticketing.domain.visit_days import VIETNAM, day_of, start_of
from ticketing.models import Product, Ticket

pytestmark = pytest.mark.django_db


def sold(product: Product | None = None, *, quantity: int = 1) -> tuple[Ticket, str]:
    """A ticket (for everybody of the order) and the secret of its order."""
    placed = place(product=product, quantity=quantity, one_code=True)
    pay_order(order=placed.order, at=timezone.now())
    return Ticket.objects.get(line__order=placed.order), placed.secret


def ask(path: str, secret: str | None) -> HttpResponse:
    headers = {"Accept-Language": "en"} | ({} if secret is None else {"Order-Secret": secret})
    response = Client().get(f"/api/v1/tickets/{path}", headers=headers)
    assert isinstance(response, HttpResponse)
    return response


def test_the_buyer_sees_the_ticket_and_what_is_left_of_it() -> None:
    palace, tomb = make_site(slug="palace", name="Palace"), make_site(slug="tomb", name="Tomb")
    product = make_product(sites=[palace, tomb], name="Both", validity_days=2)
    ticket, secret = sold(product, quantity=5)
    now = timezone.now()
    redeem(presentation=present(ticket, people=3), seat=make_seat(ticket), at=now)

    answer: dict[str, Any] = json.loads(ask(to_hex(ticket.pk), secret).content)

    first = start_of(day_of(now))
    assert answer.pop("qr_svg").startswith("<svg ")
    address = f"/api/v1/tickets/{to_hex(ticket.pk)}"
    assert f"{address}.pdf?lang=en&key=" in answer.pop("pdf")
    assert f"{address}.ics?lang=en&key=" in answer.pop("ics")
    expected = {
        "id": to_hex(ticket.pk),
        "token": to_text(bytes(ticket.token)),
        "link_part": to_link_part(bytes(ticket.token)),
        "status": "valid",
        "party_size": 5,
        "cancelled_people": 0,
        "product": {"id": product.pk, "name": "Both (en)"},
        "remaining_entries": [
            {"site": "palace", "site_name": "Palace", "left": 2},
            {"site": "tomb", "site_name": "Tomb", "left": 5},
        ],
        "valid_from": first.isoformat(),
        "valid_until": (first + timedelta(days=2)).astimezone(VIETNAM).isoformat(),
        "category": "adult",
        "needs_document": False,
        "wallet": {"apple": None, "google": None},
        "entry": None,
    }
    assert {name: answer[name] for name in expected} == expected


def test_a_ticket_tells_of_closures_that_touch_its_days_and_of_no_other() -> None:
    palace, tomb, bridge = (make_site(slug=slug) for slug in ("palace", "tomb", "bridge"))
    product = make_product(sites=[palace, tomb], validity_days=2)
    today = start_of(day_of(timezone.now()))
    end = today + timedelta(days=2)

    def close(site: HeritageSite, starts_at: datetime, ends_at: datetime | None) -> Closure:
        return Closure.objects.create(site=site, starts_at=starts_at, ends_at=ends_at)

    told = close(tomb, today + timedelta(days=1), None)
    told.texts.create(language="en", text="The roof is mended.")
    close(bridge, today, None)
    close(palace, end, None)
    close(palace, today - timedelta(days=9), today)
    ticket, secret = sold(product)

    answer: dict[str, Any] = json.loads(ask(to_hex(ticket.pk), secret).content)

    assert answer["closures"] == [
        {
            "site": "tomb",
            "text": "The roof is mended.",
            "language": "en",
            "starts_at": (today + timedelta(days=1)).astimezone(VIETNAM).isoformat(),
            "ends_at": None,
            "whole_site": True,
        }
    ]


@pytest.mark.parametrize("closed", [1, 3])
def test_many_closures_are_told_in_no_more_queries_than_one(
    django_assert_num_queries: DjangoAssertNumQueries, *, closed: int
) -> None:
    site = make_site()
    tickets = [sold(make_product(sites=[site]))[0] for _ in range(closed)]
    now = timezone.now()
    for number in range(closed):
        Closure.objects.create(site=site, starts_at=now + timedelta(minutes=number))

    with django_assert_num_queries(3):
        found = announced_closures(tickets, language="en", at=now)

    assert [len(found[ticket.pk]) for ticket in tickets] == [closed] * closed


def test_the_pictures_of_the_code_are_read_as_the_ticket() -> None:
    ticket, secret = sold()

    drawing = ask(f"{to_hex(ticket.pk)}/qr.svg", secret)
    picture = ask(f"{to_hex(ticket.pk)}/qr.png", secret)

    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture.content)))
    assert code.text == to_text(bytes(ticket.token))
    assert b"<title>QR code of the ticket" in drawing.content
    assert [one.headers["Content-Type"] for one in (drawing, picture)] == [
        "image/svg+xml",
        "image/png",
    ]
    assert {one.headers["Cache-Control"] for one in (drawing, picture)} == {"private, no-store"}


@pytest.mark.parametrize("suffix", ["", "/qr.svg", "/qr.png"])
def test_unknown_and_forbidden_answer_alike(suffix: str) -> None:
    ticket, _secret = sold()
    _other, other_secret = sold()
    unknown = f"{ticket.pk + 1 & 2**64 - 1:016x}"

    answers = [
        ask(to_hex(ticket.pk) + suffix, other_secret),
        ask(to_hex(ticket.pk) + suffix, "wrong"),
        ask(unknown + suffix, other_secret),
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert b'"code":"order_not_found"' in answers[0].content


@pytest.mark.parametrize("known", [True, False])
def test_a_stranger_costs_the_same_work_whether_the_ticket_exists(
    django_assert_num_queries: DjangoAssertNumQueries, *, known: bool
) -> None:
    ticket, _secret = sold()

    with django_assert_num_queries(1):
        ask(to_hex(ticket.pk if known else ticket.pk ^ 1), "wrong")


def test_without_a_secret_or_with_a_strange_id_the_request_is_wrong() -> None:
    ticket, secret = sold()

    assert ask(to_hex(ticket.pk), None).status_code == 422
    assert ask("not-an-id", secret).status_code == 422
    assert ask(to_hex(ticket.pk).upper() + "0", secret).status_code == 422


def test_guessing_is_stopped_but_the_right_secret_still_opens(settings: Settings) -> None:
    settings.WRONG_SECRETS_PER_MINUTE = 3
    ticket, secret = sold()
    settings.TRUSTED_PROXIES = 1

    def guess(address: str) -> int:
        headers = {"Order-Secret": "guess", "X-Forwarded-For": f"spoofed, {address}"}
        return Client().get(f"/api/v1/tickets/{to_hex(ticket.pk)}", headers=headers).status_code

    codes = [guess("203.0.113.7") for _ in range(8)]

    assert codes[:3] == [404, 404, 404]
    assert 429 in codes
    assert guess("203.0.113.8") == 404
    assert ask(to_hex(ticket.pk), secret).status_code == 200
