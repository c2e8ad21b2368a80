"""A demonstration shows what no place sells yet: a time, and a pass without a day."""

import pytest

from backend.demo_samples import PASS, PLACES_OF_PASS, SHOW, SHOWS, make_samples
from tests.factories import OPENING, make_category, make_site
from ticketing.domain.offers import offers
from ticketing.models import Slot

pytestmark = pytest.mark.django_db


def test_the_samples_are_made_once_and_say_what_they_are() -> None:
    for slug in PLACES_OF_PASS:
        make_site(slug=slug)
    make_category()

    make_samples(at=OPENING)
    times = Slot.objects.count()
    made = make_samples(at=OPENING)

    assert [product.slug for product in made] == [SHOW.slug, PASS.slug]
    assert [offer.name for offer in offers(at=OPENING, language="en")] == [SHOW.en, PASS.en]
    assert all("Sample" in product.en and "mẫu" in product.vi for product in (SHOW, PASS))
    assert Slot.objects.count() == times >= len(SHOWS)


def test_an_installation_without_places_has_no_samples() -> None:
    assert make_samples(at=OPENING) == []
