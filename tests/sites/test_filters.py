"""What visitors choose places by, beside words, point and hours."""

from datetime import datetime, timedelta

import pytest

from sites.domain.catalogue import Filters, list_places
from sites.domain.opening import TIMEZONE, end_of_day
from sites.domain.showing import leave_with_place
from sites.models import Closure, HeritageSite
from tests.factories import make_site

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 3, 2, 9, tzinfo=TIMEZONE)
DAY = "Mo-Su 07:00-17:30"


def found(filters: Filters) -> set[str]:
    page = list_places(filters=filters, speaking="vi", limit=50, after=None, at=MORNING)
    assert page.count == len(page.cards)
    ids = [card.id for card in page.cards]
    return set(HeritageSite.objects.filter(pk__in=ids).values_list("slug", flat=True))


def make_known(slug: str, **facts: bool) -> HeritageSite:
    site = make_site(slug=slug)
    HeritageSite.objects.filter(pk=site.pk).update(**facts)
    return site


@pytest.mark.parametrize(
    ("filters", "fact"),
    [
        (Filters(free=True), {"charges_entry": False}),
        (Filters(step_free=True), {"step_free": True}),
    ],
)
def test_only_what_is_known_counts(filters: Filters, fact: dict[str, bool]) -> None:
    make_known("known", **fact)
    make_known("against", **{name: not value for name, value in fact.items()})
    make_site(slug="unknown")

    assert found(filters) == {"known"}


def test_a_guide_counts_in_the_languages_in_which_it_can_be_heard() -> None:
    guides = [{"id": 1, "languages": ["vi", "de"]}, {"id": 2, "languages": ["ja"]}]
    leave_with_place(site_id=make_site(slug="guided").pk, kind="guides", shown=guides)
    make_site(slug="silent")

    assert found(Filters(guide_language="ja")) == found(Filters(guide_language="de")) == {"guided"}
    assert found(Filters(guide_language="fr")) == set()


def test_a_tour_that_was_taken_back_does_not_count() -> None:
    tour = {"url": "/tours/1", "titles": {}, "scenes": 3}
    leave_with_place(site_id=make_site(slug="toured").pk, kind="virtual_tour", shown=tour)
    leave_with_place(site_id=make_site(slug="taken-back").pk, kind="virtual_tour", shown=None)

    assert found(Filters(has_tour=True)) == {"toured"}


@pytest.mark.parametrize(
    ("hours", "at", "is_found"),
    [
        (DAY, MORNING, True),
        (DAY, MORNING.replace(hour=5), True),
        (DAY, MORNING.replace(hour=18), False),
        ("", MORNING, False),
    ],
)
def test_tickets_today_needs_doors_that_open_before_midnight(
    hours: str, at: datetime, *, is_found: bool
) -> None:
    make_site(slug="sold", opening_hours=hours)
    make_site(slug="not-sold", opening_hours="24/7", ticketed=False)

    assert found(Filters(tickets_from=at)) == ({"sold"} if is_found else set())


@pytest.mark.parametrize(("hours_closed", "is_found"), [(3, True), (24, False)])
def test_a_closure_of_the_whole_day_takes_the_place_off(
    hours_closed: int, *, is_found: bool
) -> None:
    site = make_site(slug="sold", opening_hours=DAY)
    Closure.objects.create(
        site=site,
        starts_at=MORNING - timedelta(hours=1),
        ends_at=MORNING + timedelta(hours=hours_closed),
        whole_site=True,
    )

    assert found(Filters(tickets_from=MORNING)) == ({"sold"} if is_found else set())


def test_a_day_ends_at_midnight_in_hue() -> None:
    assert end_of_day(MORNING) == datetime(2026, 3, 3, tzinfo=TIMEZONE)
