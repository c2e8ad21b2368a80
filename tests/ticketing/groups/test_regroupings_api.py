"""Splitting a group's code and merging codes back, over HTTP."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.at_once import at_once
from tests.factories import place
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import OrderPlaced
from ticketing.domain.redemption import redeem
from ticketing.domain.reissuing import people_of_line
from ticketing.domain.ticket_ids import to_hex
from ticketing.models import Order, Reissue, Ticket

pytestmark = pytest.mark.django_db


def buy(*, people: int, one_code: bool = True) -> OrderPlaced:
    placed = place(quantity=people, one_code=one_code)
    paid = pay_order(order=placed.order, at=placed.order.created_at)
    assert isinstance(paid, OrderPaid)
    return placed


def tickets_of(order: Order) -> list[Ticket]:
    return list(Ticket.objects.filter(line__order=order).order_by("number"))


def ask(path: str, body: object, *, placed: OrderPlaced, key: str = "") -> tuple[int, Any]:
    answer = Client().post(
        f"/api/v1{path}",
        body,
        content_type="application/json",
        headers={
            "Order-Secret": placed.secret,
            "Idempotency-Key": key or uuid4().hex,
            "Accept-Language": "en",
        },
    )
    return answer.status_code, answer.json()


def split(placed: OrderPlaced, body: object, *, key: str = "") -> tuple[int, Any]:
    ticket = tickets_of(placed.order)[0]
    return ask(f"/tickets/{to_hex(ticket.pk)}/split", body, placed=placed, key=key)


def merge(placed: OrderPlaced, ids: list[str]) -> tuple[int, Any]:
    return ask(f"/orders/{placed.order.code}/merges", {"ticket_ids": ids}, placed=placed)


def test_a_group_code_becomes_a_code_for_each_person() -> None:
    placed = buy(people=5)
    old = tickets_of(placed.order)[0]

    status, answer = split(placed, {})

    assert status == 201
    assert answer["ended"] == [to_hex(old.pk)]
    assert answer["reissue"]["kind"] == "split"
    assert [ticket["party_size"] for ticket in answer["tickets"]] == [1] * 5
    assert {ticket["made_by"]["id"] for ticket in answer["tickets"]} == {answer["reissue"]["id"]}


def test_three_of_twenty_five_get_codes_and_the_rest_shares_a_new_one() -> None:
    placed = buy(people=25)

    _, singles = split(placed, {"people": 3})

    assert [ticket["party_size"] for ticket in singles["tickets"]] == [1, 1, 1, 22]


def test_a_coach_is_split_into_two_parties() -> None:
    placed = buy(people=25)

    _, parties = split(placed, {"people": 10, "into": "one_code"})

    assert [ticket["party_size"] for ticket in parties["tickets"]] == [10, 15]


def test_codes_are_merged_back_before_use_and_the_money_stays_with_the_line() -> None:
    placed = buy(people=4)
    _, apart = split(placed, {})

    status, together = merge(placed, [ticket["id"] for ticket in apart["tickets"]])

    assert status == 201
    assert [ticket["party_size"] for ticket in together["tickets"]] == [4]
    assert together["reissue"]["kind"] == "merge"
    line = placed.order.lines.get()
    assert people_of_line(line.pk) == line.quantity == 4


def test_the_order_shows_ended_and_new_codes_with_what_became_of_them() -> None:
    placed = buy(people=2)
    _, done = split(placed, {})

    order = (
        Client()
        .get(f"/api/v1/orders/{placed.order.code}", headers={"Order-Secret": placed.secret})
        .json()
    )

    shown = [(t["status"], t["made_by"], t["ended_by"]) for t in order["tickets"]]
    assert shown == [
        ("revoked", None, done["reissue"]),
        ("valid", done["reissue"], None),
        ("valid", done["reissue"], None),
    ]


def test_a_repeat_answers_the_same_and_another_wish_under_its_key_is_refused() -> None:
    placed = buy(people=6)
    path = f"/tickets/{to_hex(tickets_of(placed.order)[0].pk)}/split"
    first = ask(path, {"people": 2}, placed=placed, key="the-same-key")
    again = ask(path, {"people": 2}, placed=placed, key="the-same-key")
    other = ask(path, {"people": 3}, placed=placed, key="the-same-key")

    assert first[0] == again[0] == 201
    # Links to the other forms of a ticket are made anew each time.
    same = [{name: answer[name] for name in ("reissue", "ended")} for _, answer in (first, again)]
    assert same[0] == same[1]
    tokens = [[ticket["token"] for ticket in answer["tickets"]] for _, answer in (first, again)]
    assert tokens[0] == tokens[1]
    assert (other[0], other[1]["code"]) == (409, "idempotency_key_reused")
    assert Reissue.objects.count() == 1


def test_what_would_change_nothing_or_too_much_is_refused_with_the_number_who_are_left() -> None:
    placed = buy(people=5)
    ticket = Ticket.objects.select_related("product").get(line__order=placed.order)
    redeem(
        presentation=present(ticket, people=3), seat=make_seat(ticket), at=placed.order.created_at
    )

    too_many = split(placed, {"people": 3})
    nothing = split(placed, {"people": 2, "into": "one_code"})

    assert (too_many[0], too_many[1]["code"]) == (409, "too_many_people")
    assert too_many[1]["detail"] == "Only 2 people on this code have not been let in yet."
    assert (nothing[0], nothing[1]["code"]) == (409, "nothing_to_change")
    assert Reissue.objects.count() == 0


def test_codes_of_other_lines_and_other_orders_are_not_merged() -> None:
    placed, stranger = buy(people=2, one_code=False), buy(people=1)
    own = [to_hex(ticket.pk) for ticket in tickets_of(placed.order)]
    foreign = to_hex(tickets_of(stranger.order)[0].pk)

    assert merge(placed, [own[0], foreign])[0] == 404
    assert merge(placed, [own[0], own[0]])[1]["code"] == "nothing_to_change"
    Ticket.objects.filter(pk=tickets_of(placed.order)[0].pk).update(language="vi")
    assert merge(placed, own)[1]["code"] == "not_alike"


def test_a_wrong_secret_and_an_unknown_ticket_answer_alike() -> None:
    placed, stranger = buy(people=2), buy(people=2)
    ticket = to_hex(tickets_of(placed.order)[0].pk)

    wrong = ask(f"/tickets/{ticket}/split", {}, placed=stranger)
    unknown = ask("/tickets/0000000000000001/split", {}, placed=placed)

    assert wrong == unknown
    assert wrong[0] == 404


@pytest.mark.django_db(transaction=True)
def test_the_same_split_sent_eight_times_in_one_instant_happens_once() -> None:
    placed = buy(people=4)
    path = f"/tickets/{to_hex(tickets_of(placed.order)[0].pk)}/split"

    answers = at_once(lambda _: ask(path, {}, placed=placed, key="one-tap-too-many"), range(8))

    assert [status for status, _ in answers] == [201] * 8
    assert len({answer["reissue"]["id"] for _, answer in answers}) == 1
    assert Ticket.objects.filter(line__order=placed.order, status="valid").count() == 4


@pytest.mark.django_db(transaction=True)
def test_two_different_splits_of_one_code_in_one_instant_leave_one() -> None:
    placed = buy(people=4)
    path = f"/tickets/{to_hex(tickets_of(placed.order)[0].pk)}/split"

    answers = at_once(lambda people: ask(path, {"people": people}, placed=placed), [1, 2, 3])

    assert sorted(status for status, _ in answers) == [201, 409, 409]
    assert {answer["code"] for status, answer in answers if status == 409} == {"ticket_not_valid"}
    assert people_of_line(placed.order.lines.get().pk) == 4
