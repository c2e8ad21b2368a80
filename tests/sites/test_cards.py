"""What lists read is what texts, photos and places say."""

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connection

from sites.domain.cards import write_cards
from sites.domain.synthetic import make_synthetic_places, refresh_statistics
from sites.models import HeritageSite, Photo, SiteText
from tests.sites.asking import ask, make_place

pytestmark = pytest.mark.django_db


def test_cards_say_what_their_sources_say() -> None:
    site = make_place("one", names={"vi": 'Một "hai"', "en": "One"})
    Photo.objects.create(
        site=site, image="photos/late.jpg", width=1, height=1, credit="A", licence="B", position=2
    )
    Photo.objects.create(
        site=site, image="photos/first.jpg", width=1, height=1, credit="A", licence="B", position=1
    )
    bare = HeritageSite.objects.create(slug="bare", category="temple")

    write_cards(site_ids=[site.pk, bare.pk])

    site.refresh_from_db()
    bare.refresh_from_db()
    assert json.loads(site.names) == {"vi": 'Một "hai"', "en": "One"}
    assert site.languages == ["en", "vi"]
    assert site.thumbnail == "/media/photos/first.jpg"
    assert (json.loads(bare.names), bare.languages, bare.thumbnail) == ({}, [], "")


def test_a_right_card_is_not_written_again() -> None:
    site = make_place("one")

    assert write_cards(site_ids=[site.pk]) == 0
    SiteText.objects.filter(site=site).update(name="Khác")
    assert write_cards() == 1
    assert write_cards() == 0


def test_the_ready_members_of_a_place_are_json_whatever_it_is_called() -> None:
    site = make_place("odd", at=(-0.5, 1e-7), names={"vi": "x"})
    HeritageSite.objects.filter(pk=site.pk).update(
        location_credit='"quoted" \\ and\n©', location_error_m=None
    )

    [item] = ask("/sites")["items"]

    assert item["location"] == {"lat": -0.5, "lon": 1e-7}
    assert item["location_credit"] == '"quoted" \\ and\n©'
    assert item["location_error_m"] is None


def test_made_up_places_have_right_cards_and_go_away_again() -> None:
    real = make_place("real")
    make_synthetic_places(count=50, seed=1)

    assert HeritageSite.objects.filter(slug__startswith="synthetic-").count() == 50
    assert write_cards() == 0
    first = list(HeritageSite.objects.order_by("slug").values_list("slug", "names"))
    make_synthetic_places(count=50, seed=1)
    assert list(HeritageSite.objects.order_by("slug").values_list("slug", "names")) == first
    make_synthetic_places(count=0, seed=1)
    assert list(HeritageSite.objects.all()) == [real]


def test_made_up_places_refuse_production(settings: LazySettings) -> None:
    settings.MODE = "production"

    with pytest.raises(CommandError, match="production"):
        call_command("make_synthetic_places", count=1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_with_a_whole_country_every_list_goes_by_its_index() -> None:
    make_synthetic_places(count=100_000, seed=1)
    refresh_statistics()

    assert "site_text_folded_trgm" in plan("q=chua an binh")
    assert "site_location_gist" in plan("near=16.4,107.5")
    assert "Seq Scan on heritage_sites_heritagesite" not in plan("near=16.4,107.5")
    assert "site_point_gist" in plan("bbox=107,16,107.5,16.5")
    assert "site_in_order" in plan("limit=20")
    assert "site_by_category" in plan("category=pagoda")


def plan(question: str) -> str:
    """How PostgreSQL answers a list, without the count, which is remembered."""
    params: dict[str, Any] = dict(part.split("=", 1) for part in question.split("&"))
    ask("/sites", **params)
    statements: list[tuple[str, Any]] = []

    def explain(execute, sql, values, many, context):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 # Django's hook
        statements.append((sql, values))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(explain):
        ask("/sites", **params, lang="en")
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + statements[-1][0], statements[-1][1])
        return "\n".join(row[0] for row in cursor.fetchall())
