"""Webhooks on their way: signed, repeated until somebody says 2xx, and as faulty as asked."""

import hashlib
import hmac
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import orjson
import structlog

from payments.gateways.stripe_simulator.checkout import expire_by_time
from payments.gateways.stripe_simulator.faults import Faults
from payments.gateways.stripe_simulator.store import Store

log = structlog.get_logger("stripe_simulator")

TICK_S: Final = 0.02
ANSWER_WITHIN_S: Final = 10.0
# Stripe takes hours; a demo has minutes.
WAITS_S: Final = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 120.0, 240.0)
APART_S: Final = 0.2
SUCCESS: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Letter:
    """One event on its way to the one endpoint."""

    due: float
    event_id: str
    tries: int = 0


def signature(payload: bytes, *, secret: str, timestamp: int) -> str:
    """Sign as Stripe does, without the code that verifies."""
    signed = f"{timestamp}.".encode() + payload
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


class Postman(threading.Thread):
    """Takes what the store has not delivered yet, and brings it to the endpoint."""

    def __init__(
        self, *, store: Store, url: str, secret: str, faults: Callable[[], Faults]
    ) -> None:
        super().__init__(name="postman", daemon=True)
        self.store = store
        self.url = url
        self.secret = secret
        self.faults = faults
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.bag: list[Letter] = []
        self.last_expiry = 0

    def run(self) -> None:
        with ThreadPoolExecutor(max_workers=4) as pool:
            while not self.stopping.wait(TICK_S):
                self.collect()
                for letter in self.take_due():
                    pool.submit(self.bring, letter)

    def collect(self) -> None:
        """Take the new events of this moment, in the order that the faults ask for."""
        with self.store.lock:
            if self.store.now() != self.last_expiry:
                self.last_expiry = self.store.now()
                expire_by_time(self.store)
            new, self.store.undelivered = self.store.undelivered, []
            self.store.save()
        faults = self.faults()
        if faults.lost or not self.url:
            return
        if faults.reordered:
            new.reverse()
        apart = APART_S if faults.reordered else 0.0
        start = time.monotonic() + faults.late_s
        for place, event_id in enumerate(new):
            letter = Letter(start + place * apart, event_id)
            self.put([letter] * max(1, faults.copies))

    def put(self, letters: list[Letter]) -> None:
        with self.lock:
            self.bag.extend(letters)

    def take_due(self) -> list[Letter]:
        now = time.monotonic()
        with self.lock:
            due = [letter for letter in self.bag if letter.due <= now]
            self.bag = [letter for letter in self.bag if letter.due > now]
        return sorted(due, key=lambda letter: letter.due)

    def bring(self, letter: Letter) -> None:
        with self.store.lock:
            payload = orjson.dumps(self.store.events[letter.event_id])
        status = self.post(payload)
        log.info("webhook", event_id=letter.event_id, status=status, tries=letter.tries + 1)
        if status in SUCCESS:
            with self.store.lock:
                self.store.events[letter.event_id]["pending_webhooks"] = 0
                self.store.dirty = True
        elif letter.tries < len(WAITS_S):
            due = time.monotonic() + WAITS_S[letter.tries]
            self.put([Letter(due, letter.event_id, letter.tries + 1)])

    def post(self, payload: bytes) -> int:
        """Return the status of the answer; 0 when there was none."""
        secret = "whsec_of_somebody_else" if self.faults().wrong_signature else self.secret
        signed = signature(payload, secret=secret, timestamp=int(time.time()))
        request = urllib.request.Request(  # noqa: S310 - the operator names the address
            self.url,
            data=payload,
            headers={"Content-Type": "application/json", "Stripe-Signature": signed},
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310 - as above
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0
