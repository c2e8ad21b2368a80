"""The visit as a calendar entry (RFC 5545): the day, or the entry window of a slot."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.ticket_sheets import TicketSheet
from ticketing.domain.visit_days import day_of
from ticketing.models import Ticket, TicketStatus

PRODUCT_ID = "-//Ngo Mon//tickets//EN"


def calendar_of(sheets: Sequence[TicketSheet]) -> bytes:
    """One entry for each visit; when nothing is left of it, the file takes the entry back."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT_ID)
    calendar.add("version", "2.0")
    gone = all(sheet.ticket.status != TicketStatus.VALID for sheet in sheets)
    calendar.add("method", "CANCEL" if gone else "PUBLISH")
    for sheet in _visits(sheets):
        calendar.add_component(_entry(sheet))
    return bytes(calendar.to_ical())


def _visits(sheets: Sequence[TicketSheet]) -> list[TicketSheet]:
    """Tickets of one line and one time are one visit: its first ticket stands for all."""
    visits: dict[tuple[int, datetime, str], TicketSheet] = {}
    for sheet in sheets:
        ticket = sheet.ticket
        starts_at = ticket.entry_from or ticket.valid_from
        visits.setdefault((ticket.line_id, starts_at, ticket.status), sheet)
    return list(visits.values())


def _entry(sheet: TicketSheet) -> Event:
    ticket = sheet.ticket
    valid = ticket.status == TicketStatus.VALID
    entry = Event()
    entry.add("uid", f"{to_hex(ticket.pk)}@{urlsplit(settings.PUBLIC_URL).hostname}")
    entry.add("dtstamp", ticket.issued_at.astimezone(UTC))
    entry.add("sequence", 0 if valid else 1)
    entry.add("status", "CONFIRMED" if valid else "CANCELLED")
    entry.add("summary", sheet.product, parameters={"language": sheet.language})
    entry.add("description", _description(sheet))
    _add_time(entry, ticket)
    _add_place(entry, sheet)
    return entry


def _add_time(entry: Event, ticket: Ticket) -> None:
    if ticket.entry_from is not None and ticket.entry_until is not None:
        entry.add("dtstart", ticket.entry_from.astimezone(UTC))
        entry.add("dtend", ticket.entry_until.astimezone(UTC))
        return
    entry.add("dtstart", day_of(ticket.valid_from))
    # Exclusive, like `valid_until`: the day after the last one that opens a gate.
    entry.add("dtend", day_of(ticket.valid_until - timedelta(seconds=1)) + timedelta(days=1))
    # A day with a visit is not a day without time for anything else.
    entry.add("transp", "TRANSPARENT")


def _description(sheet: TicketSheet) -> str:
    """No link and no code: calendars are shared with others."""
    return "\n".join([sheet.day, *(f"{fact.label}: {fact.value}" for fact in sheet.facts)])


def _add_place(entry: Event, sheet: TicketSheet) -> None:
    if not sheet.places:
        return
    # A ticket for a time says where its people enter.
    site = sheet.ticket.entry_site_id
    first = next((one for one in sheet.places if one.site_id == site), sheet.places[0])
    entry.add("location", ", ".join(part for part in (first.name, first.address) if part))
    if first.point is not None:
        entry.add("geo", (first.point.y, first.point.x))
