"""The console of prices: the organisation's own people, and nobody else's products."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sites.models import Membership, Organisation, User
from tests.factories import make_category, make_organisation, make_product, make_site
from ticketing.models import FreeDay, FreeDayList, Product, RevenueSplit, Tariff, TariffEvent

pytestmark = pytest.mark.django_db

PAGES = ["tariff", "tariffevent", "freeday", "product", "revenuesplit", "revenueshare"]


def make_manager(name: str, *, organisation: Organisation | None = None) -> User:
    user = User.objects.create(username=name, is_staff=True)
    Membership.objects.create(
        user=user,
        role=Membership.Role.MANAGER,
        organisation=organisation or make_organisation(),
    )
    return user


def signed_in(user: User) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(user)
    return client


def make_foreign_product() -> Product:
    product = make_product(slug="foreign", price=100_000)
    Product.objects.filter(pk=product.pk).update(organisation=make_organisation(slug="others"))
    return product


def page(model: str, kind: str = "changelist", *args: object) -> str:
    return reverse(f"admin:ticketing_{model}_{kind}", args=args)


def proposal(product: Product, **changed: Any) -> dict[str, Any]:
    return {
        "product": product.pk,
        "category": make_category().pk,
        "amount": 220_000,
        "revenue_kind": "state_fee",
        "effective_from": "2027-01-01",
        "effective_to": "",
        "legal_basis": "Decision 9/2026",
        "age_from": "",
        "age_until": "",
    } | changed


@pytest.mark.parametrize("model", PAGES)
def test_every_page_opens_for_managers_and_not_for_strangers(model: str) -> None:
    make_product()
    stranger = User.objects.create(username="stranger", is_staff=True)

    assert signed_in(make_manager("an")).get(page(model)).status_code == 200
    assert signed_in(stranger).get(page(model)).status_code == 403
    assert Client().get(page(model)).status_code == 302


def test_one_manager_proposes_and_another_approves() -> None:
    product = make_product(price=200_000)
    an, binh = signed_in(make_manager("an")), signed_in(make_manager("binh"))

    assert an.post(page("tariff", "add"), proposal(product)).status_code == 302
    tariff = Tariff.objects.get(amount=220_000)
    action = {"action": "approve_selected", "_selected_action": [tariff.pk]}
    own = an.post(page("tariff"), action, follow=True)
    tariff.refresh_from_db()

    assert "Another person has to approve" in own.content.decode()
    assert tariff.approved_by == ""
    assert "1 price approved" in binh.post(page("tariff"), action, follow=True).content.decode()
    tariff.refresh_from_db()
    assert tariff.approved_by == "binh"
    assert set(TariffEvent.objects.values_list("what", "by__username")) == {
        ("proposed", "an"),
        ("approved", "binh"),
        ("superseded", "binh"),
    }


def test_an_approved_version_has_no_form_to_change_it() -> None:
    make_product(price=200_000)
    tariff = Tariff.objects.get()
    an = signed_in(make_manager("an"))

    assert an.get(page("tariff", "change", tariff.pk)).status_code == 200
    assert an.post(page("tariff", "change", tariff.pk), {"amount": 1}).status_code == 403
    assert an.post(page("tariff", "delete", tariff.pk), {"post": "yes"}).status_code == 403
    tariff.refresh_from_db()
    assert tariff.amount == 200_000


def test_a_price_above_the_law_is_refused_by_the_form() -> None:
    product = make_product(price=200_000)
    child = make_category(code="child")

    answer = signed_in(make_manager("an")).post(
        page("tariff", "add"), proposal(product, category=child.pk, amount=999_999)
    )

    assert answer.status_code == 200
    assert "more than the law allows" in answer.content.decode()
    assert Tariff.objects.count() == 1


def test_products_of_other_organisations_are_not_there() -> None:
    own, foreign = make_product(price=200_000), make_foreign_product()
    theirs = Tariff.objects.get(product=foreign)
    an = signed_in(make_manager("an"))

    listed = an.get(page("tariff")).context["cl"].result_list
    assert {tariff.product for tariff in listed} == {own}
    assert an.get(page("tariff", "change", theirs.pk)).status_code == 404
    assert an.get(page("product", "change", foreign.pk)).status_code == 404
    assert an.get(page("tariff", "preview"), {"product": "foreign"}).status_code == 404
    assert an.post(page("tariff", "add"), proposal(foreign)).status_code == 200
    Tariff.objects.filter(pk=theirs.pk).update(approved_by="")
    action = {"action": "approve_selected", "_selected_action": [theirs.pk]}
    an.post(page("tariff"), action)
    theirs.refresh_from_db()
    assert theirs.approved_by == ""
    assert Tariff.objects.count() == 2


def test_an_auditor_reads_and_changes_nothing() -> None:
    product = make_product(price=200_000)
    user = User.objects.create(username="auditor", is_staff=True)
    Membership.objects.create(
        user=user, role=Membership.Role.AUDITOR, organisation=make_organisation()
    )
    client = signed_in(user)

    assert client.get(page("tariff")).status_code == 200
    assert client.post(page("tariff", "add"), proposal(product)).status_code == 403
    assert client.post(page("product", "change", product.pk), {}).status_code == 403
    assert client.get(page("tariff", "preview")).status_code == 200


def test_the_preview_shows_every_category_and_what_would_change() -> None:
    product = make_product(slug="palace", price=200_000)
    an = signed_in(make_manager("an"))
    an.post(page("tariff", "add"), proposal(product))

    shown = an.get(page("tariff", "preview"), {"product": "palace", "day": "2027-01-01"})

    text = shown.content.decode()
    assert "200,000 ₫" in text
    assert "220,000 ₫" in text
    assert an.get(page("tariff", "preview"), {"day": "yesterday"}).status_code == 200


def test_a_free_day_is_entered_with_its_gregorian_date() -> None:
    days = FreeDayList.objects.create(slug="monuments", organisation=make_organisation())
    theirs = FreeDayList.objects.create(
        slug="theirs", organisation=make_organisation(slug="others")
    )
    an = signed_in(make_manager("an"))
    day = {
        "list": days.pk,
        "code": "tet-1-2027",
        "category": make_category(code="citizen_free_day").pk,
        "day": "2027-02-06",
        "effective_from": "2027-01-01",
        "legal_basis": "Decision 9/2026",
        "texts-TOTAL_FORMS": 1,
        "texts-INITIAL_FORMS": 0,
        "texts-0-language": "en",
        "texts-0-name": "Lunar New Year's Day 2027",
    }

    assert an.post(page("freeday", "add"), day).status_code == 302
    assert an.post(page("freeday", "add"), day | {"list": theirs.pk}).status_code == 200
    found = FreeDay.objects.get()
    assert (found.list, found.day, found.texts.get().name) == (
        days,
        date(2027, 2, 6),
        "Lunar New Year's Day 2027",
    )


def test_rules_and_splits_are_set_by_the_manager() -> None:
    sites = [make_site(), make_site()]
    product = make_product(sites=sites, price=200_000)
    an = signed_in(make_manager("an"))
    entitlements = list(product.entitlements.order_by("pk"))
    rules: dict[str, Any] = {
        "on_sale": "on",
        "validity_mode": "from_date",
        "validity_days": 2,
        "sites_limit": 1,
        "entry_policy": 1,
        "texts-TOTAL_FORMS": 0,
        "texts-INITIAL_FORMS": 0,
        "entitlements-TOTAL_FORMS": 2,
        "entitlements-INITIAL_FORMS": 2,
    }
    for number, entitlement in enumerate(entitlements):
        rules[f"entitlements-{number}-id"] = entitlement.pk
        rules[f"entitlements-{number}-position"] = 2 - number
    split = {
        "product": product.pk,
        "method": "weighted",
        "effective_from": "2026-01-01",
        "basis": "Agreement 1",
        "weights-TOTAL_FORMS": 1,
        "weights-INITIAL_FORMS": 0,
        "weights-0-site": sites[0].pk,
        "weights-0-weight": 3,
    }

    assert an.post(page("product", "change", product.pk), rules).status_code == 302
    assert an.post(page("revenuesplit", "add"), split).status_code == 302

    product.refresh_from_db()
    assert (product.sites_limit, product.validity_days) == (1, 2)
    assert [one.site for one in product.entitlements.order_by("position")] == sites[::-1]
    assert RevenueSplit.objects.get().weights.get().weight == 3
