"""A pass that begins with its purchase or first use is counted on no day."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sites.models import Membership, User
from tests.at_once import at_once
from tests.factories import make_pass, make_site
from tests.ticketing.capacity.rooms import make_capacity, make_counted_product
from ticketing.domain.visit_days import day_of
from ticketing.models import Capacity, CapacityUse, Product, ValidityMode

UNDATED: list[dict[str, Any]] = [
    {"validity_mode": ValidityMode.FROM_PURCHASE, "validity_days": 5},
    {"validity_mode": ValidityMode.FROM_FIRST_USE, "validity_days": 2, "outer_days": 90},
]


@pytest.mark.django_db
@pytest.mark.parametrize("rules", UNDATED)
@pytest.mark.parametrize("kind", [Capacity.Kind.DAY, Capacity.Kind.TIMED])
def test_the_database_counts_no_pass_without_a_day(
    rules: dict[str, Any], kind: Capacity.Kind
) -> None:
    capacity = make_capacity(kind=kind)
    undated = make_pass(sites=[capacity.site], **rules)

    with transaction.atomic(), pytest.raises(IntegrityError, match="counted on none"):
        CapacityUse.objects.create(product=undated, capacity=capacity)


@pytest.mark.django_db
@pytest.mark.parametrize("rules", UNDATED)
def test_what_is_counted_keeps_its_day(rules: dict[str, Any]) -> None:
    product = make_counted_product(make_capacity(), validity_days=2)

    with transaction.atomic(), pytest.raises(IntegrityError, match="keeps a chosen day"):
        Product.objects.filter(pk=product.pk).update(**rules)
    Product.objects.filter(pk=product.pk).update(validity_days=3)


@pytest.mark.django_db(transaction=True)
def test_counting_a_product_while_it_becomes_a_pass_leaves_one_of_both() -> None:
    capacity = make_capacity()
    product = make_pass(sites=[capacity.site], validity_days=5)

    def change(what: str) -> bool:
        try:
            if what == "count":
                CapacityUse.objects.create(product=product, capacity=capacity)
            else:
                Product.objects.filter(pk=product.pk).update(**UNDATED[0])
        except IntegrityError:
            return False
        return True

    done = at_once(change, ["count", "pass"])

    product.refresh_from_db()
    counted = CapacityUse.objects.filter(product=product).exists()
    assert sorted(done) == [False, True]
    assert counted == (product.validity_mode == ValidityMode.FROM_DATE)


def manager_in(capacity: Capacity) -> Client:
    user = User.objects.create(username="manager", is_staff=True)
    Membership.objects.create(
        user=user, role=Membership.Role.MANAGER, organisation=capacity.site.organisation
    )
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


@pytest.mark.django_db
def test_the_console_says_why_a_pass_is_not_counted() -> None:
    capacity = make_capacity()
    undated = make_pass(sites=[capacity.site], **UNDATED[0])
    filled = {
        "site": capacity.site_id,
        "code": "yard",
        "name": "Yard",
        "kind": "day",
        "opens_before_minutes": 0,
        "days_ahead": 3,
        "rules-TOTAL_FORMS": 1,
        "rules-INITIAL_FORMS": 0,
        "rules-0-first_day": str(day_of(timezone.now())),
        "rules-0-weekdays": ["1"],
        "rules-0-people": 40,
        "uses-TOTAL_FORMS": 1,
        "uses-INITIAL_FORMS": 0,
        "uses-0-product": undated.pk,
    }

    page = manager_in(capacity).post(reverse("admin:ticketing_capacity_add"), filled)

    assert page.status_code == 200
    assert "Nobody knows on which day people come with it" in page.content.decode()
    assert not CapacityUse.objects.exists()


@pytest.mark.django_db
def test_the_console_says_why_a_counted_product_does_not_become_a_pass() -> None:
    capacity = make_capacity()
    product = make_counted_product(capacity, validity_days=2)
    filled = {
        "validity_mode": "from_purchase",
        "validity_days": 5,
        "entry_policy": product.entry_policy,
        "texts-TOTAL_FORMS": 0,
        "texts-INITIAL_FORMS": 0,
        "entitlements-TOTAL_FORMS": 0,
        "entitlements-INITIAL_FORMS": 0,
    }

    address = reverse("admin:ticketing_product_change", args=[product.pk])
    page = manager_in(capacity).post(address, filled)

    assert page.status_code == 200
    assert "Take it off there first." in page.content.decode()
    product.refresh_from_db()
    assert product.validity_mode == ValidityMode.FROM_DATE


@pytest.mark.django_db
def test_a_place_can_have_counted_products_and_passes_beside_each_other() -> None:
    site = make_site()
    make_counted_product(make_capacity(site=site))
    make_pass(sites=[site], **UNDATED[1])

    assert CapacityUse.objects.count() == 1
