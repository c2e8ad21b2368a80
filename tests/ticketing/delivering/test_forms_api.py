"""The forms of a ticket over HTTP: for the secret in the header, or the key of a link."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.factories import place
from tests.ticketing.delivering.wallet_papers import use_apple, use_google
from ticketing.domain.form_links import LIVES
from ticketing.domain.issuing import pay_order
from ticketing.domain.ticket_ids import to_hex
from ticketing.models import Order, Ticket, TicketStatus

pytestmark = pytest.mark.django_db

FORMS = {
    ".pdf": ("application/pdf", b"%PDF-"),
    ".ics": ("text/calendar; charset=utf-8", b"BEGIN:VCALENDAR"),
    ".pkpass": ("application/vnd.apple.pkpass", b"PK"),
}


def sold(*, quantity: int = 1) -> tuple[Ticket, str]:
    """A ticket of a paid order, and the secret of the order."""
    placed = place(quantity=quantity)
    pay_order(order=placed.order, at=timezone.now())
    return Ticket.objects.filter(line__order=placed.order).order_by("number")[0], placed.secret


def get(address: str, *, secret: str | None = None) -> HttpResponse:
    headers = {} if secret is None else {"Order-Secret": secret}
    # An absolute link of ours, as a browser would follow it.
    answer = Client().get("/api/v1/" + address.partition("/api/v1/")[2], headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def code_of(answer: HttpResponse) -> tuple[int, str]:
    return answer.status_code, json.loads(answer.content)["code"]


def shown(ticket: Ticket, secret: str) -> dict[str, Any]:
    answer = get(f"/api/v1/tickets/{to_hex(ticket.pk)}", secret=secret)
    read: dict[str, Any] = json.loads(answer.content)
    return read


@pytest.mark.parametrize("form", FORMS)
def test_a_form_opens_with_the_secret_and_may_not_be_kept(
    settings: Settings, tmp_path: Path, form: str
) -> None:
    use_apple(settings, tmp_path)
    ticket, secret = sold()

    answer = get(f"/api/v1/tickets/{to_hex(ticket.pk)}{form}", secret=secret)

    kind, start = FORMS[form]
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert answer.content.startswith(start)
    assert answer["Cache-Control"] == "private, no-store"


def test_the_links_of_a_ticket_open_without_a_header(settings: Settings, tmp_path: Path) -> None:
    use_apple(settings, tmp_path)
    use_google(settings, tmp_path)
    ticket, secret = sold()

    links = shown(ticket, secret)

    answers = [
        get(links["pdf"]),
        get(links["ics"]),
        get(links["wallet"]["apple"]),
        get(links["wallet"]["google"]),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 302]
    assert answers[3]["Location"].startswith("https://pay.google.com/gp/v/save/")
    assert answers[3]["Referrer-Policy"] == "no-referrer"


def test_a_key_opens_one_ticket_until_the_end_of_the_next_hour() -> None:
    ticket, secret = sold(quantity=2)
    other = Ticket.objects.exclude(pk=ticket.pk).get()
    link = shown(ticket, secret)["pdf"]

    stolen = link.replace(to_hex(ticket.pk), to_hex(other.pk))
    changed = link[:-3] + ("AA=" if not link.endswith("AA=") else "BA=")
    with time_machine.travel(timezone.now() + LIVES - timedelta(seconds=2), tick=False):
        in_time = get(link).status_code
    # A key ends at a full hour, the second one from now at the latest.
    with time_machine.travel(timezone.now() + 2 * LIVES, tick=False):
        late = get(link)

    assert code_of(get(stolen)) == (404, "order_not_found")
    assert code_of(get(changed)) == (404, "order_not_found")
    assert in_time == 200
    assert code_of(late) == (410, "link_expired")


def test_unknown_wrong_and_forbidden_answer_alike() -> None:
    ticket, _secret = sold()
    _other, foreign = sold()
    unknown = f"{ticket.pk + 1 & 2**64 - 1:016x}"

    answers = [
        get(f"/api/v1/tickets/{to_hex(ticket.pk)}.pdf", secret=foreign),
        get(f"/api/v1/tickets/{to_hex(ticket.pk)}.pdf"),
        get(f"/api/v1/tickets/{unknown}.pdf", secret=foreign),
        get(f"/api/v1/tickets/{to_hex(ticket.pk)}.pdf?key=nonsense"),
        get(f"/api/v1/orders/{ticket.line.order.code}.pdf", secret=foreign),
        get("/api/v1/orders/ZZZZZZZZ.pdf", secret=foreign),
    ]

    assert {code_of(answer) for answer in answers} == {(404, "order_not_found")}
    assert len({answer.content for answer in answers}) == 1


def test_a_ticket_that_is_cancelled_has_no_paper_and_takes_its_calendar_entry_back() -> None:
    ticket, secret = sold()
    Ticket.objects.filter(pk=ticket.pk).update(status=TicketStatus.CANCELLED)

    links = shown(ticket, secret)

    assert (links["pdf"], links["wallet"]) == (None, None)
    assert b"METHOD:CANCEL" in get(links["ics"]).content
    printed = get(f"/api/v1/tickets/{to_hex(ticket.pk)}.pdf", secret=secret)
    assert code_of(printed) == (409, "ticket_not_valid")
    whole = get(f"/api/v1/orders/{ticket.line.order.code}.pdf", secret=secret)
    assert code_of(whole) == (409, "no_valid_tickets")


def test_without_the_operators_papers_no_wallet_is_offered() -> None:
    ticket, secret = sold()

    assert shown(ticket, secret)["wallet"] == {"apple": None, "google": None}
    for form in (".pkpass", "/google-wallet"):
        answer = get(f"/api/v1/tickets/{to_hex(ticket.pk)}{form}", secret=secret)
        assert code_of(answer) == (404, "wallet_not_offered")


def test_an_order_lists_files_with_fifty_tickets_each() -> None:
    ticket, secret = sold(quantity=51)
    order = ticket.line.order

    read = json.loads(get(f"/api/v1/orders/{order.code}", secret=secret).content)

    assert [f"/orders/{order.code}.pdf?part={part}&" in read["pdfs"][part - 1] for part in (1, 2)]
    assert len(read["pdfs"]) == 2
    assert get(read["pdfs"][1]).content.startswith(b"%PDF-")
    assert code_of(get(read["pdfs"][1].replace("part=2", "part=3"))) == (409, "no_valid_tickets")


@pytest.mark.parametrize(
    ("facts", "mail"),
    [
        ({}, {"status": "waiting", "detail": None}),
        ({"deliver_after": None}, {"status": "sent", "detail": None}),
        (
            {"deliver_after": None, "mail_failed_at": timezone.now(), "mail_failure": "550 no"},
            {
                "status": "failed",
                "detail": "The mail could not be delivered. Your tickets are here all the same.",
            },
        ),
    ],
)
def test_the_buyer_is_told_how_far_the_mail_is(
    facts: dict[str, Any], mail: dict[str, str | None]
) -> None:
    ticket, secret = sold()
    order = ticket.line.order
    Order.objects.filter(pk=order.pk).update(**facts)

    read = json.loads(get(f"/api/v1/orders/{order.code}?lang=en", secret=secret).content)

    assert read["mail"] == mail
