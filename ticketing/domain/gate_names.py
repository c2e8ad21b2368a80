"""Names that a guard's screen shows, kept in the process for a while: the gate path reads them."""

from collections.abc import Collection
from threading import Lock

from cachetools import TTLCache, cached

from sites.models import Gate, HeritageSite, Language
from ticketing.domain.wording import site_names
from ticketing.models import ProductText, VisitorCategory, VisitorCategoryText

LIVES_S = 60


@cached(TTLCache[str, dict[int, str]](maxsize=len(Language), ttl=LIVES_S), lock=Lock())
def product_names(language: str) -> dict[int, str]:
    """Name every product in this language, else in English, else in Vietnamese."""
    texts = ProductText.objects.filter(language__in={"vi", "en", language})
    rows = sorted(
        texts.values_list("product_id", "language", "name"),
        key=lambda row: (row[1] == language, row[1] == "en"),
    )
    return {product: name for product, _language, name in rows}


@cached(TTLCache[str, dict[int, tuple[str, str]]](maxsize=len(Language), ttl=LIVES_S), lock=Lock())
def category_names(language: str) -> dict[int, tuple[str, str]]:
    """Give code and name of every visitor category by its number in the ticket token."""
    names = {
        number: (code, code)
        for number, code in VisitorCategory.objects.values_list("token_code", "code")
    }
    texts = VisitorCategoryText.objects.filter(language__in={"vi", "en", language})
    rows = sorted(
        texts.values_list("category__token_code", "language", "name"),
        key=lambda row: (row[1] == language, row[1] == "en"),
    )
    for number, _language, name in rows:
        names[number] = (names[number][0], name)
    return names


@cached(TTLCache[str, dict[int, str]](maxsize=len(Language), ttl=LIVES_S), lock=Lock())
def place_names(language: str) -> dict[int, str]:
    """Name every place by its number in the scope of the ticket token."""
    bits = dict(
        HeritageSite.objects.filter(ticket_bit__isnull=False).values_list("pk", "ticket_bit")
    )
    names = site_names(bits.keys(), language)
    return {bit or 0: names.get(site_id, "") for site_id, bit in bits.items()}


def gate_names(gate_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Code and name of some gates."""
    rows = Gate.objects.filter(pk__in=gate_ids).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}
