"""Whether a ticket opens what a place keeps for its visitors: its guides, before and on the day."""

from datetime import datetime
from enum import StrEnum

from sites.domain.remembered import Remembered
from ticketing.domain.signing_keys import trust_list
from ticketing.domain.ticket_ids import to_column
from ticketing.domain.ticket_token import TrustedKey, inspect
from ticketing.models import SigningKey, Ticket, TicketStatus

# A key that leaked is believed here for so much longer; no gate listens to this.
trusted: Remembered[dict[int, TrustedKey]] = Remembered(seconds=30, size=1)


class TicketOpens(StrEnum):
    """What a ticket does for the guides of one place."""

    YES = "yes"
    NOT_OURS = "not_ours"
    EXPIRED = "expired"
    NOT_VALID = "not_valid"
    OTHER_PLACE = "other_place"


def ticket_opens(*, text: str, site_id: int, at: datetime) -> TicketOpens:
    """Judge the text of a ticket's code; people fetch guides days before they come."""
    keys = trusted.find("keys", lambda: trust_list(SigningKey.objects.all()), at=at)
    verdict = inspect(text, keys)
    if verdict.fault is not None or verdict.claims is None:
        return TicketOpens.NOT_OURS
    if at >= verdict.claims.valid_until:
        return TicketOpens.EXPIRED
    tickets = Ticket.objects.filter(
        pk=to_column(verdict.claims.ticket_id), status=TicketStatus.VALID
    )
    if not tickets.exists():
        return TicketOpens.NOT_VALID
    # The product knows the places of passes too, whose tokens name a list instead.
    if not tickets.filter(product__entitlements__site=site_id).exists():
        return TicketOpens.OTHER_PLACE
    return TicketOpens.YES
