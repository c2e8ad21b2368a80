"""Idempotency keys: the first answer is the answer, for the same parameters alone."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from payments.gateways.stripe_simulator.errors import StripeProblem, in_progress, other_parameters
from payments.gateways.stripe_simulator.store import Store, Thing

KEPT_S: Final = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Thing
    replayed: bool = False


def answered_once(
    store: Store, *, key: str, request: str, act: Callable[[], Answer], wait: Callable[[], None]
) -> Answer:
    """Act under the key, or repeat what was answered under it, errors of the server included.

    Refusals of the parameters are not kept, as at Stripe: the same key may be used again.
    """
    if not key:
        wait()
        with store.lock:
            return act()
    fingerprint = hashlib.sha256(request.encode()).hexdigest()
    with store.lock:
        kept = store.keys.get(key)
        if kept is not None and store.now() - kept["at"] < KEPT_S:
            return replay(kept, key=key, fingerprint=fingerprint)
        store.keys[key] = {"fingerprint": fingerprint, "status": 0, "at": store.now()}
    # Meanwhile a second request with this key is told to wait.
    wait()
    with store.lock:
        try:
            answer = act()
        except StripeProblem:
            del store.keys[key]
            raise
        store.keys[key].update(status=answer.status, body=answer.body)
        return answer


def replay(kept: Thing, *, key: str, fingerprint: str) -> Answer:
    if kept["fingerprint"] != fingerprint:
        raise other_parameters(key)
    if kept["status"] == 0:
        raise in_progress(key)
    return Answer(kept["status"], kept["body"], replayed=True)
