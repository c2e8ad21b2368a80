"""The copy by mail: in the buyer's language, with every code, and tried again when it fails."""

from datetime import timedelta
from email.mime.image import MIMEImage
from io import BytesIO
from itertools import pairwise

import pytest
import zxingcpp
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from PIL import Image
from pytest_django import Settings

from tests.at_once import at_once
from tests.factories import OPENING, make_order, make_product, place
from ticketing.domain.delivery import FIRST_WAIT, TRIES, deliver_tickets, next_try
from ticketing.domain.issuing import pay_order
from ticketing.domain.mail_of_tickets import compose
from ticketing.domain.ticket_token import to_text
from ticketing.models import Order, Ticket

# A backend that answers like a mail server that is down.
BROKEN = "tests.ticketing.broken_mail.BrokenMail"


def sold(*, language: str = "en", quantity: int = 1) -> Order:
    product = make_product(name="Palace")
    order = make_order(product=product, language=language, quantity=quantity, at=OPENING)
    pay_order(order=order, at=OPENING)
    order.refresh_from_db()
    return order


def mail_of(order: Order) -> EmailMultiAlternatives:
    composed = compose(order)
    assert composed is not None
    return composed


@pytest.mark.django_db
def test_a_paid_order_is_mailed_once() -> None:
    order = sold()

    assert deliver_tickets(at=OPENING) == 1
    assert deliver_tickets(at=OPENING + timedelta(days=1)) == 0

    order.refresh_from_db()
    assert (order.delivered_at, order.deliver_after) == (OPENING, None)
    assert [message.to for message in mail.outbox] == [["buyer@example.com"]]


@pytest.mark.django_db
def test_an_order_that_is_not_paid_is_not_mailed() -> None:
    make_order(at=OPENING)

    assert deliver_tickets(at=OPENING + timedelta(days=1)) == 0
    assert mail.outbox == []


@pytest.mark.django_db
def test_the_mail_has_the_link_with_the_secret_where_no_server_sees_it(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://ngomon.example"
    placed = place(at=OPENING)
    pay_order(order=placed.order, at=OPENING)

    body = str(mail_of(Order.objects.get()).body)

    assert f"https://ngomon.example/orders/{placed.order.code}#{placed.secret}\n" in body


@pytest.mark.django_db
def test_every_ticket_is_attached_as_a_code_that_can_be_scanned() -> None:
    order = sold(quantity=3)

    attachments = mail_of(order).attachments

    read = []
    for picture in attachments[:3]:
        assert isinstance(picture, MIMEImage)
        content = picture.get_payload(decode=True)
        assert isinstance(content, bytes)
        read += [code.text for code in zxingcpp.read_barcodes(Image.open(BytesIO(content)))]
    assert [str(one[0]) for one in attachments[3:]] == [f"{order.code}.pdf", f"{order.code}.ics"]
    tickets = Ticket.objects.order_by("number")
    assert read == [to_text(bytes(ticket.token)) for ticket in tickets]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        ("vi", "Vé của bạn, đơn hàng", "1. Palace (vi), Chủ Nhật, 22 tháng 11, 2026, 1 người"),
        ("en", "Your tickets, order", "1. Palace (en), Sunday, November 22, 2026, 1 person"),
    ],
)
def test_the_mail_speaks_the_language_of_the_order(language: str, subject: str, line: str) -> None:
    message = mail_of(sold(language=language))

    assert str(message.subject).startswith(subject)
    assert line in str(message.body)


@pytest.mark.django_db
def test_a_mail_server_that_is_down_is_tried_later_and_later(settings: Settings) -> None:
    order = sold()
    settings.EMAIL_BACKEND = BROKEN

    assert deliver_tickets(at=OPENING) == 0
    assert deliver_tickets(at=OPENING + FIRST_WAIT - timedelta(seconds=1)) == 0

    order.refresh_from_db()
    assert (order.delivery_attempts, order.delivered_at) == (1, None)
    assert order.deliver_after == OPENING + FIRST_WAIT
    deliver_tickets(at=OPENING + FIRST_WAIT)
    order.refresh_from_db()
    assert order.deliver_after == OPENING + FIRST_WAIT + 2 * FIRST_WAIT


@pytest.mark.django_db
def test_one_bad_address_does_not_hold_up_the_others(settings: Settings) -> None:
    sold()
    settings.EMAIL_BACKEND = BROKEN
    deliver_tickets(at=OPENING)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    sold()

    assert deliver_tickets(at=OPENING) == 1
    assert deliver_tickets(at=OPENING + FIRST_WAIT) == 1


def test_waits_grow_to_a_day_and_then_end() -> None:
    waits = [next_try(attempts=number, at=OPENING) for number in range(1, TRIES + 1)]

    grown = [moment - OPENING for moment in waits[:-1] if moment]
    assert len(grown) == TRIES - 1
    assert all(later == 2 * sooner for sooner, later in pairwise(grown))
    assert timedelta(days=1) < sum(grown, timedelta()) < timedelta(days=2)
    assert waits[-1] is None


@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_send_each_mail_once() -> None:
    for _ in range(8):
        sold()

    assert sum(at_once(lambda _: deliver_tickets(at=OPENING), range(4))) == 8
    assert len({message.subject for message in mail.outbox}) == len(mail.outbox) == 8
