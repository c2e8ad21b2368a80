"""Mails through a real mail server: whole, once, and honest about what went wrong."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
import zxingcpp
from django.core.cache import cache
from icalendar import Calendar
from PIL import Image
from pypdf import PdfReader
from pytest_django import Settings

from tests.at_once import at_once
from tests.factories import OPENING, make_paid_order
from tests.ticketing.delivering.mail_server import DROP, Desk, mail_server
from tests.ticketing.delivering.twelve import LANGUAGES, named_order, sheets_in
from ticketing.domain.delivery import (
    FIRST_WAIT,
    LEASE,
    TRIES,
    MailStatus,
    deliver_tickets,
    mail_status,
)
from ticketing.domain.resending import let_wait
from ticketing.domain.ticket_token import to_text
from ticketing.models import Order, Ticket, TicketStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    with mail_server(settings) as running:
        yield running


def again(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content())


def attached(message: EmailMessage, content_type: str) -> list[bytes]:
    found = [one for one in message.walk() if one.get_content_type() == content_type]
    return [bytes(one.get_payload(decode=True) or b"") for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_arrives_whole_in_the_language_of_the_order(desk: Desk, language: str) -> None:
    order = named_order(language=language, quantity=2)
    sheets = sheets_in(order, language)

    assert deliver_tickets(at=OPENING) == 1

    (message,) = desk.taken
    plain, html = part(message, "plain"), part(message, "html")
    for sheet in sheets:
        assert sheet.product in plain
        assert sheet.day in plain
    tree = ET.fromstring(html)  # noqa: S314 # our own mail
    words = " ".join(text.strip() for text in tree.itertext())
    for word in (sheets[0].product, *(fact.value for fact in sheets[0].facts)):
        assert word in words
    assert tree.attrib["lang"] == language
    assert [image.attrib["src"][:4] for image in tree.iter("img")] == ["cid:", "cid:"]
    assert all(image.attrib["alt"] for image in tree.iter("img"))
    read = [
        zxingcpp.read_barcodes(Image.open(BytesIO(picture)))[0].text
        for picture in attached(message, "image/png")
    ]
    assert read == [to_text(sheet.token) for sheet in sheets]
    (pdf,) = attached(message, "application/pdf")
    assert len(PdfReader(BytesIO(pdf)).pages) == 2
    (entry,) = attached(message, "text/calendar")
    assert [str(one["SUMMARY"]) for one in Calendar.from_ical(entry).walk("VEVENT")] == [
        sheets[0].product
    ]


def test_the_pictures_of_the_mail_are_inside_it(desk: Desk) -> None:
    named_order()
    deliver_tickets(at=OPENING)

    (message,) = desk.taken
    named = {str(one["Content-ID"]) for one in message.walk() if one["Content-ID"]}
    html = part(message, "html")
    assert 'src="http' not in html
    assert named
    assert all(f"cid:{name.strip('<>')}" in html for name in named)


@pytest.mark.parametrize("answer", ["450 busy, come again", "421 closing"])
def test_a_server_that_is_busy_is_asked_again_later(desk: Desk, answer: str) -> None:
    order = named_order()
    desk.to_recipient = [answer]

    assert deliver_tickets(at=OPENING) == 0
    assert again(order).deliver_after == OPENING + FIRST_WAIT
    assert mail_status(again(order)) is MailStatus.WAITING
    assert deliver_tickets(at=OPENING + FIRST_WAIT) == 1

    assert mail_status(again(order)) is MailStatus.SENT
    assert len(desk.taken) == 1


@pytest.mark.parametrize("where", ["recipient", "content"])
def test_an_address_that_does_not_exist_is_noted_and_not_tried_again(
    desk: Desk, where: str
) -> None:
    order = named_order()
    setattr(desk, f"to_{where}", ["550 5.1.1 no such person"])

    assert deliver_tickets(at=OPENING) == 0
    assert deliver_tickets(at=OPENING + timedelta(days=2)) == 0

    order = again(order)
    assert (order.mail_failed_at, order.deliver_after) == (OPENING, None)
    assert order.mail_failure == "550 5.1.1 no such person"
    assert mail_status(order) is MailStatus.FAILED
    assert desk.asked == 1


def test_a_line_that_drops_in_the_middle_is_tried_again_as_the_same_mail(desk: Desk) -> None:
    order = named_order()
    desk.to_content = [DROP]

    assert deliver_tickets(at=OPENING) == 0
    assert deliver_tickets(at=OPENING + FIRST_WAIT) == 1

    (message,) = desk.taken
    assert str(message["Message-ID"]).startswith(f"<{order.code}.")
    assert again(order).delivered_at == OPENING + FIRST_WAIT


def test_a_server_that_is_away_ends_the_turn_and_then_the_tries(settings: Settings) -> None:
    with mail_server(settings):
        pass  # Its port is free again: nobody listens.
    first, second = named_order(), make_paid_order(at=OPENING)

    deliver_tickets(at=OPENING)
    assert sorted([again(first).delivery_attempts, again(second).delivery_attempts]) == [0, 1]
    Order.objects.filter(pk=second.pk).update(deliver_after=None)
    Order.objects.filter(pk=first.pk).update(deliver_after=OPENING, delivery_attempts=TRIES - 1)
    deliver_tickets(at=OPENING)

    given_up = again(first)
    assert mail_status(given_up) is MailStatus.FAILED
    assert given_up.mail_failure.startswith(f"given up after {TRIES} tries: ")


def test_two_workers_at_once_send_a_mail_once(desk: Desk, transactional_db: None) -> None:
    named_order()
    cache.clear()

    assert sum(at_once(lambda _: deliver_tickets(at=OPENING), range(4))) == 1
    assert len(desk.taken) == 1


def test_a_worker_that_died_leaves_the_mail_to_another(desk: Desk) -> None:
    order = named_order()
    # What a claim leaves behind when nothing came after it.
    Order.objects.filter(pk=order.pk).update(deliver_after=OPENING + LEASE, delivery_attempts=1)

    assert deliver_tickets(at=OPENING + LEASE - timedelta(seconds=1)) == 0
    assert deliver_tickets(at=OPENING + LEASE) == 1


def test_who_asks_again_after_a_failure_gets_another_try(desk: Desk) -> None:
    order = named_order()
    desk.to_recipient = ["550 no"]
    deliver_tickets(at=OPENING)

    let_wait(Order.objects.filter(pk=order.pk), at=OPENING)

    assert mail_status(again(order)) is MailStatus.WAITING
    assert deliver_tickets(at=OPENING) == 1
    assert mail_status(again(order)) is MailStatus.SENT


def test_an_order_whose_tickets_are_all_cancelled_is_not_mailed(desk: Desk) -> None:
    order = named_order()
    Ticket.objects.update(status=TicketStatus.CANCELLED)

    deliver_tickets(at=OPENING)

    assert desk.taken == []
    assert again(order).deliver_after is None
