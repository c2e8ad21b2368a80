"""The mail of an order: words and codes in the buyer's language, PDF and calendar attached."""

from collections.abc import Sequence
from email.mime.image import MIMEImage
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from ticketing.domain.calendar_entries import calendar_of
from ticketing.domain.order_secret import secret_of
from ticketing.domain.printing import TICKETS_PER_FILE, print_tickets
from ticketing.domain.qr_codes import png
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.ticket_sheets import (
    TicketSheet,
    people_coming,
    people_text,
    sheets_of,
    valid_tickets,
)
from ticketing.models import Order, Ticket


def compose(order: Order) -> EmailMultiAlternatives | None:
    """The mail of a paid order; None when none of its tickets is valid any more."""
    tickets = valid_tickets(order)
    if not tickets:
        return None
    # A mail server refuses what is too large; the page has all of them.
    sheets = sheets_of(tickets[:TICKETS_PER_FILE], language=order.language)
    with translation.override(order.language):
        words = _words(order, tickets)
        mail = EmailMultiAlternatives(
            subject=_("Your tickets, order %(code)s") % {"code": order.code},
            body=_plain(order, sheets, words),
            to=[order.email],
            headers=_headers(order),
        )
        mail.attach_alternative(_html(order, sheets, words), "text/html")
    for number, sheet in enumerate(sheets, start=1):
        mail.attach(_code(sheet, number))
    mail.attach(f"{order.code}.pdf", print_tickets(sheets), "application/pdf")
    mail.attach(f"{order.code}.ics", calendar_of(sheets), "text/calendar")
    return mail


def _headers(order: Order) -> dict[str, str]:
    asked = order.mail_asked_at or order.paid_at or order.created_at
    # The same for every try of one mail: who gets it twice is shown it once.
    number = f"{order.code}.{int(asked.timestamp())}@{urlsplit(settings.PUBLIC_URL).hostname}"
    return {"Message-ID": f"<{number}>", "Auto-Submitted": "auto-generated"}


def _words(order: Order, tickets: Sequence[Ticket]) -> dict[str, str]:
    more = len(tickets) > TICKETS_PER_FILE
    return {
        "title": _("Your tickets, order %(code)s") % {"code": order.code},
        "greeting": _(
            "Here are your tickets. Show one QR code for each at the gate, on the screen or "
            "on paper."
        ),
        "attached": _("Attached are a PDF to print and an entry for your calendar."),
        "more": _("This mail holds the first %(count)s tickets; the page has all of them.")
        % {"count": TICKETS_PER_FILE}
        if more
        else "",
        "all": _("All tickets of this order, also to keep on the phone without network:"),
        "open": _("Open the tickets"),
        "warning": _(
            "Whoever has this link or a QR code can use the tickets. Keep them to yourself."
        ),
        "link": order_link(order),
    }


def _plain(order: Order, sheets: Sequence[TicketSheet], words: dict[str, str]) -> str:
    lines = [
        _("%(number)s. %(product)s, %(day)s, %(people)s")
        % {
            "number": number,
            "product": sheet.product,
            "day": sheet.day,
            "people": people_text(people_coming(sheet.ticket)),
        }
        for number, sheet in enumerate(sheets, start=1)
    ]
    parts = [
        words["greeting"],
        "\n".join(lines),
        words["more"],
        f"{words['all']}\n{words['link']}",
        words["attached"],
        words["warning"],
    ]
    return "\n\n".join(part for part in parts if part)


def _html(order: Order, sheets: Sequence[TicketSheet], words: dict[str, str]) -> str:
    tickets = [
        {"sheet": sheet, "picture": f"cid:{_content_id(sheet)}", "number": number}
        for number, sheet in enumerate(sheets, start=1)
    ]
    context = {"language": order.language, "words": words, "tickets": tickets}
    return render_to_string("ticketing/mail.html", context)


def _content_id(sheet: TicketSheet) -> str:
    return f"{to_hex(sheet.ticket.pk)}@{urlsplit(settings.PUBLIC_URL).hostname}"


def _code(sheet: TicketSheet, number: int) -> MIMEImage:
    """The QR code, part of the mail itself: no picture is fetched from anywhere."""
    picture = MIMEImage(png(sheet.token), "png")
    name = f"ticket-{number}-{to_hex(sheet.ticket.pk)[:4]}.png"
    picture.add_header("Content-ID", f"<{_content_id(sheet)}>")
    picture.add_header("Content-Disposition", "inline", filename=name)
    return picture


def order_link(order: Order) -> str:
    """The buyer's page; the secret is in the fragment, which no server ever sees."""
    address = f"{settings.PUBLIC_URL}/orders/{order.code}"
    secret = secret_of(order)
    return f"{address}#{secret}" if secret else address
