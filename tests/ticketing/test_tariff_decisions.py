"""Who pays what by the tariff that ships: a table for the office that sets the fees."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from sites.domain.catalogue_data import read_catalogue
from sites.domain.catalogue_loading import load_catalogue
from tests.ticketing.test_tariff_data import PRICES
from ticketing.domain.pricing import Priced, Visit, WhyUnpriced, age_on
from ticketing.domain.tariff_book import price_of
from ticketing.domain.tariff_data import load_tariffs
from ticketing.domain.visit_days import VIETNAM

pytestmark = pytest.mark.django_db

DAI_NOI, GIA_LONG, HAI_VAN = "single-dai-noi", "single-gia-long", "single-hai-van-quan"
TET_2026 = "2026-02-17"
SOME_DAY = "2026-12-01"
IN_NOVEMBER = "2026-11-22T08:00:00+07:00"
NQ_55 = "NQ 55/2025/NQ-HĐND, 10/12/2025"
NQ_27 = "NQ 27/2024/NQ-HĐND, 15/11/2024"
NQ_14 = "NQ 14/2019/NQ-HĐND; QĐ 57/2019/QĐ-UBND"
NQ_22 = "NQ 22/2022/NQ-HĐND, 26/10/2022"


@pytest.fixture(autouse=True)
def shipped() -> None:
    load_catalogue(catalogue=read_catalogue())
    load_tariffs()


def asked(
    product: str,
    category: str,
    *,
    age: int | None = None,
    citizen: bool = False,
    on: str = SOME_DAY,
    at: str = IN_NOVEMBER,
    quantity: int = 1,
) -> tuple[int, str]:
    """What has to be paid, and the rule; nothing but the reason where there is no price."""
    visit = Visit(
        category=category,
        age=age,
        citizen=citizen,
        visit_date=date.fromisoformat(on),
        bought_at=datetime.fromisoformat(at),
        quantity=quantity,
    )
    found = price_of(slug=product, visit=visit)
    assert isinstance(found, Priced), found
    return found.amount, found.rule


def test_every_published_price_is_asked() -> None:
    for product, (adult, child) in PRICES.items():
        assert asked(product, "adult") == (adult, "adult")
        assert asked(product, "child", age=9) == (child, "child")
        assert asked(product, "child") == (child, "child")
        assert asked(product, "infant", age=3)[0] == 0
        assert asked(product, "guide") == (0, "guide")
        assert asked(product, "severely_disabled") == (0, "severely_disabled")
        for half in ("disabled", "priority", "poor_household", "resident", "student"):
            assert asked(product, half) == (adult // 2, half)
        assert asked(product, "elderly", age=60, citizen=True) == (adult // 2, "elderly")
        assert asked(product, "adult", quantity=25) == (25 * adult, "adult")


def test_the_age_is_that_of_the_visit_date() -> None:
    for age, expected in {
        0: (0, "infant"),
        6: (0, "infant"),
        7: (40_000, "child"),
        12: (40_000, "child"),
        13: (200_000, "adult"),
    }.items():
        assert asked(DAI_NOI, "child", age=age) == expected
        assert asked(DAI_NOI, "adult", age=age) == expected


def test_hai_van_quan_draws_the_line_at_13_alone() -> None:
    assert {age: asked(HAI_VAN, "child", age=age)[0] for age in (0, 6, 7, 12, 13)} == {
        0: 0,
        6: 0,
        7: 0,
        12: 0,
        13: 70_000,
    }


def test_elderly_are_vietnamese_citizens_from_full_60() -> None:
    assert asked(DAI_NOI, "elderly", age=59, citizen=True) == (200_000, "adult")
    assert asked(DAI_NOI, "elderly", age=60, citizen=True) == (100_000, "elderly")
    assert asked(DAI_NOI, "elderly", age=60) == (200_000, "adult")
    assert asked(DAI_NOI, "elderly", citizen=True) == (100_000, "elderly")
    assert asked(DAI_NOI, "adult", age=60, citizen=True) == (100_000, "elderly")


def test_two_reasons_make_one_reduction() -> None:
    assert asked(DAI_NOI, "student", age=65, citizen=True) == (100_000, "student")
    assert asked(DAI_NOI, "elderly", age=65, citizen=True) == (100_000, "elderly")
    assert asked(DAI_NOI, "disabled", age=10) == (40_000, "child")
    assert asked(DAI_NOI, "disabled", age=65, citizen=True) == (100_000, "disabled")


FREE_DAYS = {
    TET_2026: True,
    "2026-02-16": False,
    "2026-02-18": False,
    # Three days of Tết until 2024, one since.
    "2022-02-01": True,
    "2023-01-24": True,
    "2023-01-25": False,
    "2024-02-09": False,
    "2024-02-12": True,
    "2025-01-29": True,
    "2025-01-30": False,
    "2027-02-06": True,
    "2027-02-07": False,
    "2026-03-26": True,
    "2025-08-18": False,
    "2025-08-19": True,
    "2026-08-19": True,
    "2026-09-02": True,
    "2025-11-23": True,
    "2026-11-23": True,
    "2027-11-23": True,
    "2024-09-02": True,
    "2024-11-23": False,
    "2028-02-29": False,
}


def test_citizens_are_free_on_the_days_of_the_list_and_foreigners_pay() -> None:
    at = "2024-06-01T08:00:00+07:00"
    for day, free in FREE_DAYS.items():
        citizen = (0, "citizen_free_day") if free else (200_000, "adult")

        assert asked(DAI_NOI, "adult", citizen=True, on=day, at=at) == citizen, day
        assert asked(DAI_NOI, "citizen_free_day", citizen=True, on=day, at=at) == citizen, day
        assert asked(DAI_NOI, "adult", on=day, at=at) == (200_000, "adult"), day
        assert asked(DAI_NOI, "citizen_free_day", on=day, at=at) == (200_000, "adult"), day


def test_a_free_day_is_for_combos_too_but_not_for_hai_van_quan() -> None:
    assert asked("combo-all", "adult", citizen=True, on="2026-09-02")[0] == 0
    assert asked(HAI_VAN, "adult", citizen=True, on="2026-09-02")[0] == 70_000
    # A child of Gia Long's tomb needs no free day.
    assert asked(GIA_LONG, "child", age=8, citizen=True, on="2026-09-02") == (0, "child")


LAW_AT = {
    "2020-01-01T00:00:00+07:00": NQ_14,
    "2022-12-31T16:59:59+00:00": NQ_14,
    "2023-01-01T00:00:00+07:00": NQ_22,
    "2024-02-29T23:59:59+07:00": NQ_22,
    "2024-12-31T23:59:59.999999+07:00": NQ_22,
    "2025-01-01T00:00:00+07:00": NQ_27,
    "2024-12-31T17:00:00+00:00": NQ_27,
    "2025-12-31T23:59:59+07:00": NQ_27,
    "2025-12-31T16:59:59+00:00": NQ_27,
    "2025-12-31T17:00:00+00:00": NQ_55,
    "2026-01-01T00:00:00+07:00": NQ_55,
    "2028-02-29T00:00:00+07:00": NQ_55,
}


def test_midnight_in_viet_nam_at_the_purchase_decides_between_versions() -> None:
    for at, basis in LAW_AT.items():
        for day in ("2025-06-01", "2026-12-01", "2028-02-29"):
            visit = Visit(
                category="adult",
                visit_date=date.fromisoformat(day),
                bought_at=datetime.fromisoformat(at),
            )

            assert price_of(slug=DAI_NOI, visit=visit) == Priced(
                unit_amount=200_000,
                quantity=1,
                rule="adult",
                legal_basis=basis,
                revenue_kind="state_fee",
            ), at


FIRST_VERSIONS = {
    "single-duc-duc": (datetime(2025, 1, 1, tzinfo=VIETNAM), 50_000),
    "single-bao-tang-co-vat": (datetime(2023, 4, 1, tzinfo=VIETNAM), 50_000),
    "single-nam-giao": (datetime(2026, 1, 1, tzinfo=VIETNAM), 50_000),
    "combo-all": (datetime(2020, 1, 1, tzinfo=VIETNAM), 580_000),
    HAI_VAN: (datetime(2026, 6, 2, tzinfo=VIETNAM), 70_000),
}


def test_before_its_first_version_a_product_has_no_price() -> None:
    for product, (first, amount) in FIRST_VERSIONS.items():
        visit = Visit(category="adult", visit_date=first.date(), bought_at=first)
        too_early = replace(visit, bought_at=first - timedelta(microseconds=1))

        found = price_of(slug=product, visit=visit)
        assert isinstance(found, Priced)
        assert found.amount == amount
        assert price_of(slug=product, visit=too_early) == WhyUnpriced.NO_PRICE


# Born on, visit on, years on that day, what a child's ticket costs.
BIRTHDAYS = [
    ("2019-12-02", "2026-12-01", 6, 0),
    ("2019-12-01", "2026-12-01", 7, 40_000),
    ("2013-12-02", "2026-12-01", 12, 40_000),
    ("2013-12-01", "2026-12-01", 13, 200_000),
    # Born on a leap day: a year older on 1 March of a common year, on the day itself otherwise.
    ("2020-02-29", "2027-02-28", 6, 0),
    ("2020-02-29", "2027-03-01", 7, 40_000),
    ("2016-02-29", "2028-02-29", 12, 40_000),
    ("2015-02-28", "2028-02-28", 13, 200_000),
]


@pytest.mark.parametrize(("born", "on", "age", "amount"), BIRTHDAYS)
def test_a_child_turning_7_or_13_on_the_visit_date_pays_as_of_that_day(
    born: str, on: str, age: int, amount: int
) -> None:
    years = age_on(born=date.fromisoformat(born), day=date.fromisoformat(on))

    assert years == age
    assert asked(DAI_NOI, "child", age=years, on=on)[0] == amount


def test_a_combo_is_priced_by_the_same_rules_as_a_single_ticket() -> None:
    assert asked("combo-4", "adult", quantity=3) == (1_590_000, "adult")
    assert asked("combo-4", "child", age=7, quantity=2) == (200_000, "child")
    assert asked("combo-4", "adult", age=6) == (0, "infant")
    assert asked("combo-4", "student", age=65, citizen=True) == (265_000, "student")
    assert asked("combo-4", "adult", citizen=True, on=TET_2026) == (0, "citizen_free_day")
    assert asked("combo-4", "adult", on=TET_2026) == (530_000, "adult")
    assert asked("combo-2-bt-ad", "child", age=9) == (0, "child")
