"""The tariff that ships: the real prices of 2026, loaded once however often it is loaded."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

from sites.domain.catalogue_data import read_catalogue
from sites.domain.catalogue_loading import load_catalogue
from sites.models import Language
from tests.at_once import at_once
from tests.factories import make_tariff
from ticketing.domain.tariff_book import in_force, prices_on
from ticketing.domain.tariff_data import TARIFFS, Loaded, PlacesMissing, load_tariffs
from ticketing.models import (
    Entitlement,
    Product,
    ProductText,
    Tariff,
    VisitorCategory,
    VisitorCategoryText,
)

NEW_YEAR = date(2026, 1, 1)
HAI_VAN = date(2026, 6, 2)
TODAY = date(2026, 11, 22)
# What a visitor pays, adult and child, as published.
PRICES = {
    "single-dai-noi": (200_000, 40_000),
    "single-minh-mang": (150_000, 30_000),
    "single-tu-duc": (150_000, 30_000),
    "single-khai-dinh": (150_000, 30_000),
    "single-gia-long": (150_000, 0),
    "single-dong-khanh": (100_000, 0),
    "single-thieu-tri": (50_000, 0),
    "single-hon-chen": (50_000, 0),
    "single-an-dinh": (50_000, 0),
    "single-nam-giao": (50_000, 0),
    "single-bao-tang-co-vat": (50_000, 0),
    "single-duc-duc": (50_000, 0),
    "single-hai-van-quan": (70_000, 0),
    "combo-3-mm-kd": (420_000, 80_000),
    "combo-3-td-kd": (420_000, 80_000),
    "combo-3-td-mm": (420_000, 80_000),
    "combo-4": (530_000, 100_000),
    "combo-all": (600_000, 120_000),
    "combo-2-mm-gl": (240_000, 30_000),
    "combo-2-dk-td": (200_000, 30_000),
    "combo-2-bt-ad": (80_000, 0),
}
# Before 2026: what has no price then, and what cost something else.
NOT_BEFORE_2026 = {"single-nam-giao", "combo-2-mm-gl", "combo-2-dk-td", "combo-2-bt-ad"}
OTHER_BEFORE_2026 = {"combo-all": (580_000, 110_000)}
# Before 2023: what had no price of its own, and what cost less.
NOT_BEFORE_2023 = NOT_BEFORE_2026 | {"single-bao-tang-co-vat", "single-duc-duc"}
OTHER_BEFORE_2023 = OTHER_BEFORE_2026 | {
    "single-gia-long": (50_000, 0),
    "single-dong-khanh": (50_000, 0),
}
LATER = {"single-thieu-tri", "single-an-dinh", "single-bao-tang-co-vat", "single-duc-duc"}


@pytest.fixture
def places(db: None) -> None:
    load_catalogue(catalogue=read_catalogue())


def paid_on(day: date) -> dict[str, tuple[int, int]]:
    prices = prices_on(day)
    slugs = dict(Product.objects.values_list("pk", "slug"))
    priced = {product for product, _category in prices}
    return {slugs[pk]: (prices[pk, "adult"].amount, prices[pk, "child"].amount) for pk in priced}


def without(slugs: set[str]) -> dict[str, tuple[int, int]]:
    return {slug: paid for slug, paid in PRICES.items() if slug not in slugs}


@pytest.mark.usefixtures("places")
def test_the_published_prices_are_in_force() -> None:
    loaded = load_tariffs()

    assert isinstance(loaded, Loaded)
    assert loaded.created > 100
    assert paid_on(TODAY) == PRICES
    bases = set(Tariff.objects.filter(in_force(TODAY)).values_list("legal_basis", flat=True))
    assert bases == {"NQ 55/2025/NQ-HĐND, 10/12/2025", "NQ 05/2026"}


@pytest.mark.usefixtures("places")
def test_prices_begin_on_the_day_of_their_decision() -> None:
    load_tariffs()
    hai_van = {"single-hai-van-quan"}

    in_2025 = without(NOT_BEFORE_2026 | hai_van) | OTHER_BEFORE_2026
    from_2020 = without(NOT_BEFORE_2023 | hai_van) | OTHER_BEFORE_2023
    assert paid_on(date(2020, 1, 1) - timedelta(days=1)) == {}
    assert paid_on(date(2020, 1, 1)) == paid_on(date(2022, 12, 31)) == from_2020
    # At three places the decision of 2023 was collected from April; Dục Đức came with 2025.
    assert paid_on(date(2023, 1, 1)) == {
        slug: paid for slug, paid in in_2025.items() if slug not in LATER
    }
    assert paid_on(date(2025, 1, 1)) == paid_on(NEW_YEAR - timedelta(days=1)) == in_2025
    assert paid_on(NEW_YEAR).keys() == PRICES.keys() - hai_van
    assert paid_on(HAI_VAN - timedelta(days=1)).keys() == PRICES.keys() - hai_van
    assert paid_on(HAI_VAN).keys() == PRICES.keys()


@pytest.mark.usefixtures("places")
def test_the_ticket_for_all_places_opens_twelve_for_five_days() -> None:
    load_tariffs()

    everything = Product.objects.get(slug="combo-all")
    opened = set(
        Entitlement.objects.filter(product=everything).values_list("site__slug", flat=True)
    )
    singles = set(
        Entitlement.objects.filter(product__kind="single").values_list("site__slug", flat=True)
    )
    assert everything.validity_days == 5
    assert opened == singles - {"hai-van-quan"}
    assert len(opened) == 12


@pytest.mark.usefixtures("places")
def test_a_second_load_changes_nothing_and_keeps_what_a_manager_added() -> None:
    load_tariffs()
    palace = Product.objects.get(slug="single-dai-noi")
    ProductText.objects.create(product=palace, language="fr", name="Cité impériale")
    Product.objects.filter(slug="combo-4").update(on_sale=False)

    assert load_tariffs() == Loaded(created=0, changed=0)
    assert ProductText.objects.filter(language="fr").exists()
    assert not Product.objects.get(slug="combo-4").on_sale


@pytest.mark.usefixtures("places")
def test_a_corrected_file_corrects_the_row(tmp_path: Path) -> None:
    load_tariffs()
    data: dict[str, Any] = yaml.safe_load(TARIFFS.read_text(encoding="utf-8"))
    data["products"][0]["prices"]["adult"] = 210_000
    corrected = tmp_path / "tariffs.yaml"
    data["categories"][0]["name"]["fr"] = "Adultes"
    corrected.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")

    # The full price, six halves of it, and a word.
    assert load_tariffs(corrected) == Loaded(created=0, changed=8)
    halves = Tariff.objects.filter(in_force(TODAY), product__slug="single-dai-noi", amount=105_000)
    assert halves.count() == 6
    assert paid_on(TODAY)["single-dai-noi"] == (210_000, 40_000)


@pytest.mark.usefixtures("places")
def test_versions_that_staff_approved_and_ends_that_they_gave_outlive_a_load() -> None:
    load_tariffs()
    next_year = date(2027, 1, 1)
    shipped = Tariff.objects.filter(
        in_force(TODAY), product__slug="single-dai-noi", category__code="adult"
    )
    shipped.update(effective_to=next_year)
    old = shipped.get()
    make_tariff(
        product=old.product, category=old.category, amount=220_000, effective_from=next_year
    )

    assert load_tariffs() == Loaded(created=0, changed=0)
    assert paid_on(TODAY)["single-dai-noi"] == (200_000, 40_000)
    assert paid_on(next_year)["single-dai-noi"] == (220_000, 40_000)


@pytest.mark.usefixtures("places")
def test_every_category_is_its_own_on_the_scanner_and_three_are_sold_online() -> None:
    load_tariffs()

    numbers = dict(VisitorCategory.objects.values_list("code", "token_code"))
    online = VisitorCategory.objects.filter(sold_online=True).values_list("code", flat=True)
    assert numbers == {
        "adult": 1,
        "child": 2,
        "student": 3,
        "elderly": 4,
        "disabled": 5,
        "severely_disabled": 6,
        "citizen_free_day": 7,
        "guide": 8,
        "infant": 10,
        "priority": 11,
        "poor_household": 12,
        "resident": 13,
        "pupil": 14,
    }
    assert set(online) == {"adult", "child", "citizen_free_day"}
    assert {code for _product, code in prices_on(TODAY)} == {"adult", "child"}
    # Who comes is said in each of the twelve languages.
    words = VisitorCategoryText.objects.exclude(rule="").values_list("category__code", "language")
    assert set(words) == {(code, language) for code in numbers for language in Language.values}


@pytest.mark.django_db
def test_without_its_places_nothing_is_loaded() -> None:
    result = load_tariffs()

    assert isinstance(result, PlacesMissing)
    assert "dai-noi" in result.slugs
    assert Product.objects.count() == 0
    with pytest.raises(CommandError, match="dai-noi"):
        call_command("load_products")


@pytest.mark.usefixtures("places")
def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_products", stdout=StringIO())
    call_command("load_products", stdout=StringIO())

    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Products and prices: 0 rows made, 0 changed.",
        "Rules of changes: 0 rows made, 0 changed.",
    ]


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_load_once() -> None:
    load_catalogue(catalogue=read_catalogue())

    results = at_once(lambda _: load_tariffs(), range(2))

    assert Loaded(created=0, changed=0) in results
    assert Product.objects.count() == 21
