"""Cancelling whole orders and parts of groups, on the real database."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from sites.models import User
from tests.factories import OPENING, days_from, make_order, make_product, make_site
from tests.ticketing.changes.parties import (
    ask,
    changeable_product,
    enter,
    make_group,
    some,
    ticket_of,
)
from ticketing.domain.cancelling import (
    EVERYBODY,
    Cancelled,
    Ground,
    Kept,
    KeyReused,
    Part,
    Plan,
    WhyKept,
    Wish,
    preview,
)
from ticketing.domain.entries import entries_left
from ticketing.domain.issuing import NotPayable, pay_order
from ticketing.models import (
    Admission,
    Cancellation,
    CancellationLine,
    Order,
    OrderStatus,
    Outcome,
    Ticket,
    TicketStatus,
)

pytestmark = pytest.mark.django_db
LATER = OPENING + timedelta(hours=1)


def status_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def test_a_whole_order_is_cancelled_and_its_codes_are_refused() -> None:
    order = make_group(people=2, one_code=False, visit_date=days_from(OPENING, 10))

    done = ask(order)

    assert isinstance(done, Cancelled)
    [fact] = done.cancellations
    assert (fact.rule, fact.share_percent, fact.amount_back) == ("day-before", 100, 400_000)
    assert (fact.reason, fact.cancelled_at) == (Cancellation.Reason.BUYER, OPENING)
    assert [(line.people, line.amount) for line in fact.lines.order_by("pk")] == [(1, 200_000)] * 2
    assert status_of(order) == OrderStatus.CANCELLED
    for ticket in Ticket.objects.filter(line__order=order).select_related("product"):
        assert (ticket.status, ticket.cancelled_people) == (TicketStatus.CANCELLED, 1)
        on_the_day = ticket.valid_from + timedelta(hours=8)
        assert enter(ticket, 1, at=on_the_day).outcome == Outcome.CANCELLED


def test_a_preview_says_the_same_as_the_cancellation_and_writes_nothing() -> None:
    order = make_group()
    ticket = ticket_of(order)

    plan = preview(order=order, wish=some(3, ticket=ticket), at=OPENING)

    assert isinstance(plan, Plan)
    assert (plan.people, plan.amount, plan.losses[0].rule) == (3, 300_000, "late")
    assert not Cancellation.objects.exists()
    done = ask(order, some(3, ticket=ticket))
    assert isinstance(done, Cancelled)
    assert sum(fact.amount_back for fact in done.cancellations) == plan.amount


def test_unused_places_of_a_partly_used_group_go_and_those_inside_stay() -> None:
    order = make_group()
    ticket = ticket_of(order)
    enter(ticket, 18)

    done = ask(order, some(7, ticket=ticket), at=LATER)

    assert isinstance(done, Cancelled)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.cancelled_people) == (TicketStatus.VALID, 7)
    admission = Admission.objects.get()
    assert (admission.people, admission.people_limit) == (18, 18)
    assert status_of(order) == OrderStatus.PAID
    assert enter(ticket, 1, at=LATER).outcome == Outcome.PARTY_EXHAUSTED
    assert isinstance(ask(order, at=LATER), Kept)


def test_the_code_of_25_with_3_cancelled_lets_22_in() -> None:
    order = make_group()
    ticket = ticket_of(order)
    ask(order, some(3, ticket=ticket))
    ticket.refresh_from_db()

    [place] = entries_left([ticket], language="en", at=OPENING)[ticket.pk]
    assert place.left == 22
    assert enter(ticket, 23).outcome == Outcome.PARTY_EXHAUSTED
    result = enter(ticket, None)
    assert (result.outcome, result.admitted_people) == (Outcome.ADMITTED, 22)
    assert result.ticket is not None
    assert (result.ticket.party_size, result.ticket.left) == (22, 0)


def test_more_than_are_left_is_refused_and_nothing_changes() -> None:
    order = make_group()
    ticket = ticket_of(order)
    enter(ticket, 18)

    assert ask(order, some(8, ticket=ticket)) == Kept(WhyKept.TOO_MANY_PEOPLE, ticket.pk)
    assert not Cancellation.objects.exists()


def test_of_a_line_those_tickets_go_that_nobody_used() -> None:
    order = make_group(people=5, one_code=False)
    tickets = list(
        Ticket.objects.filter(line__order=order).select_related("product").order_by("number")
    )
    for ticket in tickets[2:4]:
        enter(ticket, 1)

    done = ask(order, some(2, line_id=tickets[0].line_id))

    assert isinstance(done, Cancelled)
    gone = Ticket.objects.filter(status=TicketStatus.CANCELLED).order_by("number")
    assert [ticket.number for ticket in gone] == [1, 4]


def test_a_ticket_that_was_used_at_one_of_its_places_is_used() -> None:
    palace, tomb = make_site(), make_site()
    order = make_group(people=1, product=changeable_product(sites=[palace, tomb]))
    ticket = ticket_of(order)
    enter(ticket, 1)

    assert ask(order) == Kept(WhyKept.NOBODY_LEFT)


def test_the_same_request_answers_the_same_and_cancels_nobody_else() -> None:
    order = make_group()
    wish = some(3, ticket=ticket_of(order))

    first, second = ask(order, wish, key="phone-1"), ask(order, wish, key="phone-1", at=LATER)

    assert isinstance(first, Cancelled)
    assert isinstance(second, Cancelled)
    assert first.cancellations == second.cancellations
    assert ticket_of(order).cancelled_people == 3
    assert ask(order, EVERYBODY, key="phone-1") == KeyReused()


def test_a_product_without_a_rule_stays_as_it_was_bought() -> None:
    order = make_group(people=1, product=make_product())

    assert ask(order) == Kept(WhyKept.NOT_CHANGEABLE, ticket_of(order).pk)


def test_after_the_last_step_it_is_too_late() -> None:
    order = make_group(people=1)
    ends = ticket_of(order).valid_until

    assert ask(order, at=ends) == Kept(WhyKept.TOO_LATE, ticket_of(order).pk, ends)
    assert isinstance(ask(order, at=ends - timedelta(seconds=1)), Cancelled)


def test_everything_takes_what_can_go_and_says_what_stays() -> None:
    order = make_group(people=2, one_code=False)
    fixed = make_group(people=1, product=make_product())
    line = fixed.lines.get()
    line.order = order
    line.save()

    plan = preview(order=order, wish=EVERYBODY, at=OPENING)

    assert isinstance(plan, Plan)
    assert (plan.people, [kept.reason for kept in plan.kept]) == (2, ["not_changeable"])
    named = Wish(parts=[Part(ticket_id=each.pk) for each in Ticket.objects.all()])
    assert isinstance(preview(order=order, wish=named, at=OPENING), Kept)


def test_what_nobody_paid_is_let_go_of_and_late_money_finds_it_cancelled() -> None:
    order = make_order(product=changeable_product(), quantity=4, at=OPENING)
    assert ask(order, some(2, line_id=order.lines.get().pk)) == Kept(WhyKept.WHOLE_ORDER_ONLY)

    done = ask(order)

    assert isinstance(done, Cancelled)
    assert [(fact.rule, fact.amount_back) for fact in done.cancellations] == [("unpaid", 0)]
    assert status_of(order) == OrderStatus.CANCELLED
    assert isinstance(pay_order(order=order, at=OPENING), NotPayable)


def test_the_word_of_a_manager_stands_above_the_rules_and_says_why() -> None:
    order = make_group(people=1, product=make_product())
    manager = User.objects.create(username="manager", is_staff=True)
    ground = Ground(
        reason=Cancellation.Reason.MANAGER, share_percent=80, by=manager, note="Typhoon"
    )

    done = ask(order, ground=ground, at=ticket_of(order).valid_until + timedelta(days=3))

    assert isinstance(done, Cancelled)
    [fact] = done.cancellations
    assert (fact.rule, fact.amount_back, fact.by, fact.note) == (
        "manager",
        160_000,
        manager,
        "Typhoon",
    )


@pytest.mark.parametrize("status", [OrderStatus.LAPSED, OrderStatus.CANCELLED])
def test_an_order_that_is_over_cannot_be_cancelled(status: OrderStatus) -> None:
    order = make_order(at=OPENING)
    Order.objects.filter(pk=order.pk).update(status=status)
    order.refresh_from_db()

    assert ask(order) == Kept(WhyKept(f"order_{status}"))


def test_tickets_of_other_orders_are_unknown() -> None:
    order, other = make_group(people=1), make_group(people=1)

    assert ask(order, some(1, ticket=ticket_of(other))) == Kept(
        WhyKept.UNKNOWN_TICKET, ticket_of(other).pk
    )


def test_each_rule_leaves_a_cancellation_of_its_own() -> None:
    far = make_group(people=1, visit_date=days_from(OPENING, 12))
    line = make_group(people=1).lines.get()
    line.order = far
    line.save()
    done = ask(far)

    assert isinstance(done, Cancelled)
    assert {(fact.rule, fact.amount_back) for fact in done.cancellations} == {
        ("day-before", 200_000),
        ("late", 100_000),
    }


def test_the_database_refuses_a_valid_ticket_of_nobody() -> None:
    ticket = ticket_of(make_group(people=3))

    for cancelled in (3, 4):
        with pytest.raises(IntegrityError), transaction.atomic():
            Ticket.objects.filter(pk=ticket.pk).update(cancelled_people=cancelled)


def test_the_lines_of_cancellations_add_up_to_the_people_of_the_tickets() -> None:
    order = make_group(people=6, one_code=False)
    ask(order, some(2, line_id=order.lines.get().pk))
    ask(order)

    people = sum(CancellationLine.objects.values_list("people", flat=True))
    assert people == 6 == sum(Ticket.objects.values_list("cancelled_people", flat=True))
    assert status_of(order) == OrderStatus.CANCELLED
