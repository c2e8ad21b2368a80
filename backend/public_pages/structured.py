"""A place in the words of schema.org, for search engines."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from opening_hours import OpeningHours, State, validate

from backend.public_pages.page import address
from sites.domain.opening import COUNTRY, TIMEZONE
from ticketing.schemas.products import ProductOut

DAYS_TOLD = 7
Facts = Mapping[str, Any]


def attraction(
    place: Facts, products: Sequence[ProductOut], *, language: str, at: datetime
) -> dict[str, object]:
    """Tell a place, what its tickets cost and when it opens; what is not known is left out."""
    path = f"/sites/{place['slug']}"
    told: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "TouristAttraction",
        "@id": f"{settings.PUBLIC_URL}{path}",
        "url": address(path, language),
        "name": place["name"],
        "inLanguage": place["language"],
        "address": _address(place),
    }
    optional = {
        "description": place["description"],
        "geo": _point(place),
        "image": [f"{settings.PUBLIC_URL}{photo['url']}" for photo in place["photos"]],
        "isAccessibleForFree": None
        if place["charges_entry"] is None
        else not place["charges_entry"],
        "openingHoursSpecification": list(open_hours(place["opening_hours"]["osm"], at=at)),
        "specialOpeningHoursSpecification": list(closed_days(place["closures"])),
        "makesOffer": [
            offer for product in products for offer in offers(product, place["slug"], language)
        ],
    }
    return told | {name: value for name, value in optional.items() if value not in (None, "", [])}


def _address(place: Facts) -> dict[str, str]:
    told = {"@type": "PostalAddress", "addressCountry": "VN", "addressRegion": "Huế"}
    if place["address"]:
        told["streetAddress"] = place["address"]
    if place["ward"]:
        told["addressLocality"] = place["ward"]["name"]
    return told


def _point(place: Facts) -> dict[str, object] | None:
    point = place["location"]
    if point is None:
        return None
    return {"@type": "GeoCoordinates", "latitude": point["lat"], "longitude": point["lon"]}


def offers(product: ProductOut, slug: str, language: str) -> Iterator[dict[str, object]]:
    """One offer for each category of visitors."""
    for price in product.prices:
        yield {
            "@type": "Offer",
            "name": f"{product.name} · {price.name}",
            "category": product.kind,
            "price": str(price.amount.amount),
            "priceCurrency": price.amount.currency,
            "url": address(f"/buy/{slug}", language),
        }


def open_hours(osm: str | None, *, at: datetime) -> Iterator[dict[str, str]]:
    """The hours of each of the next days; a rule of the whole year is told day by day."""
    if not osm or not validate(osm):
        return
    hours = OpeningHours(osm, timezone=TIMEZONE, country=COUNTRY)
    first = at.astimezone(TIMEZONE).date()
    for day in (first + timedelta(days=number) for number in range(DAYS_TOLD)):
        start = datetime.combine(day, datetime.min.time(), TIMEZONE)
        for opens, closes, state, _comment in hours.intervals(start, start + timedelta(days=1)):
            if state == State.OPEN:
                yield _span(day, opens=f"{opens:%H:%M}", closes=_end(closes))


def _end(closes: datetime) -> str:
    # A day that is open to its end would otherwise close when it opens.
    return "23:59" if (closes.hour, closes.minute) == (0, 0) else f"{closes:%H:%M}"


def _span(day: date, *, opens: str, closes: str) -> dict[str, str]:
    return {
        "@type": "OpeningHoursSpecification",
        "dayOfWeek": f"https://schema.org/{day:%A}",
        "opens": opens,
        "closes": closes,
        "validFrom": day.isoformat(),
        "validThrough": day.isoformat(),
    }


def closed_days(closures: Sequence[Facts]) -> Iterator[dict[str, str]]:
    """Closures of the whole place; the same opening and closing time means closed all day."""
    for closure in closures:
        if not closure["whole_site"]:
            continue
        told = {
            "@type": "OpeningHoursSpecification",
            "opens": "00:00",
            "closes": "00:00",
            "validFrom": closure["starts_at"].date().isoformat(),
        }
        if closure["ends_at"]:
            last = closure["ends_at"] - timedelta(microseconds=1)
            told["validThrough"] = last.date().isoformat()
        yield told
