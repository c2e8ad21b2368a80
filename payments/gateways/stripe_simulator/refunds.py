"""Refunds: never more than was paid, whatever is asked."""

from payments.gateways.stripe_simulator.errors import invalid, missing
from payments.gateways.stripe_simulator.events import emit
from payments.gateways.stripe_simulator.parameters import Parameters, mapping, number, only, text
from payments.gateways.stripe_simulator.store import Store, Thing, new_id


def create_refund(store: Store, form: Parameters, *, status: str) -> Thing:
    """Give back what is left at most; the bank may say later that it could not."""
    only(form, {"payment_intent", "amount", "metadata", "reason", "expand"})
    charge = charge_of(store, text(form, "payment_intent"))
    left = charge["amount"] - charge["amount_refunded"]
    amount = number(form, "amount", default=left)
    check_amount(charge, amount=amount, left=left)
    refund: Thing = {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": store.now(),
        "currency": "vnd",
        "metadata": mapping(form, "metadata"),
        "payment_intent": charge["payment_intent"],
        "reason": form.get("reason"),
        "status": status,
    }
    store.refunds[refund["id"]] = refund
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    emit(store, "refund.created", refund)
    emit(store, "charge.refunded", charge)
    return refund


def charge_of(store: Store, intent_id: str) -> Thing:
    intent = store.intents.get(intent_id)
    if intent is None:
        raise missing("payment_intent", intent_id, param="payment_intent")
    charge = store.charges.get(intent["latest_charge"] or "")
    if charge is None:
        message = "This PaymentIntent does not have a successful charge to refund."
        raise invalid("payment_intent", message)
    return charge


def check_amount(charge: Thing, *, amount: int, left: int) -> None:
    if left == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise invalid("payment_intent", message, code="charge_already_refunded")
    if amount <= 0:
        raise invalid("amount", "Invalid positive integer", code="parameter_invalid_integer")
    if amount > left:
        message = f"Refund amount (₫{amount}) is greater than unrefunded amount on charge (₫{left})"
        raise invalid("amount", message)


def finish_refund(store: Store, reference: str, *, status: str) -> Thing:
    """Let a bank have answered: a refund that was under way ends, or fails days later."""
    refund = refund_of(store, reference)
    if status == "failed" and refund["status"] != "failed":
        charge = store.charges[refund["charge"]]
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
    refund["status"] = status
    emit(store, "refund.failed" if status == "failed" else "refund.updated", refund)
    return refund


def refund_of(store: Store, reference: str) -> Thing:
    refund = store.refunds.get(reference)
    if refund is None:
        raise missing("refund", reference)
    return refund
