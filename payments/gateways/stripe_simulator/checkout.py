"""Checkout Sessions: created by us, paid or left by the buyer, expired by time or by order."""

from typing import Any, Final

from payments.gateways.stripe_simulator.errors import invalid, missing, required
from payments.gateways.stripe_simulator.events import emit
from payments.gateways.stripe_simulator.parameters import (
    Parameters,
    mapping,
    number,
    only,
    rows,
    text,
)
from payments.gateways.stripe_simulator.store import Store, Thing, new_id

KNOWN: Final = frozenset(
    {
        "adaptive_pricing",
        "allowed_payment_method_types",
        "cancel_url",
        "client_reference_id",
        "customer_email",
        "expand",
        "expires_at",
        "line_items",
        "locale",
        "metadata",
        "mode",
        "payment_intent_data",
        "success_url",
        "ui_mode",
    }
)
MINIMUM_VND: Final = 13_000
MAXIMUM: Final = 99_999_999
SHORTEST_S: Final = 30 * 60
LONGEST_S: Final = 24 * 60 * 60


def create_session(store: Store, form: Parameters, *, base_url: str) -> Thing:
    """Open a session. Whatever Stripe would refuse is refused in its words."""
    only(form, KNOWN)
    if text(form, "mode") != "payment":
        raise invalid("mode", "This simulator knows the mode 'payment' alone.")
    items = [line_item(row) for row in rows(form, "line_items")]
    if not items:
        raise required("line_items")
    session = new_session(form, items=items, now=store.now(), base_url=base_url)
    store.sessions[session["id"]] = session
    return session


def new_session(form: Parameters, *, items: list[Thing], now: int, base_url: str) -> Thing:
    total = total_of(items)
    reference = new_id("cs_test")
    return {
        "id": reference,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "cancel_url": form.get("cancel_url"),
        "client_reference_id": form.get("client_reference_id"),
        "created": now,
        "currency": "vnd",
        "customer_email": form.get("customer_email"),
        "expires_at": expiry(form, now=now),
        "livemode": False,
        "locale": form.get("locale"),
        "metadata": mapping(form, "metadata"),
        "mode": "payment",
        "payment_intent": None,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "status": "open",
        "success_url": text(form, "success_url"),
        "ui_mode": form.get("ui_mode", "hosted_page"),
        "url": f"{base_url}/c/pay/{reference}",
        # Ours alone; never shown.
        "_items": items,
        "_intent_metadata": mapping(mapping(form, "payment_intent_data"), "metadata"),
    }


def line_item(row: Any) -> Thing:
    price = mapping(row, "price_data")
    if text(price, "currency").lower() != "vnd":
        raise invalid("line_items[price_data][currency]", "This simulator knows vnd alone.")
    amount = number(price, "unit_amount")
    if amount < 0:
        raise invalid("line_items[price_data][unit_amount]", "Invalid non-negative integer")
    return {
        "name": text(mapping(price, "product_data"), "name"),
        "unit_amount": amount,
        "quantity": number(row, "quantity"),
    }


def total_of(items: list[Thing]) -> int:
    total: int = sum(item["unit_amount"] * item["quantity"] for item in items)
    if total < MINIMUM_VND:
        message = "The Checkout Session's total amount must convert to at least 50 cents."
        raise invalid("line_items", message, code="amount_too_small")
    if total > MAXIMUM:
        message = "The Checkout Session's total amount must be no more than 99,999,999 ₫"
        raise invalid("line_items", message, code="amount_too_large")
    return total


def expiry(form: Parameters, *, now: int) -> int:
    until = number(form, "expires_at", default=now + LONGEST_S)
    if not SHORTEST_S <= until - now <= LONGEST_S:
        message = (
            "The `expires_at` timestamp must be between 30 minutes and 24 hours "
            "from Checkout Session creation."
        )
        raise invalid("expires_at", message)
    return until


def session_of(store: Store, reference: str) -> Thing:
    """Return the session as it stands now: its time may have run out."""
    session = store.sessions.get(reference)
    if session is None:
        raise missing("checkout.session", reference)
    if session["status"] == "open" and session["expires_at"] <= store.now():
        end_session(store, session)
    return session


def expire_session(store: Store, reference: str) -> Thing:
    session = session_of(store, reference)
    if session["status"] != "open":
        message = (
            "Only Checkout Sessions with a status in [open] can be expired. "
            f"This Checkout Session has a status of {session['status']}."
        )
        raise invalid("id", message, code="checkout_session_not_open")
    end_session(store, session)
    return session


def end_session(store: Store, session: Thing) -> None:
    session.update(status="expired", url=None)
    emit(store, "checkout.session.expired", shown_session(store, session))


def expire_by_time(store: Store) -> None:
    for session in list(store.sessions.values()):
        session_of(store, session["id"])


def shown_session(store: Store, session: Thing, *, expand: frozenset[str] = frozenset()) -> Thing:
    """Return what the API shows, with the intent and its charge written out when asked."""
    shown = {name: value for name, value in session.items() if not name.startswith("_")}
    intent = store.intents.get(shown["payment_intent"] or "")
    if intent is not None and any(path.startswith("payment_intent") for path in expand):
        shown["payment_intent"] = shown_intent(
            store, intent, charge="payment_intent.latest_charge" in expand
        )
    return shown


def shown_intent(store: Store, intent: Thing, *, charge: bool) -> Thing:
    latest = store.charges.get(intent["latest_charge"] or "")
    return {**intent, "latest_charge": latest} if charge and latest else intent
