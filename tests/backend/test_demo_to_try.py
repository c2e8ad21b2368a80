"""A demonstration has something of everything to try: times, changes, groups, ways to pay."""

from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from backend.demo_operator import NAME, prepare_operator
from backend.demo_payments import open_accounts
from backend.demo_samples import PASS, PLACES_OF_PASS, SHOW, make_samples
from payments.domain.offers import offers_for
from payments.models import Provider
from tests.factories import OPENING, make_category, make_site, place
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.visit_days import day_of
from ticketing.models import (
    CalendarRule,
    Capacity,
    CapacityUse,
    ChangeRule,
    Operator,
    OperatorUser,
    Product,
    RevenueSplit,
    SavedGroup,
    Slot,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places() -> None:
    for slug in PLACES_OF_PASS:
        make_site(slug=slug)
    make_category()
    make_category(code="child")


def made() -> dict[str, int]:
    return {
        "rules of calendars": CalendarRule.objects.count(),
        "capacities": Capacity.objects.count(),
        "uses": CapacityUse.objects.count(),
        "rules of changes": ChangeRule.objects.count(),
        "operators": Operator.objects.count(),
        "their users": OperatorUser.objects.count(),
        "products": Product.objects.count(),
        "splits": RevenueSplit.objects.count(),
        "groups": SavedGroup.objects.count(),
        "slots": Slot.objects.count(),
    }


def come(slot: Slot, *, people: int) -> bool:
    """Whether so many people get places in a slot of the show."""
    line = LineWanted(
        product_id=Product.objects.get(slug=SHOW.slug).pk,
        category="adult",
        quantity=people,
        slot_id=slot.pk,
    )
    wish = Wish(lines=[line], language="en", email="buyer@example.com")
    placed = place_order(idempotency_key=uuid4().hex, wish=wish, at=OPENING)
    return isinstance(placed, OrderPlaced)


def test_twice_makes_everything_once_and_leaves_what_a_tester_changed() -> None:
    make_samples(at=OPENING)
    prepare_operator()
    Operator.objects.update(unpaid_limit=7)
    Product.objects.filter(slug=PASS.slug).update(on_sale=False)
    first = made()

    make_samples(at=OPENING)
    prepare_operator()

    assert made() == first
    assert 0 not in first.values()
    assert Operator.objects.get().unpaid_limit == 7
    assert not Product.objects.get(slug=PASS.slug).on_sale


def test_the_day_of_the_show_is_full_before_all_of_its_times_are() -> None:
    make_samples(at=OPENING)
    shows = Slot.objects.filter(capacity__kind="timed", day=day_of(OPENING), starts_at__gt=OPENING)
    *first, last = shows.order_by("starts_at")[:6]

    assert [come(slot, people=40) for slot in first] == [True] * 5
    assert not come(last, people=1)


def test_the_operator_signs_in_at_the_desk_and_not_in_the_console() -> None:
    [who] = prepare_operator()
    client = Client(headers={"Accept-Language": "en"})

    inside = client.post("/operators/sign-in", {"username": who.name, "password": who.password})

    assert inside.status_code == 302, inside.content.decode()[:500]
    assert NAME in client.get("/operators/").content.decode()
    assert client.get("/admin/").status_code == 302


def test_an_order_of_a_sample_can_be_paid_in_all_three_ways(settings: Settings) -> None:
    settings.VNPAY_API_URL = settings.BANK_API_BASE = "http://127.0.0.1:9"
    make_samples(at=timezone.now())
    open_accounts(at=timezone.now())

    order = place(product=Product.objects.get(slug=PASS.slug)).order
    offers = offers_for(order=order)

    assert isinstance(offers, list)
    assert [(offer.provider, offer.limits) for offer in offers] == [
        (Provider.VIETQR, None),
        (Provider.VNPAY, None),
        (Provider.STRIPE, None),
    ]


def test_production_has_neither_samples_nor_an_operator(settings: Settings) -> None:
    settings.MODE = "production"

    assert prepare_operator() == []
    with pytest.raises(CommandError):
        call_command("prepare_demo")
    assert not Product.objects.exists()
    assert not Operator.objects.exists()
