"""Disputes: a buyer's bank wants the money back, and the desk decides how it ends."""

from payments.gateways.stripe_simulator.errors import missing
from payments.gateways.stripe_simulator.events import emit
from payments.gateways.stripe_simulator.refunds import charge_of
from payments.gateways.stripe_simulator.store import Store, Thing, new_id

EVIDENCE_WITHIN_S = 7 * 24 * 60 * 60


def open_dispute(store: Store, intent_id: str) -> Thing:
    """Take the whole payment back until somebody has decided."""
    charge = charge_of(store, intent_id)
    dispute: Thing = {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": charge["amount"],
        "charge": charge["id"],
        "created": store.now(),
        "currency": "vnd",
        "evidence_details": {"due_by": store.now() + EVIDENCE_WITHIN_S},
        "metadata": {},
        "payment_intent": intent_id,
        "reason": "fraudulent",
        "status": "needs_response",
    }
    store.disputes[dispute["id"]] = dispute
    emit(store, "charge.dispute.created", dispute)
    return dispute


def end_dispute(store: Store, reference: str, *, status: str) -> Thing:
    dispute = dispute_of(store, reference)
    dispute["status"] = status
    emit(store, "charge.dispute.closed", dispute)
    return dispute


def dispute_of(store: Store, reference: str) -> Thing:
    dispute = store.disputes.get(reference)
    if dispute is None:
        raise missing("dispute", reference)
    return dispute
