"""On which days somebody can come: closures, opening hours, and the rest of today."""

from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from sites.models import Closure, HeritageSite
from tests.factories import OPENING, make_product, make_site
from ticketing.domain.availability import Day, WhyClosed
from ticketing.domain.openings import openings_of_product
from ticketing.domain.visit_days import VIETNAM, day_of, start_of
from ticketing.models import Product

TODAY = day_of(OPENING)  # a Sunday
TOMORROW = TODAY + timedelta(days=1)
DAILY = "Mo-Su 07:00-17:30"
NOT_ON_MONDAY = "Tu-Su 07:30-16:30"


def close(
    site: HeritageSite, starts_at: datetime, ends_at: datetime | None, *, whole: bool = True
) -> Closure:
    return Closure.objects.create(site=site, starts_at=starts_at, ends_at=ends_at, whole_site=whole)


def days(product: Product, count: int = 1, *, first: date = TOMORROW) -> list[Day]:
    last = first + timedelta(days=count - 1)
    openings = openings_of_product(product_id=product.pk, first=first, last=last, at=OPENING)
    return [opening.day for opening in openings]


@pytest.mark.django_db
def test_a_day_without_closure_is_open_and_the_past_is_over() -> None:
    product = make_product()

    assert days(product, 3, first=TODAY - timedelta(days=1)) == [
        Day(TODAY - timedelta(days=1), WhyClosed.PAST),
        Day(TODAY, None),
        Day(TOMORROW, None),
    ]


@pytest.mark.django_db
def test_a_weekday_without_hours_is_closed() -> None:
    product = make_product(sites=[make_site(slug="museum", opening_hours=NOT_ON_MONDAY)])

    monday, tuesday = days(product, 2)

    assert monday == Day(TOMORROW, WhyClosed.OPENING_HOURS, closed_sites=("museum",))
    assert tuesday.closed is None


@pytest.mark.django_db
@pytest.mark.parametrize("hours", ["", DAILY])
def test_a_closure_that_covers_the_day_closes_it_with_or_without_known_hours(hours: str) -> None:
    site = make_site(slug="palace", opening_hours=hours)
    closure = close(site, start_of(TOMORROW), start_of(TOMORROW + timedelta(days=1)))

    closed, open_ = days(make_product(sites=[site]), 2)

    assert closed == Day(TOMORROW, WhyClosed.CLOSURE, (closure.pk,), ("palace",))
    assert open_ == Day(TOMORROW + timedelta(days=1), None)


@pytest.mark.django_db
def test_a_closure_of_all_opening_hours_closes_the_day() -> None:
    site = make_site(opening_hours=DAILY)
    close(
        site,
        datetime(2026, 11, 23, 6, 0, tzinfo=VIETNAM),
        datetime(2026, 11, 23, 18, 0, tzinfo=VIETNAM),
    )

    assert days(make_product(sites=[site]))[0].closed == WhyClosed.CLOSURE


@pytest.mark.django_db
def test_a_closure_of_an_afternoon_or_of_a_part_is_said_but_leaves_the_day_open() -> None:
    site = make_site(opening_hours=DAILY)
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=VIETNAM)
    afternoon = close(site, noon, noon + timedelta(days=1))
    close(site, start_of(TODAY), None, whole=False)

    (day,) = days(make_product(sites=[site]))

    assert day == Day(TOMORROW, None, (afternoon.pk,))


@pytest.mark.django_db
def test_a_closure_until_further_notice_closes_every_day() -> None:
    site = make_site(opening_hours=DAILY)
    close(site, OPENING - timedelta(days=100), None)

    assert {day.closed for day in days(make_product(sites=[site]), 92)} == {WhyClosed.CLOSURE}


@pytest.mark.django_db
def test_a_combo_is_open_while_one_place_is_and_names_the_closed_ones() -> None:
    palace, museum = make_site(slug="palace"), make_site(slug="museum")
    product = make_product(sites=[palace, museum])
    until = start_of(TOMORROW + timedelta(days=1))
    first = close(palace, start_of(TOMORROW), until)

    assert days(product) == [Day(TOMORROW, None, (first.pk,), ("palace",))]
    second = close(museum, start_of(TOMORROW), until)
    assert days(product) == [
        Day(TOMORROW, WhyClosed.CLOSURE, (first.pk, second.pk), ("palace", "museum"))
    ]


@pytest.mark.django_db
def test_today_is_closed_once_the_doors_are() -> None:
    product = make_product(sites=[make_site(slug="palace", opening_hours=DAILY)])
    evening = datetime(2026, 11, 22, 18, 0, tzinfo=VIETNAM)

    (today,) = openings_of_product(product_id=product.pk, first=TODAY, last=TODAY, at=evening)

    assert today.day == Day(TODAY, WhyClosed.OPENING_HOURS, closed_sites=("palace",))


@pytest.mark.django_db
@pytest.mark.parametrize("places", [1, 3])
def test_any_range_and_number_of_places_is_two_queries(
    django_assert_num_queries: DjangoAssertNumQueries, *, places: int
) -> None:
    sites = [make_site(opening_hours=DAILY) for _ in range(places)]
    product = make_product(sites=sites)
    for site in sites:
        close(site, start_of(TOMORROW), None)

    # The places with their closures, and whether anybody counts.
    with django_assert_num_queries(2):
        days(product, 92)
