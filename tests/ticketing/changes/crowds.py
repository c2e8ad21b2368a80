"""Thousands of sold tickets, written at once: their codes are never scanned."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import count

from django.utils import timezone

from tests.factories import OPENING, make_category
from ticketing.domain.order_secret import new_code
from ticketing.domain.signing_keys import key_for
from ticketing.domain.ticket_ids import new_ticket_id
from ticketing.domain.visit_days import validity_of
from ticketing.models import Order, OrderLine, OrderStatus, Product, Ticket

_numbers = count(1)


def sell_many(
    *,
    product: Product,
    visit_date: date,
    orders: int,
    tickets_each: int,
    unit_amount: int = 200_000,
) -> list[Order]:
    """Paid orders of single tickets. Every tenth buyer left a telephone number alone."""
    valid_from, valid_until = validity_of(visit_date=visit_date, days=product.validity_days)
    made = Order.objects.bulk_create(
        Order(
            code=new_code(),
            secret_hash=bytes(32),
            idempotency_key=f"crowd-{next(_numbers)}-{timezone.now().timestamp()}",
            request_hash=bytes(32),
            status=OrderStatus.PAID,
            language="vi" if number % 2 else "en",
            email="" if number % 10 == 0 else f"buyer-{number}@example.com",
            phone="0912345678" if number % 10 == 0 else "",
            total=unit_amount * tickets_each,
            created_at=OPENING,
            expires_at=OPENING,
            paid_at=OPENING,
            delivered_at=OPENING,
        )
        for number in range(orders)
    )
    lines = _order(
        made, product=product, visit_date=visit_date, tickets=tickets_each, price=unit_amount
    )
    _issue(lines, tickets_each=tickets_each, valid=(valid_from, valid_until))
    return made


def _order(
    orders: Sequence[Order], *, product: Product, visit_date: date, tickets: int, price: int
) -> list[OrderLine]:
    category = make_category()
    return OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            product=product,
            category=category,
            quantity=tickets,
            visit_date=visit_date,
            unit_amount=price,
            amount=price * tickets,
            rule="full_price",
            legal_basis="Decision 1/2026",
        )
        for order in orders
    )


def _issue(
    lines: Sequence[OrderLine], *, tickets_each: int, valid: tuple[datetime, datetime]
) -> None:
    key = key_for(at=OPENING)
    Ticket.objects.bulk_create(
        [
            Ticket(
                id=new_ticket_id(),
                line=line,
                number=number,
                product=line.product,
                category=line.category,
                language=line.order.language,
                party_size=1,
                entry_policy=line.product.entry_policy,
                valid_from=valid[0],
                valid_until=valid[1],
                issued_at=OPENING,
                token=bytes(98),
                key=key,
            )
            for line in lines
            for number in range(tickets_each)
        ],
        batch_size=2000,
    )
