"""How a ticket opens what is not free; guides know no tickets, `backend/api.py` brings them."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from ninja import Header

LONGEST_TOKEN = 400

TicketToken = Annotated[str, Header(alias="Ticket-Token", max_length=LONGEST_TOKEN)]

# Says why a ticket does not open the guides of a place; None: it does.
TicketJudge = Callable[[str, int, datetime], str | None]
