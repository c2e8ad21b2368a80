"""Shares of paid lines in the database: for whom, when, and what a cancellation takes."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from sites.models import HeritageSite
from tests.factories import (
    OPENING,
    make_gate,
    make_order,
    make_paid_order,
    make_pass,
    make_site,
)
from tests.ticketing.gate.seats import make_seat, present
from ticketing.domain.redemption import redeem
from ticketing.domain.revenue import settle_admissions, take_back
from ticketing.models import (
    Cancellation,
    CancellationLine,
    LineSplit,
    OrderLine,
    Product,
    RevenueShare,
    RevenueSplit,
    RevenueWeight,
    SplitMethod,
    Ticket,
)

pytestmark = pytest.mark.django_db
TOMORROW = OPENING + timedelta(days=1)


def make_sites(count: int) -> list[HeritageSite]:
    return [make_site() for _ in range(count)]


def make_split(
    product: Product, method: SplitMethod, *, weights: dict[HeritageSite, int] | None = None
) -> RevenueSplit:
    split = RevenueSplit.objects.create(
        product=product, method=method, effective_from=date(2026, 1, 1), basis="Agreement 1"
    )
    for site, weight in (weights or {}).items():
        RevenueWeight.objects.create(split=split, site=site, weight=weight)
    return split


def buy(product: Product, *, quantity: int = 1, at: datetime = OPENING) -> OrderLine:
    order = make_paid_order(product=product, quantity=quantity, at=at)
    return OrderLine.objects.select_related("product").get(order=order)


def give_back(line: OrderLine, *, kept: int, at: datetime) -> None:
    """Cancel what is not kept, whatever the rules of change say."""
    before = CancellationLine.objects.filter(line=line).aggregate(sum=Sum("amount"))["sum"] or 0
    amount = line.amount - before - kept
    cancellation = Cancellation.objects.create(
        order_id=line.order_id,
        cancelled_at=at,
        reason=Cancellation.Reason.BUYER,
        rule="test",
        share_percent=100,
        amount_back=amount,
        request_key=uuid4().hex,
        request_hash=b"",
    )
    CancellationLine.objects.create(cancellation=cancellation, line=line, people=1, amount=amount)
    take_back(line_ids=[line.pk], at=at)


def shares(line: OrderLine) -> dict[str, int]:
    """What each place has by now."""
    found: dict[str, int] = {}
    for share in RevenueShare.objects.filter(line=line).order_by("site_id", "pk"):
        slug = share.site.slug if share.site else ""
        found[slug] = found.get(slug, 0) + share.amount
    return found


def test_a_single_ticket_is_money_of_its_place() -> None:
    site = make_site()
    line = buy(make_pass(sites=[site], price=200_000), quantity=3)

    assert shares(line) == {site.slug: 600_000}
    assert not LineSplit.objects.exists()


def test_a_combo_that_nobody_said_how_to_divide_stays_with_its_organisation() -> None:
    line = buy(make_pass(sites=make_sites(3), price=420_000))

    assert shares(line) == {"": 420_000}
    assert RevenueShare.objects.get().organisation == line.product.organisation


def test_weights_divide_a_combo_and_are_frozen_with_the_line() -> None:
    palace, tomb, other = make_sites(3)
    product = make_pass(sites=[palace, tomb, other], price=420_000)
    split = make_split(product, SplitMethod.WEIGHTED, weights={palace: 200, tomb: 150, other: 150})
    line = buy(product, quantity=2)
    RevenueWeight.objects.filter(split=split).update(weight=1)

    assert shares(line) == {palace.slug: 336_000, tomb.slug: 252_000, other.slug: 252_000}
    give_back(line, kept=420_000, at=TOMORROW)
    assert shares(line) == {palace.slug: 168_000, tomb.slug: 126_000, other.slug: 126_000}
    give_back(line, kept=0, at=TOMORROW)
    assert set(shares(line).values()) == {0}


def test_a_split_holds_for_its_days_alone() -> None:
    sites = make_sites(2)
    product = make_pass(sites=sites, price=100_001)
    split = make_split(product, SplitMethod.EQUAL)
    RevenueSplit.objects.filter(pk=split.pk).update(effective_to=date(2026, 11, 23))

    assert shares(buy(product)) == {sites[0].slug: 50_001, sites[1].slug: 50_000}
    assert shares(buy(product, at=TOMORROW)) == {"": 100_001}
    with pytest.raises(IntegrityError, match="revenue_splits_do_not_overlap"):
        make_split(product, SplitMethod.WEIGHTED)


def visit(ticket: Ticket, site: HeritageSite) -> None:
    gate = make_seat(ticket, gate=make_gate(site=site))
    assert redeem(presentation=present(ticket), seat=gate, at=OPENING).outcome == "admitted"


def test_admissions_divide_when_the_last_ticket_has_ended() -> None:
    palace, tomb, museum = make_sites(3)
    product = make_pass(sites=[palace, tomb, museum], price=300_000, validity_days=2)
    make_split(product, SplitMethod.BY_ADMISSION)
    line = buy(product, quantity=3)
    for ticket in Ticket.objects.filter(line=line).order_by("number")[:2]:
        visit(ticket, palace)
    visit(Ticket.objects.filter(line=line)[0], tomb)
    last_second = OPENING.replace(hour=0) + timedelta(days=2, seconds=-1)

    assert settle_admissions(at=last_second) == 0
    assert set(shares(line).values()) == {300_000}
    assert settle_admissions(at=last_second + timedelta(seconds=1)) == 1
    assert shares(line) == {palace.slug: 600_000, tomb.slug: 300_000, museum.slug: 0}
    assert settle_admissions(at=TOMORROW + timedelta(days=9)) == 0
    # Later cancellations go by the admissions too.
    give_back(line, kept=450_000, at=TOMORROW + timedelta(days=10))
    assert shares(line) == {palace.slug: 300_000, tomb.slug: 150_000, museum.slug: 0}


def test_tickets_that_nobody_used_leave_all_places_the_same() -> None:
    sites = make_sites(3)
    product = make_pass(sites=sites, price=100_000)
    make_split(product, SplitMethod.BY_ADMISSION)
    line = buy(product)

    settle_admissions(at=TOMORROW)

    assert shares(line) == {
        sites[0].slug: 33_334,
        sites[1].slug: 33_333,
        sites[2].slug: 33_333,
    }
    assert not RevenueShare.objects.filter(reason="admissions").exists()


def test_a_ticket_that_was_moved_is_waited_for() -> None:
    product = make_pass(sites=make_sites(2), price=100_000)
    make_split(product, SplitMethod.BY_ADMISSION)
    line = buy(product)
    ends = TOMORROW + timedelta(days=30)
    Ticket.objects.filter(line=line).update(valid_until=ends)

    assert settle_admissions(at=TOMORROW) == 0
    assert LineSplit.objects.get().settle_after == ends


@pytest.mark.parametrize("method", SplitMethod)
def test_any_row_of_partial_cancellations_keeps_the_sum(method: SplitMethod) -> None:
    chance = Random(method)  # noqa: S311 # the same run each time
    sites = make_sites(7)
    product = make_pass(sites=sites, price=99_991)
    make_split(product, method, weights={site: chance.randrange(9) for site in sites})
    line = buy(product, quantity=17)
    kept = line.amount
    while kept:
        kept = max(kept - chance.randrange(1, 600_000), 0)
        give_back(line, kept=kept, at=TOMORROW)
        connection.check_constraints()
        assert sum(shares(line).values()) == kept
        assert min(shares(line).values()) >= 0


def test_the_database_refuses_shares_that_are_not_the_money_of_the_line() -> None:
    line = buy(make_pass(sites=make_sites(1), price=100_000))
    share = RevenueShare.objects.filter(line=line)

    for changed in (99_999, 100_001):
        with pytest.raises(IntegrityError, match="not its money"), transaction.atomic():  # noqa: PT012 # both count
            share.update(amount=changed)
            connection.check_constraints()


def test_what_costs_nothing_has_no_shares_and_one_place_asks_for_no_split() -> None:
    site = make_site()
    make_order(product=make_pass(sites=[site], price=0), at=OPENING)
    assert not RevenueShare.objects.exists()

    with CaptureQueriesContext(connection) as one:
        buy(make_pass(sites=[site], price=1))
    asked = " ".join(query["sql"] for query in one)
    assert asked.count('INTO "ticketing_revenueshare"') == 1
    assert "ticketing_revenuesplit" not in asked
    assert "ticketing_linesplit" not in asked
