"""Signed messages as Stripe sends them, made by Stripe's own signing code."""

import time

import orjson
import stripe

from tests.payments.conftest import WEBHOOK_SECRET
from tests.payments.stripe_desk import Desk


def signed(body: bytes, *, secret: str = WEBHOOK_SECRET, age_s: int = 0) -> dict[str, str]:
    header = stripe.WebhookSignature.generate_signature_header(
        body.decode(), secret, timestamp=int(time.time()) - age_s
    )
    return {"Stripe-Signature": header}


def latest(desk: Desk, kind: str) -> bytes:
    """The raw body of the latest event of a kind."""
    return orjson.dumps(desk.events(kind)[0].to_dict())


def event(*, event_id: str, kind: str, reference: str = "x") -> bytes:
    """An event that the simulator never sent."""
    facts = {
        "id": event_id,
        "object": "event",
        "api_version": "2026-10-28.endive",
        "type": kind,
        "data": {"object": {"id": reference}},
    }
    return orjson.dumps(facts)
