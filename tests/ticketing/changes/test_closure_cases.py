"""A place closes: everybody who bought is handled once and told once, whatever interrupts it."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sites.domain.opening import Span
from sites.models import Closure, ClosureText, HeritageSite, User
from tests.at_once import at_once
from tests.factories import (
    OPENING,
    days_from,
    make_order,
    make_paid_order,
    make_product,
    make_site,
)
from tests.ticketing.changes.crowds import sell_many
from tests.ticketing.changes.parties import ask, enter, make_group, ticket_of
from ticketing.domain.cancelling import Cancelled
from ticketing.domain.closure_cases import (
    Reach,
    look_for_latecomers,
    progress_of,
    reach_of,
    resume,
    start,
    stop,
    work_on_cases,
)
from ticketing.domain.closure_hits import Times, is_hit
from ticketing.domain.closure_mails import tell_buyers
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.visit_days import start_of
from ticketing.models import (
    Cancellation,
    CancellationLine,
    ClosureCase,
    ClosureCaseOrder,
    Order,
    Ticket,
    TicketStatus,
)

pytestmark = pytest.mark.django_db
DAY = days_from(OPENING, 5)
Kind = ClosureCase.Kind


@pytest.fixture
def palace() -> HeritageSite:
    return make_site(slug="palace", name="Palace")


def close(site: HeritageSite, *, day: date = DAY, days: int = 1) -> Closure:
    start, end = start_of(day), start_of(day + timedelta(days=days))
    closure = Closure.objects.create(site=site, starts_at=start, ends_at=end)
    ClosureText.objects.create(closure=closure, language="en", text="Because of a storm.")
    return closure


def plan(closure: Closure, kind: ClosureCase.Kind = Kind.REFUND) -> ClosureCase:
    manager, _made = User.objects.get_or_create(username="manager", is_staff=True)
    return ClosureCase.objects.create(
        closure=closure, kind=kind, planned_by=manager, planned_at=OPENING
    )


def begin(case: ClosureCase) -> None:
    assert start(case=case, by=case.planned_by, at=OPENING)


def run(limit: int = 100) -> int:
    return work_on_cases(at=OPENING, limit=limit)


@pytest.mark.parametrize(
    ("closed", "times", "hit"),
    [
        ((0, 24), (0, 24), True),
        ((24, 48), (0, 24), False),
        ((0, 24), (0, 48), False),
        ((-24, 72), (0, 48), True),
        ((12, 13), (0, 24), False),
        # Within the opening hours of the place nothing is left.
        ((7, 17), (0, 24), True),
        ((8, 17), (0, 24), False),
        ((9, 10), (0, 24, 9, 11), True),
        ((11, 12), (0, 24, 9, 11), False),
        ((0, None), (240, 264), True),
    ],
)
def test_a_ticket_is_hit_when_nothing_of_it_is_left(
    closed: tuple[int, int | None],
    times: tuple[int, ...],
    hit: bool,  # noqa: FBT001 # expected
) -> None:
    def hour(number: int) -> datetime:
        return start_of(DAY) + timedelta(hours=number)

    first, last = closed
    span = Span(hour(first), None if last is None else hour(last))
    assert is_hit(Times(*map(hour, times)), closed=span, hours="07:00-17:00") is hit


def test_the_preview_counts_and_writes_nothing(palace: HeritageSite) -> None:
    other = make_site()
    single, both = make_product(sites=[palace]), make_product(sites=[palace, other])
    make_group(people=5, product=single, visit_date=DAY)
    make_paid_order(product=both, quantity=2, visit_date=DAY, at=OPENING)
    make_paid_order(product=single, visit_date=days_from(OPENING, 6), at=OPENING)
    make_paid_order(product=make_product(sites=[other]), visit_date=DAY, at=OPENING)
    make_order(product=single, visit_date=DAY, email="", phone="0912345678", at=OPENING)

    assert reach_of(closure=close(palace), at=OPENING) == Reach(
        orders=3,
        unpaid_orders=1,
        tickets=3,
        people=7,
        amount=1_000_000,
        tickets_with_other_places=2,
        without_address=1,
    )
    assert not ClosureCaseOrder.objects.exists()


def test_everybody_gets_the_whole_price_back_though_no_rule_gives_any(
    palace: HeritageSite,
) -> None:
    product = make_product(sites=[palace])
    paid = make_paid_order(product=product, quantity=2, visit_date=DAY, at=OPENING)
    held = make_order(product=product, visit_date=DAY, at=OPENING)
    case = plan(close(palace))
    begin(case)

    assert run() == 2

    case.refresh_from_db()
    fact = Cancellation.objects.get(order=paid)
    assert (case.status, case.finished_at) == ("done", OPENING)
    assert (fact.reason, fact.share_percent, fact.amount_back) == ("site_closed", 100, 400_000)
    assert set(Order.objects.values_list("status", flat=True)) == {"cancelled"}
    assert Cancellation.objects.get(order=held).rule == "unpaid"
    assert not Ticket.objects.filter(status=TicketStatus.VALID).exists()


def test_of_a_group_that_is_inside_the_others_get_their_money_back(palace: HeritageSite) -> None:
    order = make_group(people=25, product=make_product(sites=[palace]))
    enter(ticket_of(order), 18)
    begin(plan(close(palace, day=days_from(OPENING, 0))))

    run()

    row = ClosureCaseOrder.objects.get()
    assert (row.outcome, row.people, row.amount_back) == ("refunded", 7, 1_400_000)
    assert Order.objects.get().status == "paid"


@pytest.mark.parametrize("kind", [Kind.CHOOSE, Kind.REFUND])
def test_who_may_choose_gets_the_whole_price_back_when_they_ask(
    palace: HeritageSite, kind: ClosureCase.Kind
) -> None:
    sites = [palace] if kind == Kind.CHOOSE else [palace, make_site()]
    order = make_paid_order(product=make_product(sites=sites), visit_date=DAY, at=OPENING)
    begin(plan(close(palace), kind))

    run()

    row = ClosureCaseOrder.objects.get()
    assert (row.outcome, row.people) == ("free_to_choose", 1)
    assert Ticket.objects.get().status == TicketStatus.VALID
    done = ask(order, at=start_of(DAY) + timedelta(hours=20))
    assert isinstance(done, Cancelled)
    assert (done.cancellations[0].rule, done.cancellations[0].amount_back) == (
        "site_closed",
        200_000,
    )


def test_each_buyer_is_told_once_and_in_their_language(palace: HeritageSite) -> None:
    product = make_product(sites=[palace])
    for language in ("en", "vi"):
        make_paid_order(product=product, visit_date=DAY, language=language, at=OPENING)
    make_order(product=product, visit_date=DAY, email="", phone="0912345678", at=OPENING)
    case = plan(close(palace))
    begin(case)
    run()

    assert tell_buyers(at=OPENING) == 2
    assert tell_buyers(at=OPENING + timedelta(days=1)) == 0

    english, vietnamese = sorted(mail.outbox, key=lambda one: "đóng cửa" in one.subject)
    order = Order.objects.get(language="en", status="cancelled", phone="")
    assert english.subject == f"Palace is closed: about your order {order.code}"
    assert "Because of a storm." in english.body
    assert "200,000 ₫ comes back the way it was paid" in english.body
    assert f"/orders/{order.code}#" in english.body
    assert "200.000 ₫" in vietnamese.body
    assert progress_of(case).untold == {"no_address": 1}
    assert (progress_of(case).told, progress_of(case).to_tell) == (2, 0)


def test_stopped_it_stands_still_and_resumed_it_goes_on(palace: HeritageSite) -> None:
    sell_many(product=make_product(sites=[palace]), visit_date=DAY, orders=6, tickets_each=1)
    case = plan(close(palace))
    begin(case)
    assert run(limit=2) == 2
    case.refresh_from_db()
    assert stop(case=case)

    assert run() == 0
    assert (progress_of(case).handled, progress_of(case).percent) == (2, 33)
    assert resume(case=case, at=OPENING)
    assert run() == 4
    case.refresh_from_db()
    assert (case.status, progress_of(case).outcomes) == ("done", {"refunded": 6})
    assert not start(case=case, by=case.planned_by, at=OPENING)


def test_money_that_comes_while_it_runs_is_handled_too(palace: HeritageSite) -> None:
    product = make_product(sites=[palace])
    make_paid_order(product=product, visit_date=DAY, at=OPENING)
    case = plan(close(palace))
    begin(case)
    sell_many(product=product, visit_date=DAY, orders=1, tickets_each=2)

    run(), run()

    assert progress_of(case).outcomes == {"refunded": 2}
    case.refresh_from_db()
    assert case.status == "done"


def test_money_that_comes_when_all_was_done_is_handled_too(palace: HeritageSite) -> None:
    product = make_product(sites=[palace])
    make_paid_order(product=product, visit_date=DAY, at=OPENING)
    late = make_order(product=product, visit_date=DAY, at=OPENING)
    Order.objects.filter(pk=late.pk).update(status="lapsed")
    case = plan(close(palace))
    begin(case)
    run()
    assert look_for_latecomers(at=OPENING) == 0

    assert isinstance(pay_order(order=late, at=OPENING), OrderPaid)
    assert (look_for_latecomers(at=OPENING), run()) == (1, 1)

    case.refresh_from_db()
    assert (case.status, case.finished_at) == ("done", OPENING)
    assert progress_of(case).outcomes == {"refunded": 2}
    assert not Ticket.objects.filter(status=TicketStatus.VALID).exists()
    assert look_for_latecomers(at=start_of(DAY + timedelta(days=2))) == 0


def test_one_order_that_fails_does_not_keep_the_others_waiting(
    palace: HeritageSite,
) -> None:
    orders = sell_many(
        product=make_product(sites=[palace]), visit_date=DAY, orders=3, tickets_each=1
    )
    case = plan(close(palace))
    begin(case)
    # The database refuses to cancel this one.
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE ticketing_cancellation ADD CONSTRAINT planted "
            f"CHECK (order_id <> {orders[1].pk})"
        )
    run()
    case.refresh_from_db()
    assert (case.status, progress_of(case).outcomes) == ("stopped", {"refunded": 2, "failed": 1})
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ticketing_cancellation DROP CONSTRAINT planted")

    assert resume(case=case, at=OPENING)
    run()

    case.refresh_from_db()
    assert (case.status, progress_of(case).outcomes) == ("done", {"refunded": 3})


def test_a_closure_has_one_case_and_an_order_one_row(palace: HeritageSite) -> None:
    make_paid_order(product=make_product(sites=[palace]), visit_date=DAY, at=OPENING)
    closure = close(palace)
    case = plan(closure)
    begin(case)

    with pytest.raises(IntegrityError), transaction.atomic():
        plan(closure, Kind.CHOOSE)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClosureCaseOrder.objects.create(case=case, order=Order.objects.get())


WORKER = """
import django, time
django.setup()
from django.utils import timezone
from ticketing.domain.closure_cases import work_on_cases
while work_on_cases(at=timezone.now(), limit=20):
    pass
