"""A ticket given away by a link: once, to one person, and nobody else sees more than before."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.at_once import at_once
from tests.factories import make_change_rule, make_product, place
from tests.ticketing.changes.parties import DAY, ask, enter
from ticketing.domain.cancelling import Kept
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import OrderPlaced
from ticketing.domain.ticket_ids import to_hex
from ticketing.domain.transferring import Accepted, Offered, TakenByAnother, accept, offer
from ticketing.models import ChangeKind, Ticket, TicketStatus, Transfer

pytestmark = pytest.mark.django_db
KEY = "key-of-the-recipient"


@pytest.fixture
def bought() -> OrderPlaced:
    product = make_product()
    make_change_rule(product=product, kind=ChangeKind.TRANSFER, minutes_before=-DAY)
    make_change_rule(product=product, minutes_before=-DAY)
    placed = place(product=product)
    assert isinstance(pay_order(order=placed.order, at=timezone.now()), OrderPaid)
    return placed


def call(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, Any]]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = Client().generic(
        method,
        f"/api/v1{path}",
        json.dumps(body or {}),
        "application/json",
        headers=named,
    )
    answer: dict[str, Any] = response.json()
    return response.status_code, answer


def give(bought: OrderPlaced) -> tuple[str, str]:
    """The code and the secret of a new link."""
    status, answer = call(
        "POST",
        f"/orders/{bought.order.code}/transfers",
        {"ticket_id": to_hex(Ticket.objects.get(status="valid").pk)},
        Order_Secret=bought.secret,
    )
    assert status == 201, answer
    address, _mark, secret = answer["link"].partition("#")
    assert address.endswith(f"/tickets/transfers/{answer['code']}")
    return answer["code"], secret


def take(code: str, secret: str, key: str = KEY) -> tuple[int, dict[str, Any]]:
    return call(
        "POST", f"/transfers/{code}/acceptance", Transfer_Secret=secret, Idempotency_Key=key
    )


def test_the_recipient_gets_a_code_of_their_own_and_the_old_one_ends(bought: OrderPlaced) -> None:
    old = Ticket.objects.select_related("product").get()
    code, secret = give(bought)
    assert secret.encode() not in bytes(Transfer.objects.get().secret_hash)
    status, gift = call("GET", f"/transfers/{code}", Transfer_Secret=secret)
    assert (status, gift["status"], gift["people"]) == (200, "offered", 1)
    assert "token" not in gift

    status, taken = take(code, secret)

    assert status == 201
    assert take(code, secret) == (status, taken)
    assert take(code, secret, "another-persons-key")[1]["code"] == "already_accepted"
    new = Ticket.objects.select_related("product").get(status=TicketStatus.VALID)
    own = {"Order_Secret": taken["ticket_secret"]}
    assert call("GET", f"/tickets/{to_hex(new.pk)}", **own)[0] == 200
    assert enter(old, 1, at=timezone.now()).outcome == "revoked"
    assert enter(new, 1, at=timezone.now()).outcome == "admitted"


def test_the_buyer_sees_that_it_is_gone_and_no_longer_rules_over_it(bought: OrderPlaced) -> None:
    code, secret = give(bought)
    _status, taken = take(code, secret)
    mine = {"Order_Secret": bought.secret}
    listed = call("GET", f"/orders/{bought.order.code}/transfers", **mine)[1]
    order = call("GET", f"/orders/{bought.order.code}", **mine)[1]

    assert [each["status"] for each in listed["items"]] == ["accepted"]
    assert [each["status"] for each in order["tickets"]] == ["revoked"]
    assert call("GET", f"/tickets/{taken['ticket']['id']}", **mine)[0] == 404
    assert isinstance(ask(bought.order, at=timezone.now()), Kept)
    assert (
        call("GET", f"/orders/{bought.order.code}", Order_Secret=taken["ticket_secret"])[0] == 404
    )


def test_a_link_ends_when_it_is_withdrawn_replaced_or_old(bought: OrderPlaced) -> None:
    first, second = give(bought), give(bought)
    assert take(*first)[1]["code"] == "transfer_over"
    withdrawn = call(
        "POST",
        f"/orders/{bought.order.code}/transfers/{second[0]}/withdrawal",
        Order_Secret=bought.secret,
    )
    assert withdrawn[1]["status"] == "withdrawn"
    assert take(*second)[1]["code"] == "transfer_over"
    third = give(bought)
    Transfer.objects.filter(code=third[0]).update(
        offered_at=timezone.now() - timedelta(days=4),
        expires_at=timezone.now() - timedelta(days=1),
    )
    assert take(*third)[1]["code"] == "transfer_over"
    assert Ticket.objects.get().status == TicketStatus.VALID


def test_a_stranger_learns_nothing(bought: OrderPlaced) -> None:
    code, _secret = give(bought)

    assert call("GET", f"/transfers/{code}", Transfer_Secret="guessed")[1]["code"] == (
        "transfer_not_found"
    )
    assert take("0" * 16, "guessed")[0] == 404


@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_at_once_one_has_it(bought: OrderPlaced) -> None:
    ticket = Ticket.objects.get()
    offered = offer(order=bought.order, ticket_id=ticket.pk, at=timezone.now())
    assert isinstance(offered, Offered)
    transfer = Transfer.objects.select_related("ticket__line").get()

    taken = at_once(
        lambda key: accept(transfer=transfer, key=key, at=timezone.now()),
        [uuid4().hex for _ in range(6)],
    )

    assert sorted(type(each).__name__ for each in taken) == ["Accepted"] + ["TakenByAnother"] * 5
    assert Ticket.objects.filter(status=TicketStatus.VALID).count() == 1
    assert {Accepted, TakenByAnother} == {type(each) for each in taken}
