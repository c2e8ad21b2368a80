"""What a visitor sees before paying: prices, who pays them, what is closed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sites.models import Closure, ClosureText, HeritageSite, Notice, NoticeText
from tests.factories import make_category, make_pass, make_product, make_site, make_tariff
from ticketing.domain.visit_days import day_of, start_of

pytestmark = pytest.mark.django_db


def get(path: str, **query: str) -> Any:
    response = Client().get(f"/api/v1{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def closed(site: HeritageSite, day: date, text: str, *, whole: bool = True) -> None:
    closure = Closure.objects.create(
        site=site,
        starts_at=start_of(day),
        ends_at=start_of(day + timedelta(days=1)),
        whole_site=whole,
    )
    ClosureText.objects.create(closure=closure, language="en", text=text)


def price(category: str, amount: int, *, needs_document: bool = False) -> dict[str, Any]:
    return {
        "category": category,
        "name": category.title(),
        "rule": "",
        "amount": {"amount": amount, "currency": "VND"},
        "needs_document": needs_document,
        "legal_basis": "Decision 1/2026",
        "reason": None,
    }


def test_a_product_says_what_it_opens_and_costs() -> None:
    sites = [make_site(slug="palace", name="Palace"), make_site(slug="tomb", name="Tomb")]
    product = make_product(sites=sites, slug="both", name="Both", price=300, validity_days=2)
    child = make_category(code="child", needs_document=True)
    make_tariff(product=product, category=child, amount=0)

    assert get("/products", lang="en") == {
        "items": [
            {
                "id": product.pk,
                "slug": "both",
                "name": "Both (en)",
                "kind": "combo",
                "entitlements": [
                    {"site": "palace", "name": "Palace", "entries": 1},
                    {"site": "tomb", "name": "Tomb", "entries": 1},
                ],
                "validity": {"days": 2, "mode": "from_date", "outer_days": None},
                "rules": None,
                "prices": [
                    price("adult", 300),
                    price("child", 0, needs_document=True),
                ],
                "notices": [],
            }
        ],
        "count": 1,
        "next": None,
    }


def test_a_missing_language_falls_back_to_english() -> None:
    make_product(sites=[make_site(name="Palace")], name="Ticket")

    (item,) = get("/products", lang="ko")["items"]

    assert (item["name"], item["entitlements"][0]["name"]) == ("Ticket (en)", "Palace")


def test_products_of_one_place_are_singles_and_combos_that_open_it() -> None:
    palace, tomb = make_site(slug="palace"), make_site(slug="tomb")
    single = make_product(sites=[palace])
    combo = make_product(sites=[palace, tomb])
    make_product(sites=[tomb])

    found = get("/products", site="palace")["items"]

    assert [item["id"] for item in found] == [single.pk, combo.pk]
    assert get("/products", site="nowhere") == {"items": [], "count": 0, "next": None}


def test_what_has_no_price_in_force_or_is_not_on_sale_is_not_offered() -> None:
    today = day_of(timezone.now())
    make_product(on_sale=False)
    make_product(price=None)
    future, past = make_product(price=None), make_product(price=None)
    make_tariff(product=future, effective_from=today + timedelta(days=1))
    make_tariff(product=past, effective_from=today - timedelta(days=9), effective_to=today)

    assert get("/products")["items"] == []


def test_closures_of_the_day_and_notices_stand_before_the_pay_button() -> None:
    today = day_of(timezone.now())
    palace, tomb = make_site(), make_site()
    make_product(sites=[palace, tomb])
    closed(palace, today, "The throne hall is closed.", whole=False)
    closed(tomb, today + timedelta(days=1), "The tomb is closed.")
    notice = Notice.objects.create(site=palace, shows_from=timezone.now() - timedelta(days=1))
    NoticeText.objects.create(notice=notice, language="vi", text="Mặc trang phục lịch sự.")

    (now,) = get("/products", lang="en")["items"]
    (then,) = get("/products", lang="en", date=str(today + timedelta(days=1)))["items"]

    assert now["notices"] == ["The throne hall is closed.", "Mặc trang phục lịch sự."]
    assert then["notices"] == ["Mặc trang phục lịch sự.", "The tomb is closed."]


@pytest.mark.parametrize("products", [1, 3])
def test_the_list_costs_the_same_however_many_products(
    django_assert_num_queries: DjangoAssertNumQueries, *, products: int
) -> None:
    for _ in range(products):
        site = make_site()
        make_product(sites=[site, make_site()])
        closed(site, day_of(timezone.now()), "Closed.")

    with django_assert_num_queries(10):
        assert get("/products")["count"] == products


@pytest.mark.parametrize("products", [1, 3])
def test_passes_on_a_chosen_day_cost_the_same_however_many(
    django_assert_num_queries: DjangoAssertNumQueries, *, products: int
) -> None:
    for _ in range(products):
        sites = [make_site(), make_site(), make_site()]
        make_pass(sites=sites, sites_limit=2, use_within_minutes=240, in_order=True)

    with django_assert_num_queries(10):
        found = get("/products", date=str(day_of(timezone.now())))

    assert found["count"] == products
    assert all(product["rules"] for product in found["items"])


def test_the_days_of_a_product_have_their_reason_in_words() -> None:
    tomorrow = day_of(timezone.now()) + timedelta(days=1)
    site = make_site(slug="palace")
    product = make_product(sites=[site])
    closed(site, tomorrow, "Restoration.")

    answer = get(
        f"/products/{product.pk}/availability",
        lang="en",
        **{"from": str(tomorrow - timedelta(days=2)), "to": str(tomorrow + timedelta(days=1))},
    )

    assert answer["count"] == 4
    assert [(day["status"], day["reason"]) for day in answer["items"]] == [
        ("closed", {"code": "past", "text": "This day is over."}),
        ("available", None),
        ("closed", {"code": "closure", "text": "Restoration."}),
        ("available", None),
    ]
    assert answer["items"][2] == {
        "id": str(tomorrow),
        "visit_date": str(tomorrow),
        "slot_id": None,
        "starts_at": f"{tomorrow}T00:00:00+07:00",
        "ends_at": f"{tomorrow + timedelta(days=1)}T00:00:00+07:00",
        "status": "closed",
        "remaining": None,
        "reason": {"code": "closure", "text": "Restoration."},
        "closed_sites": ["palace"],
        "notices": ["Restoration."],
    }


@pytest.mark.parametrize(
    ("first", "last", "status"),
    [
        ("2027-01-01", "2027-04-02", 200),
        ("2027-01-01", "2027-04-03", 422),
        ("2027-01-02", "2027-01-01", 422),
        ("9999-12-31", "9999-12-31", 422),
        ("0001-01-01", "0001-01-01", 422),
        ("tomorrow", "2027-01-01", 422),
    ],
)
def test_a_range_is_one_to_92_days_that_can_be_meant(first: str, last: str, status: int) -> None:
    product = make_product()
    query = {"from": first, "to": last}

    response = Client().get(f"/api/v1/products/{product.pk}/availability", query)

    assert response.status_code == status
    if status != 200:
        assert response.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_product_has_no_days() -> None:
    query = {"from": "2027-01-01", "to": "2027-01-01"}

    assert Client().get("/api/v1/products/99/availability", query).status_code == 404
    assert Client().get("/api/v1/products/0/availability", query).status_code == 422
