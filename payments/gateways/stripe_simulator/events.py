"""Events: what happened, kept in order, and handed to whoever delivers them."""

import copy
from typing import Final

from payments.gateways.stripe_simulator.store import Store, Thing, new_id

API_VERSION: Final = "2026-10-28.endive"


def emit(store: Store, kind: str, thing: Thing) -> None:
    """Keep an event with the thing as it is at this moment."""
    event: Thing = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": store.now(),
        "data": {"object": copy.deepcopy(thing)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    store.events[event["id"]] = event
    store.dirty = True
    store.undelivered.append(event["id"])
