"""The mail once more: to the address of the order, and nobody learns whether a guess was right."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tests.factories import OPENING, make_order, make_paid_order
from ticketing.domain.delivery import deliver_tickets
from ticketing.domain.form_links import LIVES, Key, judge, key_to
from ticketing.domain.resending import REST, mail_again
from ticketing.models import Order

RIGHT = "buyer@example.com"


def ask(code: str, contact: str) -> HttpResponse:
    answer = Client().post(
        f"/api/v1/orders/{code}/resend?lang=en",
        json.dumps({"contact": contact}),
        content_type="application/json",
    )
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.django_db
def test_right_and_wrong_are_answered_alike_and_only_the_right_one_is_mailed() -> None:
    order = make_paid_order(at=OPENING)
    deliver_tickets(at=OPENING)
    held = make_order()

    answers = [
        ask("ZZZZZZZZ", RIGHT),
        ask(order.code, "thief@example.com"),
        ask(held.code, RIGHT),
        ask(order.code.lower(), RIGHT.upper()),
    ]

    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    waiting = Order.objects.filter(deliver_after__isnull=False)
    assert [one.code for one in waiting] == [order.code]
    deliver_tickets(at=Order.objects.get(pk=order.pk).deliver_after or OPENING)
    assert [message.to for message in mail.outbox] == [[RIGHT]] * 2


@pytest.mark.django_db
def test_who_asks_twice_within_ten_minutes_gets_one_mail() -> None:
    order = make_paid_order(at=OPENING)

    asked = [
        mail_again(code=order.code, contact=RIGHT, at=OPENING + wait)
        for wait in (timedelta(), REST - timedelta(seconds=1), REST)
    ]

    assert asked == [True, False, True]


@pytest.mark.django_db
def test_the_telephone_number_of_the_order_will_do_and_an_empty_one_will_not() -> None:
    order = make_paid_order(at=OPENING)

    assert not mail_again(code=order.code, contact=" ", at=OPENING)
    Order.objects.filter(pk=order.pk).update(phone="+84905123456")
    assert mail_again(code=order.code, contact="+84905123456", at=OPENING)


@pytest.mark.django_db
def test_one_address_can_ask_a_few_times_a_minute(settings: Settings) -> None:
    settings.RESENDS_PER_MINUTE = 2

    codes = [ask("ZZZZZZZZ", RIGHT).status_code for _ in range(6)]

    assert codes[:2] == [202, 202]
    assert 429 in codes


@given(
    thing=st.text(max_size=30),
    other=st.text(max_size=30),
    seconds=st.integers(min_value=-10, max_value=2 * int(LIVES.total_seconds())),
    key=st.text(max_size=60),
)
def test_only_a_key_of_ours_opens_and_only_its_own_thing_and_only_in_time(
    thing: str, other: str, seconds: int, key: str
) -> None:
    ours = key_to(thing, at=OPENING)
    at = OPENING + timedelta(seconds=seconds)

    in_time = timedelta(seconds=seconds) < LIVES
    assert judge(ours, thing=thing, at=at) is (Key.GOOD if in_time else Key.EXPIRED)
    assert judge(key, thing=thing, at=at) is Key.FALSE
    if other != thing:
        assert judge(ours, thing=other, at=at) is Key.FALSE
