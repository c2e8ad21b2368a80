"""Places to ask for, and asking for them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.contrib.gis.geos import Point
from django.test import Client

from sites.domain.cards import write_cards
from sites.models import HeritageSite, SiteText


def make_place(
    slug: str,
    *,
    at: tuple[float, float] | None = None,
    names: Mapping[str, str] | None = None,
    category: str = "temple",
    tier: int = 2,
    opening_hours: str = "",
    published: bool = True,
) -> HeritageSite:
    """A place with its card; `at` is latitude and longitude."""
    site = HeritageSite.objects.create(
        slug=slug,
        category=category,
        tier=tier,
        location=Point(at[1], at[0], srid=4326) if at else None,
        location_credit="surveyed" if at else "",
        opening_hours=opening_hours,
        published=published,
    )
    for language, name in (names or {"vi": slug}).items():
        SiteText.objects.create(site=site, language=language, name=name)
    write_cards(site_ids=[site.pk])
    return site


def ask(path: str, *, status: int = 200, **params: Any) -> Any:
    """Answer of the API, as JSON."""
    query = "&".join(f"{key}={quote(str(value), safe=',:')}" for key, value in params.items())
    response = Client().get(f"/api/v1{path}?{query}")
    assert response.status_code == status, response.content
    return response.json()


def slugs(**params: Any) -> list[str]:
    return [item["slug"] for item in ask("/sites", **params)["items"]]


def every_page(path: str, **params: Any) -> list[Any]:
    """All pages of a list, by following `next`."""
    pages = [ask(path, **params)]
    while pages[-1]["next"]:
        pages.append(Client().get(pages[-1]["next"]).json())
    return pages