"""


def worker() -> "subprocess.Popen[bytes]":
    """A process of its own that handles orders until none waits."""
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    return subprocess.Popen(  # noqa: S603 # our own words
        [sys.executable, "-c", WORKER],
        env={**os.environ, "DATABASE_URL": url},
        cwd=settings.BASE_DIR,
    )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_tickets_survive_a_killed_worker(palace: HeritageSite) -> None:
    product = make_product(sites=[palace])
    sell_many(product=product, visit_date=DAY, orders=1_000, tickets_each=10)
    elsewhere = make_paid_order(visit_date=DAY, at=OPENING)
    case = plan(close(palace))
    begin(case)
    assert progress_of(case).total == 1_000

    killed = worker()
    deadline = time.monotonic() + 240
    while progress_of(case).handled < 200 and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    half_way = progress_of(case).handled
    assert 200 <= half_way < 1_000
    assert CancellationLine.objects.count() == half_way * 10

    at_once(lambda _number: work_on_cases(at=timezone.now(), limit=10_000), range(2))
    case.refresh_from_db()
    assert case.status == "done"
    told = [tell_buyers(at=timezone.now(), limit=10_000) for _turn in range(3)]

    done = progress_of(case)
    assert (done.outcomes, done.people, done.amount) == (
        {"refunded": 1_000},
        10_000,
        10_000 * 200_000,
    )
    assert (told, done.told, done.untold) == ([900, 0, 0], 900, {"no_address": 100})
    assert len({each.to[0] for each in mail.outbox}) == len(mail.outbox) == 900
    facts = Cancellation.objects.values_list("amount_back", flat=True)
    assert (len(facts), sum(facts)) == (1_000, 10_000 * 200_000)
    assert CancellationLine.objects.count() == 10_000
    assert Ticket.objects.filter(status=TicketStatus.VALID).get().line.order == elsewhere
