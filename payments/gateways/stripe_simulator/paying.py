"""What a card does to a session: an intent, a charge, and the events of both."""

from typing import Final

from payments.gateways.stripe_simulator.checkout import session_of, shown_session
from payments.gateways.stripe_simulator.events import emit
from payments.gateways.stripe_simulator.store import Store, Thing, new_id

DECLINED_CARD: Final = "4000000000000002"
GOOD_CARD: Final = "4242424242424242"


def pay_session(store: Store, reference: str, *, card: str) -> bool:
    """Take the money with this card; false when it is not taken. Twice is once."""
    session = session_of(store, reference)
    if session["status"] != "open":
        return bool(session["status"] == "complete")
    intent = intent_of(store, session)
    if "".join(card.split()) != GOOD_CARD:
        intent["last_payment_error"] = {"type": "card_error", "code": "card_declined"}
        emit(store, "payment_intent.payment_failed", intent)
        return False
    charge = charge_intent(store, intent)
    session.update(status="complete", payment_status="paid", payment_intent=intent["id"], url=None)
    emit(store, "charge.succeeded", charge)
    emit(store, "payment_intent.succeeded", intent)
    emit(store, "checkout.session.completed", shown_session(store, session))
    return True


def intent_of(store: Store, session: Thing) -> Thing:
    """Return the intent of the session; the first card that is tried makes it."""
    known = store.intents.get(session.get("_intent", ""))
    if known is not None:
        return known
    intent: Thing = {
        "id": new_id("pi"),
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_received": 0,
        "created": store.now(),
        "currency": session["currency"],
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": session["_intent_metadata"],
        "payment_method_types": ["card"],
        "status": "requires_payment_method",
    }
    store.intents[intent["id"]] = intent
    session["_intent"] = intent["id"]
    emit(store, "payment_intent.created", intent)
    return intent


def charge_intent(store: Store, intent: Thing) -> Thing:
    charge: Thing = {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": 0,
        "captured": True,
        "created": store.now(),
        "currency": intent["currency"],
        "livemode": False,
        "metadata": intent["metadata"],
        "paid": True,
        "payment_intent": intent["id"],
        "refunded": False,
        "status": "succeeded",
    }
    store.charges[charge["id"]] = charge
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        latest_charge=charge["id"],
        last_payment_error=None,
    )
    return charge
