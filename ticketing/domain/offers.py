"""What is on sale: products with their places and the prices in force, in one language."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Prefetch, Q

from sites.models import Closure, ClosureText, Notice, NoticeText
from ticketing.domain.passes import asks_for_a_day
from ticketing.domain.pricing import falls_on
from ticketing.domain.tariff_book import FreeOffer, free_offers, in_force
from ticketing.domain.visit_days import day_of, start_of
from ticketing.domain.wording import by_language, site_names, tried, worded
from ticketing.models import (
    Entitlement,
    Product,
    ProductText,
    Tariff,
    VisitorCategory,
    VisitorCategoryText,
)


@dataclass(frozen=True, slots=True)
class OfferedPlace:
    slug: str
    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class OfferedPrice:
    category: str
    name: str
    rule: str
    amount: int
    needs_document: bool
    legal_basis: str
    # The name of the free day that makes it so, if one does.
    free_day: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A product that somebody can buy now."""

    product: Product
    name: str
    places: Sequence[OfferedPlace]
    prices: Sequence[OfferedPrice]
    notices: Sequence[str]


def offers(
    *, at: datetime, language: str, site: str | None = None, visit_date: date | None = None
) -> list[Offer]:
    """Products with a price in force at `at`, and what a visitor on the day should know first."""
    products = _on_sale(at, site)
    ids = [product.pk for product in products]
    names = by_language(_product_texts(ids, language), language)
    places = _places(ids)
    prices = _prices(ids, day_of(at), language)
    if visit_date is not None:
        _add_free_day(prices, products, day=visit_date, language=language)
    site_ids = {place.site_id for of_product in places.values() for place in of_product}
    site_name = site_names(site_ids, language)
    notices = _notices(site_ids, at=at, day=visit_date or day_of(at), language=language)
    return [
        Offer(
            product,
            name=names.get(product.pk, product.slug),
            places=[
                OfferedPlace(place.site.slug, site_name.get(place.site_id, ""), place.entries)
                for place in places[product.pk]
            ],
            prices=prices[product.pk],
            notices=_once(text for place in places[product.pk] for text in notices[place.site_id]),
        )
        for product in products
    ]


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _on_sale(at: datetime, site: str | None) -> list[Product]:
    priced = Tariff.objects.filter(in_force(day_of(at)), category__sold_online=True).values(
        "product_id"
    )
    found = Product.objects.filter(on_sale=True, pk__in=priced)
    if site is not None:
        opening = Entitlement.objects.filter(site__slug=site).values("product_id")
        found = found.filter(pk__in=opening)
    return list(found.order_by("position", "pk"))


def _product_texts(ids: Collection[int], language: str) -> list[tuple[int, str, str]]:
    texts = ProductText.objects.filter(product_id__in=ids, language__in=tried(language))
    return list(texts.values_list("product_id", "language", "name"))


def _places(ids: Collection[int]) -> dict[int, list[Entitlement]]:
    found: dict[int, list[Entitlement]] = defaultdict(list)
    rows = Entitlement.objects.filter(product_id__in=ids).select_related("site")
    rows = rows.order_by("position", "pk")
    for entitlement in rows.only("product_id", "entries", "site__slug"):
        found[entitlement.product_id].append(entitlement)
    return found


def _prices(ids: Collection[int], day: date, language: str) -> dict[int, list[OfferedPrice]]:
    texts = VisitorCategoryText.objects.filter(language__in=tried(language))
    rows = (
        Tariff.objects.filter(in_force(day), product_id__in=ids, category__sold_online=True)
        .select_related("category")
        .prefetch_related(Prefetch("category__texts", queryset=texts))
        .order_by("category__position", "category_id")
    )
    found: dict[int, list[OfferedPrice]] = defaultdict(list)
    for tariff in rows:
        found[tariff.product_id].append(
            _offered(tariff.category, tariff.amount, tariff.legal_basis, language=language)
        )
    return found


def _offered(
    category: VisitorCategory, amount: int, legal_basis: str, *, language: str, free_day: str = ""
) -> OfferedPrice:
    spoken = list(category.texts.all())
    return OfferedPrice(
        category=category.code,
        name=worded({text.language: text.name for text in spoken}, language) or category.code,
        rule=worded({text.language: text.rule for text in spoken}, language),
        amount=amount,
        needs_document=category.needs_document,
        legal_basis=legal_basis,
        free_day=free_day,
    )


def _add_free_day(
    prices: dict[int, list[OfferedPrice]],
    products: Sequence[Product],
    *,
    day: date,
    language: str,
) -> None:
    """Offer what is free on the day, instead of the category's price where it has one."""
    lists = {
        each.pk: each.free_days_id
        for each in products
        if each.free_days_id and asks_for_a_day(each)
    }
    by_list = free_offers(set(lists.values())) if lists else {}
    for product_id, list_id in lists.items():
        for one in by_list.get(list_id, []):
            if prices[product_id] and falls_on(one.free, day):
                others = [old for old in prices[product_id] if old.category != one.free.category]
                prices[product_id] = [*others, _free(one, language)]


def _free(one: FreeOffer, language: str) -> OfferedPrice:
    name = worded({text.language: text.name for text in one.row.texts.all()}, language)
    return _offered(
        one.row.category, 0, one.row.legal_basis, language=language, free_day=name or one.row.code
    )


def _notices(
    site_ids: Collection[int], *, at: datetime, day: date, language: str
) -> dict[int, list[str]]:
    """Closures that touch the day, whole or in part, then notices shown now, by site."""
    ends = start_of(day + timedelta(days=1))
    closures = Closure.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=start_of(day)),
        site_id__in=site_ids,
        starts_at__lt=ends,
    )
    shown = Notice.objects.filter(
        Q(shows_until__isnull=True) | Q(shows_until__gt=at),
        site_id__in=site_ids,
        shows_from__lte=at,
    )
    found: dict[int, list[str]] = defaultdict(list)
    closed = closure_texts(closures.values_list("pk", flat=True), language)
    said = by_language(_notice_texts(shown.values_list("pk", flat=True), language), language)
    for rows, texts in ((closures, closed), (shown, said)):
        for pk, site_id in rows.order_by("pk").values_list("pk", "site_id"):
            if text := texts.get(pk):
                found[site_id].append(text)
    return found


def closure_texts(closure_ids: Collection[int], language: str) -> dict[int, str]:
    texts = ClosureText.objects.filter(closure_id__in=closure_ids, language__in=tried(language))
    return by_language(texts.values_list("closure_id", "language", "text"), language)


def _notice_texts(notice_ids: Collection[int], language: str) -> list[tuple[int, str, str]]:
    texts = NoticeText.objects.filter(notice_id__in=notice_ids, language__in=tried(language))
    return list(texts.values_list("notice_id", "language", "text"))
