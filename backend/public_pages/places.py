"""The page of one place and the list of places, as plain text with links."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from babel.dates import format_date, format_time
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from backend.public_pages.page import LANGUAGES, PublicPage
from backend.public_pages.structured import attraction
from sites.domain.catalogue import Filters, list_places
from sites.domain.closures import whole_closures_ahead
from sites.domain.languages import any_language
from sites.domain.opening import TIMEZONE
from sites.domain.places import find_place
from sites.models import HeritageSite
from sites.schemas.place_details import place_detail
from sites.schemas.places import place_text
from ticketing.domain.offers import offers
from ticketing.domain.spoken import amount_text
from ticketing.schemas.products import ProductOut, products_out

LISTED = 60
LIST_ADDRESS = "/api/v1/sites"
# As many as the app asks for.
ASKED_FIRST = 20
DESCRIPTION_LETTERS = 155


def place_page(*, slug: str, language: str, named: bool, at: datetime) -> PublicPage | None:
    """A published place; nothing for any other slug."""
    found = find_place(slug=slug, at=at)
    if found is None:
        return None
    place = place_detail(found, speaking=language, at=at)
    today = at.astimezone(TIMEZONE).date()
    sold = products_out(offers(at=at, language=language, site=slug, visit_date=today))
    path = f"/sites/{slug}"
    context = {
        "place": place,
        "path": path,
        "door": door_sentence(place, language=language, at=at),
        "products": [_priced(product, language) for product in sold.items],
        "languages": LANGUAGES,
        "words": _words(),
    }
    return PublicPage(
        path=path,
        language=language,
        named=named,
        title=f"{place['name']} · Ngọ Môn",
        description=_description(place),
        body=render_to_string("visitor/place.html", context),
        image=place["thumbnail"] or "/icon-512.png",
        structured=[attraction(place, sold.items, language=language, at=at)],
        answers={
            f"/api/v1/sites/{slug}": place,
            f"/api/v1/products?site={slug}&date={today}": sold.model_dump(mode="json"),
        },
    )


def home_page(*, language: str, named: bool, at: datetime) -> PublicPage:
    """The first places of the catalogue, with links to their pages."""
    page = list_places(filters=Filters(), speaking=language, limit=LISTED, after=None, at=at)
    sites = HeritageSite.objects.filter(pk__in=[card.id for card in page.cards])
    slugs = dict(sites.values_list("pk", "slug"))
    title = _("Where to go in Huế")
    context = {
        "title": title,
        "places": [(slugs[card.id], *_named(card.names, language)) for card in page.cards],
        "path": "/",
        "languages": LANGUAGES,
        "words": _words(),
    }
    return PublicPage(
        path="/",
        language=language,
        named=named,
        title=f"{title} · Ngọ Môn",
        description=_("Opening hours, prices and e-tickets of the heritage sites of Huế."),
        body=render_to_string("visitor/home.html", context),
        answers={f"{LIST_ADDRESS}?limit={ASKED_FIRST}": _first_list(language, at)},
    )


def _first_list(language: str, at: datetime) -> dict[str, object]:
    """What the API answers to the app's first question about places."""
    page = list_places(filters=Filters(), speaking=language, limit=ASKED_FIRST, after=None, at=at)
    ahead = whole_closures_ahead(at=at)
    items = [
        place_text(card, speaking=language, closures=ahead.get(card.id, ()), at=at)
        for card in page.cards
    ]
    further = None
    if page.next:
        query = urlencode({"limit": ASKED_FIRST, "cursor": page.next.written()})
        further = f"{settings.PUBLIC_URL}{LIST_ADDRESS}?{query}"
    return {"items": [orjson.loads(item) for item in items], "count": page.count, "next": further}


def door_sentence(place: dict[str, Any], *, language: str, at: datetime) -> str:
    """What a person would say about the doors of a place; nothing when no hours are known."""
    if place["open_now"] is None:
        return ""
    if place["open_now"]:
        until = place["closes_at"]
        return (
            _("Open until %(time)s") % {"time": _time(until, language)} if until else _("Open now")
        )
    opens = place["opens_at"]
    if opens is None:
        return _("Closed now")
    ahead = (opens.astimezone(TIMEZONE).date() - at.astimezone(TIMEZONE).date()).days
    said = {"time": _time(opens, language), "day": _day(opens.astimezone(TIMEZONE), language)}
    if ahead == 0:
        return _("Opens again %(time)s") % said
    return (_("Opens tomorrow %(time)s") if ahead == 1 else _("Opens %(day)s %(time)s")) % said


def _time(instant: datetime, language: str) -> str:
    return format_time(instant, format="short", tzinfo=TIMEZONE, locale=language)


def _day(day: date, language: str) -> str:
    return format_date(day, format="full", locale=language)


def _description(place: dict[str, Any]) -> str:
    told = " ".join(place["description"].split())
    if not told:
        told = _("Opening hours, prices and e-tickets: %(place)s") % {"place": place["name"]}
    return Truncator(told).chars(DESCRIPTION_LETTERS)


def _priced(product: ProductOut, language: str) -> dict[str, object]:
    rows = [
        (price.name, price.rule, amount_text(price.amount.amount, language=language))
        for price in product.prices
    ]
    opens = [(place.site, place.name) for place in product.entitlements]
    return {"name": product.name, "prices": rows, "opens": opens if len(opens) > 1 else []}


def _named(names: str, language: str) -> tuple[str, str]:
    """The name to show, and its language."""
    known: dict[str, str] = orjson.loads(names)
    spoken = any_language(known, asked=language)
    return (known[spoken], spoken) if spoken else ("", language)


def _words() -> dict[str, str]:
    return {
        "hours": _("Opening hours"),
        "unknown_hours": _("We have no reliable source for the opening hours yet."),
        "closed": _("Closed"),
        "part_closed": _("Partly closed"),
        "prices": _("Prices"),
        "buy": _("Buy tickets"),
        "about": _("About this place"),
        "entrances": _("Entrances"),
        "all_places": _("Where to go in Huế"),
        "script": _("Buying here needs JavaScript."),
        "language": _("Language"),
    }
