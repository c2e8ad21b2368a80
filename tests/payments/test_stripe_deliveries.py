"""The simulator's messages: signed as Stripe signs, and as faulty as a test asks for."""

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from tests.payments.conftest import WEBHOOK_SECRET
from tests.payments.stripe_desk import Desk
from tests.payments.test_stripe_simulator import session_at, url_of

KINDS = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


COUNTING = threading.Lock()


class Receiver(ThreadingHTTPServer):
    """Whoever the messages are for. It keeps each with the time, and answers as told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        # So many of the next messages are not taken.
        self.refuses = 0
        self.messages: list[tuple[float, str, bytes]] = []

    def kinds(self) -> list[str]:
        return [orjson.loads(body)["type"] for _time, _signature, body in self.messages]

    def wait_for(self, count: int, *, within_s: float = 30) -> None:
        until = time.monotonic() + within_s
        while len(self.messages) < count and time.monotonic() < until:
            time.sleep(0.01)
        assert len(self.messages) >= count, self.kinds()


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        signature = self.headers["Stripe-Signature"]
        with COUNTING:
            refused = self.server.refuses > 0
            self.server.refuses -= refused
            self.server.messages.append((time.monotonic(), signature, body))
        self.send_response(500 if refused else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        pass


@pytest.fixture
def receiver(desk: Desk) -> Iterator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    desk.simulator.postman.url = f"http://127.0.0.1:{server.server_port}/"
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def pay(desk: Desk) -> None:
    desk.pay(url_of(session_at(desk)))


def is_signed(signature: str, body: bytes) -> bool:
    """Check by hand: no code is shared with who signs or with who verifies in the product."""
    parts = dict(part.split("=", 1) for part in signature.split(","))
    text = parts["t"].encode() + b"." + body
    right = hmac.new(WEBHOOK_SECRET.encode(), text, hashlib.sha256).hexdigest()
    return parts["v1"] == right and abs(int(parts["t"]) - time.time()) < 60


def test_every_event_is_delivered_once_and_signed(desk: Desk, receiver: Receiver) -> None:
    pay(desk)
    receiver.wait_for(4)
    time.sleep(0.2)

    assert sorted(receiver.kinds()) == sorted(KINDS)
    assert all(is_signed(signature, body) for _time, signature, body in receiver.messages)


def test_a_message_that_nobody_takes_is_brought_again_signed_anew(
    desk: Desk, receiver: Receiver
) -> None:
    receiver.refuses = 2
    desk.decline(url_of(session_at(desk)))
    receiver.wait_for(4)
    time.sleep(1.5)

    assert len(receiver.messages) == 4
    assert all(is_signed(signature, body) for _time, signature, body in receiver.messages)


def test_messages_can_come_twice(desk: Desk, receiver: Receiver) -> None:
    desk.faults(copies=2)
    pay(desk)
    receiver.wait_for(8)

    assert sorted(receiver.kinds()) == sorted(KINDS * 2)


def test_messages_can_come_in_reverse(desk: Desk, receiver: Receiver) -> None:
    desk.faults(reordered=True)
    pay(desk)
    receiver.wait_for(4)

    assert receiver.kinds() == KINDS[::-1]


def test_messages_can_come_late(desk: Desk, receiver: Receiver) -> None:
    desk.faults(late_s=1)
    began = time.monotonic()
    pay(desk)
    receiver.wait_for(4)

    assert min(at for at, _signature, _body in receiver.messages) - began >= 1


def test_messages_can_be_lost(desk: Desk, receiver: Receiver) -> None:
    desk.faults(lost=True)
    pay(desk)
    time.sleep(0.5)

    assert receiver.messages == []


def test_messages_can_be_forged(desk: Desk, receiver: Receiver) -> None:
    desk.faults(wrong_signature=True)
    pay(desk)
    receiver.wait_for(4)

    assert not any(is_signed(signature, body) for _time, signature, body in receiver.messages)


def test_a_message_can_be_asked_for_again(desk: Desk, receiver: Receiver) -> None:
    pay(desk)
    receiver.wait_for(4)
    event = desk.events("checkout.session.completed")[0]

    desk.pull(f"events/{event.id}", copies=3)

    receiver.wait_for(7)
    assert receiver.kinds()[-3:] == ["checkout.session.completed"] * 3
