"""What the platform sees of itself from outside, over real HTTP."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from reporting.domain.buying import try_to_buy
from reporting.domain.calendar import VIETNAM
from reporting.domain.probing import keep_try, opens_on, probe_buying, probe_pages
from reporting.gateways.public_door import PublicDoor
from reporting.models import BuyProbe, OfferSnapshot, PageProbe
from sites.models import Closure, HeritageSite
from tests.factories import make_product, make_site
from tests.payments.accounts import make_account
from tests.reporting.making import registered_site
from tests.reporting.showing import make_tour
from ticketing.models import Order, OrderStatus, Product

NOBODY = PublicDoor("http://127.0.0.1:9", timeout_s=1.0)


def failure(door: PublicDoor, site: HeritageSite, *, floor: int = 1000) -> str:
    today = timezone.now().astimezone(VIETNAM).date()
    return try_to_buy(door=door, slug=site.slug, floor=floor, today=today).failure


@pytest.mark.django_db(transaction=True)
def test_a_probe_buys_like_a_visitor_and_lets_go_of_what_it_held(live_server: LiveServer) -> None:
    door = PublicDoor(live_server.url)
    site = registered_site("ngo-mon")
    product = make_product(sites=[site])
    at = timezone.now().astimezone(VIETNAM).replace(hour=7)

    make_account(
        provider="vietqr", number="0123456789", organisation=product.organisation,
        bank_bin="970436", holder="HUE",
    )  # fmt: skip
    done = [probe_buying(door=door, at=at, seconds=60) for _turn in range(2)]

    assert done == [1, 0]
    probe, snapshot = BuyProbe.objects.get(), OfferSnapshot.objects.get()
    assert (probe.succeeded, probe.product_id) == (True, product.pk)
    assert "vietqr" in probe.methods
    assert (snapshot.on_offer, snapshot.products[0]["amount"]) == (True, 200_000)
    assert len(snapshot.answer_hash) == 64
    assert set(Order.objects.values_list("status", flat=True)) == {OrderStatus.LAPSED}


@pytest.mark.django_db(transaction=True)
def test_a_probe_says_why_nothing_can_be_bought(live_server: LiveServer) -> None:
    door = PublicDoor(live_server.url)
    nothing, free, cheap, off = (make_site() for _site in range(4))
    make_product(sites=[free], price=0)
    make_product(sites=[cheap], price=1)
    Product.objects.filter(pk=make_product(sites=[off]).pk).update(on_sale=False)

    assert [failure(door, site) for site in (nothing, free, cheap, off)] == [
        "no_product",
        "free_only",
        "below_floor",
        "no_product",
    ]
    assert failure(NOBODY, nothing) == "unreachable"


@pytest.mark.django_db(transaction=True)
def test_a_page_is_asked_for_once_a_day_and_a_missing_one_is_a_failure(
    live_server: LiveServer,
) -> None:
    tour, model = make_tour(make_site()), make_tour(make_site(), kind="reconstruction")
    at = timezone.now()

    done = [probe_pages(door=NOBODY, at=at, seconds=60) for _turn in range(2)]

    assert done == [2, 0]
    assert PageProbe.objects.get(subject="model").subject_id == model.pk
    row = PageProbe.objects.get(subject="tour")
    assert (row.ok, row.status_code, row.failure) == (False, 0, "no answer")
    assert probe_pages(door=PublicDoor(live_server.url), at=at + timedelta(days=1), seconds=60) == 2
    assert PageProbe.objects.filter(subject_id=tour.pk).count() == 2


@pytest.mark.django_db
def test_a_day_counts_as_open_by_hours_and_closures() -> None:
    day = timezone.now().astimezone(VIETNAM).date()
    never = make_site(opening_hours="off")
    daily = make_site(opening_hours="Mo-Su 08:00-17:00")
    unknown = make_site()
    closed = make_site()
    start = timezone.now() - timedelta(days=2)
    Closure.objects.create(site=closed, starts_at=start, ends_at=start + timedelta(days=9))

    assert [opens_on(site=site, day=day) for site in (daily, unknown, never, closed)] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.django_db
def test_a_try_is_written_down_once_an_hour() -> None:
    site = make_site()
    tried = try_to_buy(door=NOBODY, slug=site.slug, floor=1, today=timezone.now().date())
    at = timezone.now().astimezone(VIETNAM).replace(hour=13)

    assert [keep_try(site=site, tried=tried, at=at) for _turn in range(2)] == [True, False]
    assert (BuyProbe.objects.get().failure, OfferSnapshot.objects.get().failure) == (
        "unreachable",
        "unreachable",
    )
