"""Tickets found by the short code that people read below the QR code.

The code is the first ten hexadecimal digits of the ticket's id, so nothing has to be kept for it:
40 random bits, asked for a few times a minute, are not found by trying.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from ticketing.domain.ticket_ids import BITS, to_column, to_hex
from ticketing.models import CodeSearch, Ticket

DIGITS = 10
_BELOW = BITS - 4 * DIGITS
_CODE = re.compile(rf"[0-9a-f]{{{DIGITS}}}")


@dataclass(frozen=True, slots=True)
class TicketFound:
    token: bytes


@dataclass(frozen=True, slots=True)
class NoSuchTicket:
    """No ticket that could be shown at this place has the code, or more than one has."""


@dataclass(frozen=True, slots=True)
class SearchIsOff:
    """The site has not switched the search on."""


def short_code(ticket_id: int) -> str:
    """How the code stands below the QR code, for example `A1B2C-3D4E5`."""
    digits = to_hex(ticket_id)[:DIGITS].upper()
    return f"{digits[: DIGITS // 2]}-{digits[DIGITS // 2 :]}"


def is_code_search_on(*, site_id: int) -> bool:
    return CodeSearch.objects.filter(site=site_id, is_on=True).exists()


def search_by_code(
    *, code: str, site_id: int, at: datetime
) -> TicketFound | NoSuchTicket | SearchIsOff:
    """Find the one ticket of this place with the code. Whether it may enter is judged later.

    A ticket that ended before `at` is not found: an old code must not stand in the way of a new
    one, and whoever holds it is refused either way.
    """
    if not is_code_search_on(site_id=site_id):
        return SearchIsOff()
    digits = re.sub(r"[\s-]", "", code).lower()
    if not _CODE.fullmatch(digits):
        return NoSuchTicket()
    first = to_column(int(digits, 16) << _BELOW)
    found = Ticket.objects.filter(
        id__range=(first, first + (1 << _BELOW) - 1),
        product__entitlements__site=site_id,
        valid_until__gt=at,
    ).values_list("token", flat=True)[:2]
    tokens = list(found)
    return TicketFound(bytes(tokens[0])) if len(tokens) == 1 else NoSuchTicket()
