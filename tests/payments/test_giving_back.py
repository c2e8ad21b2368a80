"""Money goes back by rule: when the gates know, when two people agreed, to where the buyer says."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from payments.domain.approving import Approval, approve
from payments.domain.cancellations import may_go, refund_cancellations
from payments.domain.refunding import change, send_refunds
from payments.domain.telling import send_messages
from payments.domain.transferring import Transfer, account_of, note_transfer
from payments.models import BuyerMessage, MoneyRules, Refund, RefundStatus
from tests.at_once import at_once
from tests.factories import make_order, place
from tests.payments.books import balances
from tests.payments.buying import paid_at_stripe, settled
from tests.payments.money import cancel, make_attempt, make_person, paid_in_full, received
from tests.payments.stripe_desk import Desk
from ticketing.domain.order_status import move
from ticketing.models import (
    OrderStatus,
    Ticket,
    TicketStatus,
)

pytestmark = pytest.mark.django_db
race = pytest.mark.django_db(transaction=True)
NOW = timezone.now


def facts_of(refund: Refund) -> tuple[int, str, str]:
    refund.refresh_from_db()
    return refund.amount, refund.reason, refund.status


def test_cancelled_people_get_their_money_once_from_the_line_that_earned_it() -> None:
    payment = paid_in_full(make_attempt())
    cancellation = cancel(payment.order)

    assert [refund_cancellations(at=NOW()) for _ in range(3)] == [1, 0, 0]

    refund = Refund.objects.get()
    assert facts_of(refund) == (200_000, "tickets_cancelled", "requested")
    assert refund.cancellation == cancellation
    assert balances() == {
        "clearing vietqr": 400_000,
        "refunds_payable": -200_000,
        "state_fee": -200_000,
    }


@race
def test_four_workers_request_one_refund_for_one_cancellation() -> None:
    payment = paid_in_full(make_attempt())
    cancel(payment.order)

    looked = at_once(lambda _: refund_cancellations(at=NOW()), range(4))

    assert sum(looked) == 1
    assert Refund.objects.count() == 1


def test_two_cancellations_of_one_order_are_two_refunds() -> None:
    payment = paid_in_full(make_attempt())
    cancel(payment.order)
    cancel(payment.order)

    refund_cancellations(at=NOW())

    assert [refund.amount for refund in Refund.objects.all()] == [200_000, 200_000]
    assert balances() == {"clearing vietqr": 400_000, "refunds_payable": -400_000}


def test_money_that_came_in_parts_goes_back_in_parts() -> None:
    attempt = make_attempt()
    received(attempt, 150_000, 250_000)
    cancel(attempt.order, people=2, amount=400_000)

    refund_cancellations(at=NOW())

    assert list(Refund.objects.order_by("pk").values_list("amount", flat=True)) == [
        150_000,
        250_000,
    ]


def test_what_is_kept_as_a_charge_stays_earned() -> None:
    payment = paid_in_full(make_attempt())
    cancel(payment.order, amount=140_000)

    refund_cancellations(at=NOW())

    assert balances()["state_fee"] == -260_000


def test_no_money_leaves_while_a_gate_may_still_let_the_ticket_in() -> None:
    payment = paid_in_full(make_attempt())
    cancellation = cancel(payment.order)
    refund_cancellations(at=NOW())
    refund = Refund.objects.get()

    assert not may_go(refund, at=NOW())
    assert may_go(refund, at=cancellation.cancelled_at + timedelta(hours=13))

    MoneyRules.objects.create(
        organisation_id=payment.organisation_id or 0, gates_know_after_minutes=5
    )
    assert may_go(refund, at=cancellation.cancelled_at + timedelta(minutes=5))


def test_money_for_a_ticket_that_has_ended_anyway_leaves_at_once() -> None:
    payment = paid_in_full(make_attempt())
    cancel(payment.order)
    refund_cancellations(at=NOW())
    ticket = Ticket.objects.filter(status=TicketStatus.CANCELLED).get()
    MoneyRules.objects.create(
        organisation_id=payment.organisation_id or 0, gates_know_after_minutes=60 * 24 * 30
    )

    assert may_go(Refund.objects.get(), at=ticket.valid_until)


def test_a_refund_that_waits_for_the_gates_is_sent_when_they_know(desk: Desk) -> None:
    attempt = paid_at_stripe(desk)
    settled(attempt)
    cancellation = cancel(attempt.order)
    refund_cancellations(at=NOW())
    refund = Refund.objects.get()

    send_refunds(at=NOW())
    assert facts_of(refund)[2] == "requested"
    assert refund.attempts == 0

    send_refunds(at=cancellation.cancelled_at + timedelta(hours=14))
    assert facts_of(refund)[2] == "succeeded"
    assert [row.amount for row in desk.client.v1.refunds.list()] == [200_000]


def large_refund() -> Refund:
    attempt = make_attempt()
    MoneyRules.objects.create(organisation=attempt.organisation, two_people_above=399_999)
    move(attempt.order, to=OrderStatus.CANCELLED)
    received(attempt, attempt.amount)
    return Refund.objects.get()


def test_a_large_refund_waits_for_two_different_people() -> None:
    refund = large_refund()
    first, second = make_person("an"), make_person("binh")
    assert facts_of(refund)[2] == "needs_approval"
    assert send_refunds(at=NOW()) == 0

    said = [approve(refund=refund, by=who, at=NOW()) for who in (first, first, second, second)]

    assert said == [
        Approval.NOTED,
        Approval.SAME_PERSON,
        Approval.RELEASED,
        Approval.NOT_WAITING,
    ]
    assert facts_of(refund)[2] == "requested"


@race
def test_two_people_in_one_instant_are_two_people() -> None:
    refund = large_refund()
    people = [make_person("an"), make_person("binh")]

    said = at_once(lambda who: approve(refund=refund, by=who, at=NOW()), people)

    assert sorted(said) == [Approval.NOTED, Approval.RELEASED]


def test_the_database_refuses_one_person_twice_and_nobody_at_all() -> None:
    refund = large_refund()
    person = make_person("an")

    with pytest.raises(IntegrityError, match="refund_approved_by_two_people"), transaction.atomic():
        Refund.objects.update(first_approval_by=person, second_approval_by=person)
    with (
        pytest.raises(IntegrityError, match="large_refund_waits_for_two_people"),
        transaction.atomic(),
    ):
        Refund.objects.filter(pk=refund.pk).update(status="requested")


def test_a_refund_below_the_limit_asks_nobody() -> None:
    attempt = make_attempt()
    MoneyRules.objects.create(organisation=attempt.organisation, two_people_above=400_000)
    move(attempt.order, to=OrderStatus.CANCELLED)

    received(attempt, attempt.amount)

    assert facts_of(Refund.objects.get())[2] == "requested"


ACCOUNT = {"bank_bin": "970436", "account_number": "1031933430", "holder": "NGUYEN VAN A"}


def needs_transfer() -> tuple[Refund, str]:
    """A refund that the provider would not make, and the secret of its order."""
    placed = place(quantity=2)
    attempt = make_attempt(order=placed.order)
    move(attempt.order, to=OrderStatus.CANCELLED)
    received(attempt, attempt.amount)
    refund = Refund.objects.get()
    change(refund, to=RefundStatus.NEEDS_TRANSFER, at=NOW(), facts={"last_error": "no"})
    return refund, placed.secret


def name_it(refund: Refund, secret: str, **changed: str) -> tuple[int, dict[str, object]]:
    code = refund.payment.order.code
    answer = Client().post(
        f"/api/v1/orders/{code}/refunds/{refund.pk}/account",
        ACCOUNT | changed,
        content_type="application/json",
        headers={"Order-Secret": secret},
    )
    return answer.status_code, answer.json()


def test_a_transfer_goes_where_the_buyer_says_and_the_account_is_forgotten() -> None:
    refund, secret = needs_transfer()
    clerk = make_person("clerk")

    status, shown = name_it(refund, secret)
    refund.refresh_from_db()
    account = account_of(refund)
    done = note_transfer(refund=refund, reference="FT2632", by=clerk, at=NOW())
    again = note_transfer(refund=refund, reference="FT9999", by=clerk, at=NOW())

    assert (status, shown["needs_account"]) == (200, False)
    assert account is not None
    assert account.number == "1031933430"
    assert b"1031933430" not in bytes(Refund.objects.get().sealed_account or b"")
    assert [done, again] == [Transfer.DONE, Transfer.NOT_WAITING]
    assert facts_of(refund)[2] == "succeeded"
    assert account_of(refund) is None
    assert balances() == {"bank": -400_000, "clearing vietqr": 400_000}


def test_an_account_is_sealed_at_rest() -> None:
    refund, secret = needs_transfer()

    name_it(refund, secret)

    refund.refresh_from_db()
    assert refund.sealed_account
    assert b"1031933430" not in bytes(refund.sealed_account)


def test_an_account_is_refused_when_none_is_needed() -> None:
    refund, secret = needs_transfer()
    note_transfer(refund=refund, reference="FT1", by=make_person("clerk"), at=NOW())

    status, problem = name_it(refund, secret)

    assert (status, problem["code"]) == (409, "account_not_needed")


@pytest.mark.parametrize("wrong", [{"bank_bin": "12"}, {"account_number": "1; DROP"}])
def test_an_account_that_is_none_is_refused(wrong: dict[str, str]) -> None:
    refund, secret = needs_transfer()

    assert name_it(refund, secret, **wrong)[0] == 422


def test_a_strangers_refund_is_not_there() -> None:
    refund, _secret = needs_transfer()
    other = place()

    code = other.order.code
    answer = Client().post(
        f"/api/v1/orders/{code}/refunds/{refund.pk}/account",
        ACCOUNT,
        content_type="application/json",
        headers={"Order-Secret": other.secret},
    )
    wrong_secret = name_it(refund, other.secret)

    assert (answer.status_code, wrong_secret[0]) == (404, 404)


def test_the_order_page_says_in_plain_words_where_the_money_is() -> None:
    refund, secret = needs_transfer()

    answer = Client().get(
        f"/api/v1/orders/{refund.payment.order.code}?lang=en", headers={"Order-Secret": secret}
    )

    shown = answer.json()["payments"][0]["refunds"][0]
    assert shown["needs_account"] is True
    assert shown["message"].startswith("The order was cancelled before your payment came.")
    assert "400,000 ₫" in shown["message"]


def test_the_order_page_says_what_is_missing() -> None:
    placed = place(quantity=2)
    received(make_attempt(order=placed.order), 150_000)

    answer = Client().get(
        f"/api/v1/orders/{placed.order.code}?lang=en", headers={"Order-Secret": placed.secret}
    )

    shown = answer.json()["payments"][0]
    assert (shown["received"]["amount"], shown["missing"]["amount"]) == (150_000, 250_000)
    assert shown["message"] == "150,000 ₫ has arrived. 250,000 ₫ is still missing."


def test_the_buyer_is_told_once_at_each_step() -> None:
    refund, _secret = needs_transfer()

    assert [send_messages(at=NOW()) for _ in range(2)] == [2, 0]

    assert len(mail.outbox) == 2
    assert refund.payment.order.code in mail.outbox[0].subject
    assert "to which bank account" in mail.outbox[1].body
    kinds = BuyerMessage.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["refund_started", "refund_needs_account"]


def test_a_buyer_without_an_address_is_told_on_the_page_alone() -> None:
    order = make_order(quantity=2, email="", phone="+84901234567")
    attempt = make_attempt(order=order)
    move(order, to=OrderStatus.CANCELLED)
    received(attempt, attempt.amount)

    assert send_messages(at=NOW()) == 0
    assert BuyerMessage.objects.get().due_at is None
