"""Tickets are issued with the payment: once, whole, signed, or not at all."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from tests.at_once import at_once
from tests.factories import OPENING, make_category, make_order, make_product, make_site
from ticketing.domain.holds import release_expired_holds
from ticketing.domain.issuing import (
    AlreadyPaid,
    NotPayable,
    NotPayableReason,
    OrderPaid,
    issue_tickets,
    pay_order,
)
from ticketing.domain.order_status import move
from ticketing.domain.signing_keys import ensure_keys, trust_list
from ticketing.domain.ticket_ids import from_column
from ticketing.domain.ticket_token import TicketClaims, verify
from ticketing.domain.visit_days import VIETNAM, day_of
from ticketing.models import EntryPolicy, Order, OrderStatus, SigningKey, Ticket

TODAY = day_of(OPENING)
LATER = OPENING + timedelta(minutes=3, seconds=7)


def paid(order: Order, *, at: datetime = LATER) -> OrderPaid:
    result = pay_order(order=order, at=at)
    assert isinstance(result, OrderPaid), result
    return result


@pytest.mark.django_db
def test_a_paid_order_gets_a_signed_ticket_for_each_person() -> None:
    order = make_order(quantity=3, at=OPENING, language="ja")

    tickets = paid(order).tickets

    trusted = trust_list(SigningKey.objects.all())
    assert [ticket.party_size for ticket in tickets] == [1, 1, 1]
    assert len({ticket.pk for ticket in tickets}) == 3
    assert all(verify(bytes(ticket.token), trusted).is_ours for ticket in tickets)
    assert {ticket.language for ticket in tickets} == {"ja"}
    order.refresh_from_db()
    assert (order.status, order.paid_at, order.deliver_after) == (OrderStatus.PAID, LATER, LATER)


@pytest.mark.django_db
def test_one_code_stands_for_the_whole_line_when_asked() -> None:
    tickets = paid(make_order(quantity=25, one_code=True, at=OPENING)).tickets

    assert [ticket.party_size for ticket in tickets] == [25]


@pytest.mark.django_db
def test_the_token_says_what_was_bought() -> None:
    sites = [make_site() for _ in range(3)]
    make_site()
    student = make_category(code="student", needs_document=True)
    product = make_product(
        sites=[sites[0], sites[2]],
        category=student,
        validity_days=2,
        entry_policy=EntryPolicy.ONCE_PER_SITE_PER_DAY,
    )
    order = make_order(
        product=product,
        category="student",
        quantity=4,
        one_code=True,
        visit_date=date(2026, 11, 25),
        at=OPENING,
    )

    (ticket,) = paid(order).tickets

    assert verify(bytes(ticket.token), trust_list(SigningKey.objects.all())).claims == TicketClaims(
        key_id=ticket.key_id,
        ticket_id=from_column(ticket.pk),
        product_id=product.pk,
        scope=0b101,
        valid_from=datetime(2026, 11, 25, tzinfo=VIETNAM),
        valid_until=datetime(2026, 11, 27, tzinfo=VIETNAM),
        category=3,
        party_size=4,
        entry_policy=2,
        issued_at=LATER.replace(second=0),
    )
    assert (ticket.valid_from, ticket.valid_until) == (
        datetime(2026, 11, 25, tzinfo=VIETNAM),
        datetime(2026, 11, 27, tzinfo=VIETNAM),
    )
    assert ticket.needs_document


@pytest.mark.django_db
def test_a_second_payment_changes_nothing() -> None:
    order = make_order(at=OPENING)
    paid(order)

    again = pay_order(order=order, at=LATER + timedelta(hours=1))

    assert again == AlreadyPaid(order)
    order.refresh_from_db()
    assert order.paid_at == LATER
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_settlements_of_one_order_at_once_issue_one_set() -> None:
    order = make_order(quantity=5, at=OPENING)

    results = at_once(lambda _: pay_order(order=order, at=LATER), range(8))

    assert sorted(type(one).__name__ for one in results) == ["AlreadyPaid"] * 7 + ["OrderPaid"]
    assert Ticket.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_the_first_eight_tickets_of_a_month_agree_on_one_key() -> None:
    orders = [make_order(at=OPENING) for _ in range(8)]

    at_once(paid, orders)

    assert SigningKey.objects.count() == 1
    assert Ticket.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_payment_and_the_end_of_the_hold_at_once_always_end_in_tickets() -> None:
    orders = [make_order(at=OPENING) for _ in range(8)]
    after = OPENING + timedelta(minutes=36)

    def settle_or_release(order: Order | None) -> None:
        if order is None:
            release_expired_holds(at=after)
        else:
            paid(order, at=after)

    at_once(settle_or_release, [*orders, None, None])

    assert set(Order.objects.values_list("status", flat=True)) == {"paid"}
    assert Ticket.objects.count() == 8


@pytest.mark.django_db
def test_the_database_refuses_a_second_set() -> None:
    order = make_order(at=OPENING)
    paid(order)

    with pytest.raises(IntegrityError, match="ticket_issued_once"), transaction.atomic():
        issue_tickets(order=order, at=LATER)


@pytest.mark.django_db
def test_money_that_comes_after_the_hold_still_buys_the_tickets() -> None:
    order = make_order(at=OPENING)
    release_expired_holds(at=OPENING + timedelta(hours=1))

    assert len(paid(order, at=OPENING + timedelta(hours=2)).tickets) == 1


@pytest.mark.django_db
def test_money_that_comes_when_the_visit_is_over_buys_nothing() -> None:
    product = make_product(validity_days=2)
    last_minute = datetime(2026, 11, 23, 23, 59, tzinfo=VIETNAM)
    order = make_order(product=product, visit_date=TODAY, at=OPENING)

    result = pay_order(order=order, at=last_minute + timedelta(minutes=1))

    assert result == NotPayable(order, NotPayableReason.VISIT_OVER)
    assert Ticket.objects.count() == 0
    assert paid(order, at=last_minute).order == order


@pytest.mark.django_db
def test_a_cancelled_order_cannot_be_paid() -> None:
    order = make_order(at=OPENING)
    move(order, to=OrderStatus.CANCELLED)

    assert pay_order(order=order, at=LATER) == NotPayable(order, NotPayableReason.CANCELLED)
    assert Ticket.objects.count() == 0


@pytest.mark.django_db
def test_a_payment_that_fails_half_way_leaves_nothing() -> None:
    order = make_order(at=OPENING)

    with transaction.atomic():
        paid(order)
        transaction.set_rollback(True)

    order.refresh_from_db()
    assert order.status == OrderStatus.HELD
    assert Ticket.objects.count() == 0
    assert len(paid(order).tickets) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", [1, 3, 255])
def test_issuing_takes_the_same_statements_for_any_number_of_tickets(
    django_assert_num_queries: DjangoAssertNumQueries, *, quantity: int
) -> None:
    order = make_order(quantity=quantity, at=OPENING)
    ensure_keys(at=OPENING)

    # Lock, lines, status, shares, key, places, tickets, bookings, and savepoints around them.
    with django_assert_num_queries(11):
        paid(order)


@pytest.mark.django_db
def test_a_buyer_without_an_address_waits_for_no_mail() -> None:
    order = make_order(email="", phone="+84 90 123 45 67", at=OPENING)
    paid(order)

    order.refresh_from_db()
    assert (order.deliver_after, order.delivered_at) == (None, LATER)
