"""The page for lost links: without a script, in twelve languages, telling nobody anything."""

import pytest
from django.conf import settings as configured
from django.test import Client

from tests.factories import OPENING, make_paid_order
from ticketing.models import Order

pytestmark = pytest.mark.django_db

LANGUAGES = [code for code, _name in configured.LANGUAGES]


def post(code: str, contact: str, *, language: str = "en") -> tuple[int, str]:
    answer = Client(enforce_csrf_checks=True).post(
        f"/recover?lang={language}", {"code": code, "contact": contact}
    )
    return answer.status_code, answer.content.decode()


def test_right_and_wrong_get_the_same_page_and_the_right_one_a_mail() -> None:
    order = make_paid_order(at=OPENING)
    Order.objects.update(deliver_after=None)

    answers = [post("ZZZZZZZZ", "buyer@example.com"), post(order.code, "buyer@example.com")]

    assert answers[0] == answers[1]
    assert answers[0][0] == 202
    assert "a mail with the tickets is coming" in answers[0][1]
    assert Order.objects.get().deliver_after is not None


def test_the_page_is_in_each_language_and_links_the_others() -> None:
    pages = {code: Client().get(f"/recover?lang={code}").content.decode() for code in LANGUAGES}

    titles = {page.split("<h1>")[1].split("</h1>")[0] for page in pages.values()}
    assert len(titles) == 12
    for code, page in pages.items():
        assert f'<html lang="{code}">' in page
        assert page.count("hreflang=") == 12
        assert "<script" not in page


def test_what_was_typed_is_kept_when_a_field_is_missing() -> None:
    status, page = post("", 'a"b@example.com')

    assert status == 422
    assert 'role="alert"' in page
    assert "a&quot;b@example.com" in page


def test_strange_letters_are_simply_wrong() -> None:
    assert post("\x00" * 8, "\x00")[0] == 422
    assert post("Đ" * 30, "🙂" * 300)[0] == 202
