"""The list of public pages for search engines: every place in every language."""

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from django.conf import settings

from backend.public_pages.page import LANGUAGES, address, alternates
from sites.models import HeritageSite

# Times twelve languages, each with all the others: about three megabytes.
PLACES_A_PART = 200
FIXED = ("/", "/privacy")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def sitemap_index() -> str:
    """The parts of the list; there is always a first one."""
    places = HeritageSite.objects.filter(published=True).count()
    parts = max(1, -(-places // PLACES_A_PART))
    lines = [
        f"<sitemap><loc>{settings.PUBLIC_URL}/sitemap-{number}.xml</loc></sitemap>"
        for number in range(1, parts + 1)
    ]
    return f"{HEAD}<sitemapindex {NAMESPACES}>{''.join(lines)}</sitemapindex>\n"


def sitemap_part(number: int) -> str | None:
    """One part; nothing where the list has ended."""
    first = (number - 1) * PLACES_A_PART
    slugs = HeritageSite.objects.filter(published=True).order_by("tier", "pk")
    some = list(slugs.values_list("slug", flat=True)[first : first + PLACES_A_PART])
    paths = [*(FIXED if number == 1 else ()), *(f"/sites/{slug}" for slug in some)]
    if not paths:
        return None
    lines = [line for path in paths for line in _page(path)]
    return f"{HEAD}<urlset {NAMESPACES}>{''.join(lines)}</urlset>\n"


def _page(path: str) -> Iterator[str]:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(url)}/>'
        for language, url in alternates(path)
    )
    for language in LANGUAGES:
        yield f"<url><loc>{address(path, language)}</loc>{links}</url>"
