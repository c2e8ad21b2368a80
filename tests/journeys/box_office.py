"""Many tickets of today at once, by the domain's own functions: the crowd of a long day."""

from tests.journeys.stack import Stack

LINE = 250
SELL = """
import uuid
from datetime import timedelta
from django.utils import timezone
from ticketing.domain.issuing import pay_order
from ticketing.domain.ordering import LineWanted, Wish, place_order
from ticketing.domain.ticket_token import to_text
from ticketing.domain.visit_days import day_of, start_of
from ticketing.models import Product

now = timezone.now()
line = LineWanted(
    product_id=Product.objects.get(slug="single-dai-noi").pk,
    category="adult", quantity={line}, visit_date=day_of(now),
)
placed = place_order(
    idempotency_key=str(uuid.uuid4()),
    wish=Wish(lines=[line] * {lines}, language="vi", email="an@example.org"),
    at=start_of(day_of(now)) + timedelta(minutes=1),
)
for ticket in pay_order(order=placed.order, at=now).tickets:
    print(to_text(bytes(ticket.token)))
"""


def sell(stack: Stack, *, lines: int) -> list[str]:
    """Return the texts of the codes of so many lines of 250 tickets each."""
    printed = stack.manage("shell", "-v", "0", "-c", SELL.format(line=LINE, lines=lines))
    codes = [line for line in printed.splitlines() if line.startswith("HUE1:")]
    assert len(codes) == LINE * lines
    return codes
