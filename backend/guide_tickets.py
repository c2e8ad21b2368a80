"""Tickets open guides: two apps that know nothing of each other meet here."""

from datetime import datetime

from ticketing.domain.opening_guides import TicketOpens, ticket_opens


def why_ticket_opens_not(text: str, site_id: int, at: datetime) -> str | None:
    """Say why a ticket does not open the guides of a place; None: it does."""
    judged = ticket_opens(text=text, site_id=site_id, at=at)
    return None if judged is TicketOpens.YES else judged.value
