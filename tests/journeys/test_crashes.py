"""Processes die at the worst moment; afterwards every paid order has its tickets, once."""

import http.client
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import orjson
import psycopg
import pytest
import stripe
from psycopg.sql import SQL, Identifier

from tests.journeys.patience import eventually
from tests.journeys.stack import (
    Stack,
    database_beside,
    drop_database,
    make_stack,
    recreate_database,
    redis_beside,
)

pytestmark = [pytest.mark.slow]

# A message rests for half a minute after a worker died over it; the timetable takes the rest.
HEALS_WITHIN_S = 180
PAY = urlencode({"action": "pay", "card": "4242424242424242"}).encode()
SERVERS = ("stripe", "web")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    location: str
    body: dict[str, Any]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A database with one product, and no process yet."""
    database_url = database_beside(os.environ["DATABASE_URL"], name=f"crashes_{os.getpid()}")
    stack = make_stack(
        folder=tmp_path_factory.mktemp("crashes"),
        database_url=database_url,
        redis_url=redis_beside(os.environ["REDIS_URL"]),
    )
    recreate_database(database_url)
    try:
        product = "from tests.factories import make_product; make_product()"
        stack.manage("migrate", "--", "shell", "-c", product)
        yield stack
    finally:
        stack.stop_all()
        drop_database(database_url)


@pytest.fixture
def stack(described: Stack) -> Iterator[Stack]:
    """Web server and payment simulator; the test starts the rest, and may kill all of it."""
    for name in SERVERS:
        if name not in described.processes:
            described.start(name)
    yield described
    for name in set(described.processes) - set(SERVERS):
        described.stop(name)


def call(url: str, *, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
    """GET without a body, POST with one."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        line.request(
            "GET" if body is None else "POST",
            f"{parts.path}?{parts.query}",
            body=body,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        answer = line.getresponse()
        text = answer.read()
        is_json = "json" in (answer.headers.get("Content-Type") or "")
        facts = orjson.loads(text) if is_json else {}
        return Answer(answer.status, answer.headers.get("Location", ""), facts)
    finally:
        line.close()


@dataclass(frozen=True, slots=True)
class Buyer:
    """One phone: it keeps its key and secret, and asks again when nobody answered."""

    stack: Stack
    key: str

    def api(self, path: str) -> str:
        return f"{self.stack.base_url}/api/v1{path}"

    def order(self) -> Answer:
        tomorrow = date.today() + timedelta(days=1)  # noqa: DTZ011 - any day that is sold
        line = {
            "product_id": product_of(self.stack),
            "category": "adult",
            "quantity": 2,
            "visit_date": tomorrow.isoformat(),
        }
        wish = {"lines": [line], "contact": {"email": "mai@example.com"}, "language": "vi"}
        headers = {"Idempotency-Key": self.key}
        return call(self.api("/orders"), body=orjson.dumps(wish), headers=headers)

    def start_paying(self, order: Answer) -> str:
        path = f"/orders/{order.body['code']}/payments"
        body = orjson.dumps({"provider": "stripe"})
        started = call(self.api(path), body=body, headers=self.secret(order))
        assert started.status == 201, started
        return str(started.body["action"]["url"])

    def pay(self, order: Answer) -> str:
        """Pay at the provider's page; returns where it sends the buyer."""
        return call(self.start_paying(order), body=PAY).location

    def tickets(self, order: Answer) -> int:
        path = f"/orders/{order.body['code']}"
        return len(call(self.api(path), headers=self.secret(order)).body["tickets"])

    @staticmethod
    def secret(order: Answer) -> dict[str, str]:
        return {"Order-Secret": order.body["secret"]}


def product_of(stack: Stack) -> int:
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT id FROM ticketing_product").fetchone()
    assert row is not None
    return int(row[0])


def new_buyer(stack: Stack) -> Buyer:
    return Buyer(stack, key=uuid4().hex)


def count(stack: Stack, what: str, *, order: Answer) -> int:
    """Count what the database holds of an order."""
    statements = {
        "orders": "SELECT count(*) FROM ticketing_order WHERE code = %s",
        "payments": (
            "SELECT count(*) FROM payments_payment p"
            " JOIN ticketing_order o ON o.id = p.order_id WHERE o.code = %s"
        ),
        "tickets": (
            "SELECT count(*) FROM ticketing_ticket t JOIN ticketing_orderline l ON l.id = t.line_id"
            " JOIN ticketing_order o ON o.id = l.order_id WHERE o.code = %s"
        ),
    }
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        row = connection.execute(statements[what], [order.body["code"]]).fetchone()
    assert row is not None
    return int(row[0])


@contextmanager
def held_up(stack: Stack, table: str) -> Iterator[Callable[[], None]]:
    """Let nobody write to a table; gives a function that waits until somebody tries."""
    with psycopg.connect(stack.environ["DATABASE_URL"]) as blocker:
        blocker.execute(SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(Identifier(table)))

        def wait() -> None:
            eventually(lambda: someone_waits(stack, table), within_s=30)

        yield wait
        blocker.rollback()


