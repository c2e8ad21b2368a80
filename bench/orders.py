"""Orders: two adults for Đại Nội, each request with a key of its own."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import orjson
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from psycopg import sql

from bench.figures import Figure, Target
from bench.load import Request
from bench.run import USUAL, Run
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.visit_days import day_of
from ticketing.models import Order, Product

PRODUCT = "single-dai-noi"
EMAIL = "bench@example.org"
TARGET = Target(rate=280)


def orders(run: Run) -> Iterator[Figure]:
    """Measure orders, and PostgreSQL alone writing the same two rows in one statement."""
    alone = run.database_alone(
        write_order(),
        name="orders_database",
        connections=USUAL,
        prepare=lambda _numbers: None,
        written=Order.objects.count,
    )
    yield Figure(name="orders_database", connections=USUAL, measured=alone)
    measured = run.ask_once(
        wishes(count=run.enough(connections=USUAL)),
        name="orders",
        connections=USUAL,
        written=Order.objects.count,
    )
    yield Figure(
        name="orders",
        connections=USUAL,
        measured=measured,
        limit=run.limit_with(alone, connections=USUAL),
        target=TARGET,
    )


def tomorrow() -> date:
    """A day that can be bought at every hour of today."""
    return day_of(timezone.now()) + timedelta(days=1)


def wishes(*, count: int) -> list[Request]:
    line = {
        "product_id": Product.objects.get(slug=PRODUCT).pk,
        "category": "adult",
        "quantity": 2,
        "visit_date": tomorrow(),
    }
    body = orjson.dumps({"lines": [line], "contact": {"email": EMAIL}, "language": "vi"})
    return [
        Request(
            "/api/v1/orders",
            method="POST",
            headers={"Idempotency-Key": str(uuid.uuid4())},
            body=body,
        )
        for _ in range(count)
    ]


def write_order() -> str:
    """The rows of a real order, with another code and key in each transaction."""
    line = LineWanted(
        product_id=Product.objects.get(slug=PRODUCT).pk,
        category="adult",
        quantity=2,
        visit_date=tomorrow(),
    )
    wish = Wish(lines=[line], language="vi", email=EMAIL)
    placed = place_order(idempotency_key=str(uuid.uuid4()), wish=wish, at=timezone.now())
    if not isinstance(placed, OrderPlaced):
        raise TypeError(placed)
    order = insert(
        placed.order, code="lpad(:number::text, 8, '0')", idempotency_key="gen_random_uuid()"
    )
    its_line = insert(placed.lines[0], order_id="(SELECT id FROM placed)")
    return f"WITH placed AS ({order} RETURNING id) {its_line};\n"


def insert(row: Model, **differs: str) -> str:
    """An INSERT of the same values, except for those that must differ."""
    model = row._meta  # noqa: SLF001  # public in spite of its name
    columns = [field.attname for field in model.concrete_fields if not field.primary_key]
    values = [differs.get(name) or _literal(getattr(row, name)) for name in columns]
    return f"INSERT INTO {model.db_table} ({', '.join(columns)}) VALUES ({', '.join(values)})"  # noqa: S608  # only names and values of ours


def _literal(value: object) -> str:
    # pgbench would take the colons of a time for names of its variables.
    if isinstance(value, datetime):
        return f"to_timestamp({value.timestamp()})"
    return sql.Literal(value).as_string(connection.connection)
