"""The levers behind the scenes: `/_control/…`, for tests and rehearsals, with the same key."""

import re
import time
from typing import Any, Final

import orjson

from payments.gateways.stripe_simulator.delivery import Letter, Postman
from payments.gateways.stripe_simulator.disputes import end_dispute, open_dispute
from payments.gateways.stripe_simulator.errors import StripeProblem, missing
from payments.gateways.stripe_simulator.faults import Faults, changed, shown
from payments.gateways.stripe_simulator.refunds import finish_refund
from payments.gateways.stripe_simulator.store import Store, Thing

CHANGE: Final = re.compile(r"/_control/(sessions|intents|charges|refunds)/(\w+)")
FINISH: Final = re.compile(r"/_control/refunds/(\w+)/(succeeded|failed|canceled)")
DISPUTE: Final = re.compile(r"/_control/intents/(\w+)/dispute")
END: Final = re.compile(r"/_control/disputes/(\w+)/(\w+)")
AGAIN: Final = re.compile(r"/_control/events/(\w+)")


class Controls:
    """Faults, the clock, and things that no honest Stripe would do."""

    def __init__(self, *, store: Store, postman: Postman, faults: Faults) -> None:
        self.store = store
        self.postman = postman
        self.faults = faults

    def answer(self, *, path: str, body: bytes) -> Thing:
        try:
            wanted: Any = orjson.loads(body or b"{}")
        except orjson.JSONDecodeError as error:
            raise StripeProblem(400, "The body is not JSON.") from error
        if not isinstance(wanted, dict):
            raise StripeProblem(400, "The body is not an object.")
        return self.pull(path, wanted)

    def pull(self, path: str, wanted: Thing) -> Thing:
        if path == "/_control/faults":
            self.faults = changed(self.faults, wanted)
            return shown(self.faults)
        if path == "/_control/clock":
            with self.store.lock:
                self.store.clock_ahead_s += int(wanted["advance_s"])
            return {"now": self.store.now()}
        if finish := FINISH.fullmatch(path):
            with self.store.lock:
                return finish_refund(self.store, finish[1], status=finish[2])
        if path.endswith("/dispute") or path.startswith("/_control/disputes/"):
            return self.dispute(path)
        if change := CHANGE.fullmatch(path):
            return self.change(change[1], change[2], wanted)
        if again := AGAIN.fullmatch(path):
            return self.bring_again(again[1], copies=int(wanted.get("copies", 1)))
        raise StripeProblem(404, f"No such lever: {path}")

    def dispute(self, path: str) -> Thing:
        """Open a dispute about a payment, or end one as asked."""
        with self.store.lock:
            if opened := DISPUTE.fullmatch(path):
                return open_dispute(self.store, opened[1])
            if ended := END.fullmatch(path):
                return end_dispute(self.store, ended[1], status=ended[2])
        raise StripeProblem(404, f"No such lever: {path}")

    def change(self, kind: str, reference: str, facts: Thing) -> Thing:
        """Falsify a thing: another amount, another environment, real money."""
        with self.store.lock:
            thing: Thing | None = getattr(self.store, kind).get(reference)
            if thing is None:
                raise missing(kind, reference)
            thing.update(facts)
            return thing

    def bring_again(self, event_id: str, *, copies: int) -> Thing:
        if event_id not in self.store.events:
            raise missing("event", event_id)
        self.postman.put([Letter(time.monotonic(), event_id)] * copies)
        return {"event": event_id, "copies": copies}