def someone_waits(stack: Stack, table: str) -> bool:
    with psycopg.connect(stack.environ["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
        ).fetchone()
    return bool(row and row[0])


def kill_web(stack: Stack) -> None:
    """Kill the server, and wait until the last of its processes has let go of the port."""
    stack.stop("web", kill=True)
    eventually(lambda: not listens(stack.base_url), within_s=30)


def listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(url).port or 0)) == 0


@contextmanager
def unanswered(act: Callable[[], object]) -> Iterator[None]:
    """Ask in the background for what will not be answered."""

    def ask() -> None:
        with suppress(OSError, http.client.HTTPException):
            act()

    thread = threading.Thread(target=ask)
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize("table", ["ticketing_ticket", "payments_payment"])
def test_the_worker_killed_between_payment_and_issue(stack: Stack, *, table: str) -> None:
    buyer = new_buyer(stack)
    order = buyer.order()
    stack.start("worker")
    with held_up(stack, table) as wait_until_it_writes:
        buyer.pay(order)  # and never comes back: the message alone tells
        wait_until_it_writes()
        stack.stop("worker", kill=True)
    assert (count(stack, "payments", order=order), count(stack, "tickets", order=order)) == (0, 0)

    stack.start("worker")
    stack.start("beat")

    eventually(lambda: buyer.tickets(order) > 0, within_s=HEALS_WITHIN_S)
    assert (count(stack, "payments", order=order), count(stack, "tickets", order=order)) == (1, 2)


def test_the_web_server_killed_while_an_order_is_placed(stack: Stack) -> None:
    buyer = new_buyer(stack)
    with held_up(stack, "ticketing_orderline") as wait_until_it_writes, unanswered(buyer.order):
        wait_until_it_writes()
        kill_web(stack)

    stack.start("web")
    order = buyer.order()

    assert order.status == 201
    assert count(stack, "orders", order=order) == 1
    assert call(buyer.pay(order)).location == f"/orders/{order.body['code']}"
    assert count(stack, "tickets", order=order) == 2


def test_the_web_server_killed_while_the_buyer_comes_back(stack: Stack) -> None:
    buyer = new_buyer(stack)
    order = buyer.order()
    back = buyer.pay(order)
    with (
        held_up(stack, "ticketing_ticket") as wait_until_it_writes,
        unanswered(lambda: call(back)),
    ):
        wait_until_it_writes()
        kill_web(stack)
    assert count(stack, "tickets", order=order) == 0

    for name in ("web", "worker", "beat"):
        stack.start(name)

    eventually(lambda: buyer.tickets(order) > 0, within_s=HEALS_WITHIN_S)
    call(back)
    assert (count(stack, "payments", order=order), count(stack, "tickets", order=order)) == (1, 2)


def test_without_a_queue_messages_are_taken_at_once_and_worked_on_later(stack: Stack) -> None:
    buyer = new_buyer(stack)
    order = buyer.order()
    url = buyer.start_paying(order)
    stack.stop("web")
    queue = stack.environ["REDIS_URL"]
    stack.environ["REDIS_URL"] = "redis://127.0.0.1:1/0"
    stack.start("web")
    stack.environ["REDIS_URL"] = queue
    call(url, body=PAY)

    # The first nudge of a process also loads the queue's code.
    took = [deliver_nothing(stack) for _ in range(5)]
    stack.stop("web")
    for name in ("web", "worker", "beat"):
        stack.start(name)

    assert min(took) < 2
    eventually(lambda: buyer.tickets(order) > 0, within_s=HEALS_WITHIN_S)


def deliver_nothing(stack: Stack) -> float:
    """Send a signed message that means nothing; returns the seconds until it was taken."""
    event = {"id": f"evt_{uuid4().hex}", "object": "event", "type": "customer.created"}
    body = orjson.dumps(event)
    secret = stack.environ["STRIPE_WEBHOOK_SECRET"]
    signature = stripe.WebhookSignature.generate_signature_header(body.decode(), secret)
    began = time.monotonic()
    taken = call(
        f"{stack.base_url}/api/v1/payments/webhooks/stripe",
        body=body,
        headers={"Stripe-Signature": signature},
    )
    assert taken.status == 200
    return time.monotonic() - began


def test_a_worker_that_keeps_dying_under_repeated_and_reordered_messages(stack: Stack) -> None:
    set_faults(stack, copies=3, reordered=True)
    buyers = [new_buyer(stack) for _ in range(12)]
    orders = [buyer.order() for buyer in buyers]
    for round_ in range(3):
        stack.start("worker")
        time.sleep(2 + round_)
        for buyer, order in list(zip(buyers, orders, strict=True))[round_ * 4 : round_ * 4 + 4]:
            buyer.pay(order)
        stack.stop("worker", kill=True)

    stack.start("worker")
    stack.start("beat")

    eventually(
        lambda: all(count(stack, "tickets", order=order) for order in orders),
        within_s=HEALS_WITHIN_S,
    )
    assert [count(stack, "tickets", order=order) for order in orders] == [2] * 12
    assert [count(stack, "payments", order=order) for order in orders] == [1] * 12
    set_faults(stack, copies=1, reordered=False)


def set_faults(stack: Stack, **faults: object) -> None:
    key = {"Authorization": f"Bearer {stack.environ['STRIPE_SECRET_KEY']}"}
    url = f"{stack.stripe_url}/_control/faults"
    assert call(url, body=orjson.dumps(faults), headers=key).status == 200
