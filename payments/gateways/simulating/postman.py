"""Messages on their way: repeated until the other side has understood, and as faulty as asked."""

import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPException
from typing import Final

import structlog

from payments.gateways.simulating.faults import Faults

log = structlog.get_logger("payments.simulating")

TICK_S: Final = 0.02
ANSWER_WITHIN_S: Final = 10.0
APART_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class Envelope:
    """One request to make; `body` of None is a GET."""

    url: str
    body: bytes | None
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back; status 0 when nothing did."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A message is written anew for each try, as the faults of that moment want it."""

    due: float
    write: Callable[[], Envelope]
    tries: int = 0


class Postman(threading.Thread):
    """Brings letters, and again after `waits_s`, until `understood`."""

    def __init__(
        self,
        *,
        faults: Callable[[], Faults],
        understood: Callable[[Heard], bool],
        waits_s: tuple[float, ...],
    ) -> None:
        super().__init__(name="postman", daemon=True)
        self.faults = faults
        self.understood = understood
        self.waits_s = waits_s
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.bag: list[Letter] = []
        self.fresh: list[Callable[[], Envelope]] = []

    def take(self, write: Callable[[], Envelope]) -> None:
        with self.lock:
            self.fresh.append(write)

    def run(self) -> None:
        with ThreadPoolExecutor(max_workers=4) as pool:
            while not self.stopping.wait(TICK_S):
                for letter in self.take_due():
                    pool.submit(self.bring, letter)

    def take_due(self) -> list[Letter]:
        faults, now = self.faults(), time.monotonic()
        with self.lock:
            fresh, self.fresh = self.fresh, []
            if faults.reordered:
                fresh.reverse()
            apart = APART_S if faults.reordered else 0.0
            for place, write in enumerate([] if faults.lost else fresh):
                letter = Letter(now + faults.late_s + place * apart, write)
                self.bag.extend([letter] * max(1, faults.copies))
            due = [letter for letter in self.bag if letter.due <= now]
            self.bag = [letter for letter in self.bag if letter.due > now]
        return sorted(due, key=lambda letter: letter.due)

    def bring(self, letter: Letter) -> None:
        heard = posted(letter.write())
        log.info("message", status=heard.status, tries=letter.tries + 1)
        if not self.understood(heard) and letter.tries < len(self.waits_s):
            due = time.monotonic() + self.waits_s[letter.tries]
            with self.lock:
                self.bag.append(replace(letter, due=due, tries=letter.tries + 1))


def posted(envelope: Envelope) -> Heard:
    request = urllib.request.Request(  # noqa: S310 - the operator names the address
        envelope.url, data=envelope.body, headers=dict(envelope.headers)
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S) as answer:  # noqa: S310 - as above
            return Heard(int(answer.status), answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Heard(error.code, error.read())
    except (OSError, HTTPException):
        return Heard(0, b"")
