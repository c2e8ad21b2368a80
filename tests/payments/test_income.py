"""The sales of each place and month: sums of the books, for the people of the places."""

from datetime import date, datetime

import pytest
from django.db import connection
from django.db.models import Sum
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from payments.domain.cancellations import refund_cancellations
from payments.domain.ledger.book import Move, Told, post
from payments.domain.ledger.income import Revenue, revenue_by_month
from payments.domain.ledger.splits import post_shares
from payments.models import AccountKind, Entry, PostingKind
from sites.models import HeritageSite, Membership, User
from tests.factories import (
    IN_FORCE_SINCE,
    OPENING,
    make_order,
    make_organisation,
    make_pass,
    make_site,
)
from tests.payments.money import cancel, make_attempt, make_person, paid_in_full
from ticketing.domain.visit_days import day_of
from ticketing.models import Order, Product, RevenueShare, RevenueSplit, SplitMethod

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime.fromisoformat("2026-12-31T17:00:00+00:00")
# From before everything until after the cancellations, which are of the day of the test.
FIRST, UNTIL = date(2026, 1, 1), date(2100, 1, 1)


def buy(product: Product, *, quantity: int = 1, at: datetime = OPENING) -> Order:
    order = make_order(product=product, quantity=quantity, at=at)
    paid_in_full(make_attempt(order=order, at=at), at=at)
    return order


def make_combo(*sites: HeritageSite) -> Product:
    product = make_pass(sites=list(sites), price=100_000)
    RevenueSplit.objects.create(
        product=product, method=SplitMethod.EQUAL, effective_from=IN_FORCE_SINCE, basis="a test"
    )
    return product


def member(name: str, role: Membership.Role, **of: object) -> User:
    person = User.objects.create(username=name, is_staff=True)
    Membership.objects.create(user=person, role=role, **of)
    return person


def test_a_manager_sees_what_the_books_say_of_their_own_places_month_by_month() -> None:
    mine, other = make_site(), make_site()
    product = make_combo(mine, other)
    order = buy(product, quantity=2)
    buy(product, at=NEW_YEAR)
    buy(make_pass(sites=[make_site(), make_site()], price=50_000))
    cancelled = cancel(order, people=1, amount=100_000)
    refund_cancellations(at=timezone.now())
    post_shares(at=max(timezone.now(), NEW_YEAR))
    manager = member("manager", Membership.Role.MANAGER, site=mine)
    head = member("head", Membership.Role.AUDITOR, organisation=make_organisation())

    with CaptureQueriesContext(connection) as queries:
        found = revenue_by_month(user=manager, first=FIRST, until=UNTIL)

    assert len(queries) == 1
    paid = {row.month: row.paid for row in found if row.paid}
    assert paid == {date(2026, 11, 1): 100_000, date(2027, 1, 1): 50_000}
    month = day_of(cancelled.cancelled_at).replace(day=1)
    assert {row.month: row.given_back for row in found if row.given_back} == {month: -50_000}
    assert {(row.site, row.organisation, row.revenue_kind) for row in found} == {
        (mine.slug, "hmcc", "state_fee")
    }
    of_head = revenue_by_month(user=head, first=FIRST, until=UNTIL)
    assert {row.site for row in of_head} == {"", mine.slug, other.slug}
    earned = Entry.objects.filter(account__kind="state_fee").aggregate(sum=Sum("amount"))["sum"]
    assert sum(row.kept for row in of_head) == -earned == 250_000
    stranger = User.objects.create(username="stranger", is_staff=True)
    assert revenue_by_month(user=stranger, first=FIRST, until=UNTIL) == []


def test_what_is_not_in_the_books_is_on_no_screen_and_a_correction_is() -> None:
    site = make_site()
    order = buy(make_pass(sites=[site], price=100_000))
    line = order.lines.get()
    manager = member("manager", Membership.Role.MANAGER, site=site)
    # A share that no posting tells of: a sum over shares would show it.
    RevenueShare.objects.filter(line=line).update(at=NEW_YEAR)
    post(
        organisation_id=line.product.organisation_id,
        kind=PostingKind.CORRECTION,
        key="by hand",
        moves=[
            Move(kind=AccountKind.STATE_FEE, amount=30_000, line_id=line.pk, site_id=site.pk),
            Move(kind=AccountKind.UNMATCHED, amount=-30_000),
        ],
        at=OPENING,
        told=Told(note="booked to the wrong place", made_by=make_person("accountant")),
    )

    found = revenue_by_month(user=manager, first=FIRST, until=UNTIL)

    assert found == [
        Revenue(date(2026, 11, 1), "hmcc", site.slug, "state_fee", 100_000, 0, -30_000)
    ]
    browser = Client()
    browser.force_login(manager)
    page = browser.get(
        "/admin/ticketing/revenueshare/", {"first": "2026-11-01", "last": "2026-11-30"}
    ).content.decode()
    assert "70.000 ₫" in page
