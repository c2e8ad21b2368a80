"""The part of Stripe's API that we use, and nothing beside it."""

import re
from collections.abc import Iterable
from typing import Final

from payments.gateways.stripe_simulator.checkout import (
    create_session,
    expire_session,
    session_of,
    shown_intent,
    shown_session,
)
from payments.gateways.stripe_simulator.disputes import dispute_of
from payments.gateways.stripe_simulator.errors import StripeProblem, invalid, missing
from payments.gateways.stripe_simulator.faults import Faults
from payments.gateways.stripe_simulator.parameters import (
    Parameters,
    mapping,
    number,
    read_form,
    rows,
)
from payments.gateways.stripe_simulator.refunds import create_refund, refund_of
from payments.gateways.stripe_simulator.store import Store, Thing

LONGEST_PAGE: Final = 100
SESSIONS: Final = "/v1/checkout/sessions"
SESSION: Final = re.compile(r"/v1/checkout/sessions/(\w+)")
EXPIRY: Final = re.compile(r"/v1/checkout/sessions/(\w+)/expire")
INTENT: Final = re.compile(r"/v1/payment_intents/(\w+)")
REFUND: Final = re.compile(r"/v1/refunds/(\w+)")
DISPUTE: Final = re.compile(r"/v1/disputes/(\w+)")
EVENT: Final = re.compile(r"/v1/events/(\w+)")


def answer(
    store: Store, faults: Faults, *, method: str, path: str, form: str, base_url: str
) -> Thing:
    """Answer one call of the API; `StripeProblem` when it cannot be."""
    given = read_form(form)
    found = (
        post(store, faults, path=path, form=given, base_url=base_url)
        if method == "POST"
        else get(store, path=path, form=given)
    )
    if found is None:
        raise StripeProblem(404, f"Unrecognized request URL ({method}: {path}).")
    return found


def post(
    store: Store, faults: Faults, *, path: str, form: Parameters, base_url: str
) -> Thing | None:
    if path == SESSIONS:
        made = create_session(store, form, base_url=base_url)
        return shown_session(store, made, expand=expanded(form))
    if path == "/v1/refunds":
        return create_refund(store, form, status=faults.refund_status)
    if expiry := EXPIRY.fullmatch(path):
        return shown_session(store, expire_session(store, expiry[1]))
    return None


def get(store: Store, *, path: str, form: Parameters) -> Thing | None:
    return get_list(store, path=path, form=form) or get_one(store, path=path, form=form)


def get_list(store: Store, *, path: str, form: Parameters) -> Thing | None:
    if path == SESSIONS:
        shown = [shown_session(store, session) for session in store.sessions.values()]
        return page(shown, form, url=path, filters=("payment_intent", "status"))
    if path == "/v1/payment_intents":
        return page(store.intents.values(), form, url=path, filters=("customer",))
    if path == "/v1/refunds":
        return page(store.refunds.values(), form, url=path, filters=("payment_intent", "charge"))
    if path == "/v1/events":
        return page(store.events.values(), form, url=path, filters=("type",))
    return None


def get_one(store: Store, *, path: str, form: Parameters) -> Thing | None:
    if session := SESSION.fullmatch(path):
        return shown_session(store, session_of(store, session[1]), expand=expanded(form))
    if intent := INTENT.fullmatch(path):
        found = one(store.intents, "payment_intent", intent[1])
        return shown_intent(store, found, charge="latest_charge" in expanded(form))
    if refund := REFUND.fullmatch(path):
        return refund_of(store, refund[1])
    if dispute := DISPUTE.fullmatch(path):
        return dispute_of(store, dispute[1])
    if event := EVENT.fullmatch(path):
        return one(store.events, "event", event[1])
    return None


def one(things: dict[str, Thing], kind: str, reference: str) -> Thing:
    if reference not in things:
        raise missing(kind, reference)
    return things[reference]


def expanded(form: Parameters) -> frozenset[str]:
    return frozenset(str(path) for path in rows(form, "expand"))


def page(things: Iterable[Thing], form: Parameters, *, url: str, filters: Iterable[str]) -> Thing:
    """Return one page, newest first, as Stripe's lists are."""
    wanted = {name: form[name] for name in filters if name in form}
    created = mapping(form, "created")
    since = number(created, "gte", default=0)
    until = number(created, "lte", default=1 << 40)
    found = [
        thing
        for thing in reversed(list(things))
        if since <= thing["created"] <= until
        and all(thing.get(name) == value for name, value in wanted.items())
    ]
    if after := form.get("starting_after"):
        ids = [thing["id"] for thing in found]
        if after not in ids:
            raise invalid("starting_after", f"No such object: '{after}'")
        found = found[ids.index(after) + 1 :]
    limit = number(form, "limit", default=10)
    if not 1 <= limit <= LONGEST_PAGE:
        raise invalid("limit", "This value must be between 1 and 100.")
    return {"object": "list", "url": url, "has_more": len(found) > limit, "data": found[:limit]}
