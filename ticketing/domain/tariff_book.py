"""The tariff as the database holds it, read for the one function that prices."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from ticketing.domain.pricing import Free, Law, Priced, Rule, Version, Visit, WhyUnpriced, price
from ticketing.domain.visit_days import start_of
from ticketing.models import FreeDay, GuideRule, Product, Tariff, VisitorCategory


@dataclass(frozen=True, slots=True)
class Price:
    """What one person of a category pays online, the rule that says so and the law behind it."""

    category: VisitorCategory
    amount: int
    rule: str
    legal_basis: str
    revenue_kind: str


@dataclass(frozen=True, slots=True)
class UnknownProduct:
    slug: str


def in_force(day: date) -> Q:
    """Approved versions alone."""
    return (
        Q(effective_from__lte=day)
        & (Q(effective_to__isnull=True) | Q(effective_to__gt=day))
        & ~Q(approved_by="")
    )


def prices_on(day: date) -> dict[tuple[int, str], Price]:
    """Every price sold online on a day, by product and code of the category, in one query.

    Online nobody's age or papers are known: a buyer pays for the categories that they choose.
    """
    return _prices(Tariff.objects.filter(in_force(day), category__sold_online=True), day)


def guide_prices_on(day: date) -> dict[tuple[int, str], Price]:
    """Prices of the categories that operators may order because a rule says for how many people."""
    ruled = GuideRule.objects.filter(product=OuterRef("product"), category=OuterRef("category"))
    return _prices(Tariff.objects.filter(in_force(day), Exists(ruled)), day)


def _prices(rows: QuerySet[Tariff], day: date) -> dict[tuple[int, str], Price]:
    sold: dict[int, list[Tariff]] = defaultdict(list)
    for tariff in rows.select_related("category"):
        sold[tariff.product_id].append(tariff)
    found = {}
    for product_id, tariffs in sold.items():
        law = Law(
            versions=[_version(tariff) for tariff in tariffs],
            rules=[_rule(tariff.category) for tariff in tariffs],
        )
        for tariff in tariffs:
            if online := _online(law, tariff.category, at=start_of(day)):
                found[product_id, tariff.category.code] = online
    return found


def _online(law: Law, category: VisitorCategory, *, at: datetime) -> Price | None:
    visit = Visit(category=category.code, visit_date=at.date(), bought_at=at)
    priced = price(law=law, visit=visit)
    if isinstance(priced, WhyUnpriced):
        return None
    return Price(category, priced.unit_amount, priced.rule, priced.legal_basis, priced.revenue_kind)


@dataclass(frozen=True, slots=True)
class FreeOffer:
    """A free day of a list, for a category that is sold online. Its row comes with texts."""

    row: FreeDay
    free: Free


def free_offers(list_ids: Collection[int]) -> dict[int, list[FreeOffer]]:
    """The free days that each list offers online, past and to come, in three queries."""
    found: dict[int, list[FreeOffer]] = defaultdict(list)
    rows = FreeDay.objects.filter(list_id__in=list_ids, category__sold_online=True)
    for row in (
        rows.select_related("category").prefetch_related("texts", "category__texts").order_by("pk")
    ):
        found[row.list_id].append(FreeOffer(row, _free(row)))
    return found


def free_price(offer: FreeOffer, *, whole: Price) -> Price:
    """Nothing, by the law of the day, instead of the full price."""
    return Price(
        category=offer.row.category,
        amount=0,
        rule=offer.row.category.code,
        legal_basis=offer.row.legal_basis,
        revenue_kind=whole.revenue_kind,
    )


def price_of(*, slug: str, visit: Visit) -> Priced | WhyUnpriced | UnknownProduct:
    """What the visit costs: with every version, past and to come, so that any date answers."""
    product = Product.objects.filter(slug=slug).first()
    return UnknownProduct(slug) if product is None else price(law=law_of(product), visit=visit)


def law_of(product: Product) -> Law:
    """Read all that may price the product, in three queries."""
    tariffs = Tariff.objects.filter(product=product).select_related("category").order_by("pk")
    days: Iterable[FreeDay] = []
    if product.free_days_id is not None:
        days = FreeDay.objects.filter(list_id=product.free_days_id).select_related("category")
    categories = VisitorCategory.objects.order_by("position", "pk")
    return Law(
        versions=[_version(tariff) for tariff in tariffs],
        rules=[_rule(category) for category in categories],
        free_days=[_free(day) for day in days],
    )


def _rule(category: VisitorCategory) -> Rule:
    return Rule(
        code=category.code,
        is_full_price=category.is_full_price,
        age_from=category.age_from,
        age_until=category.age_until,
        citizens_only=category.citizens_only,
        minimum_reduction=category.minimum_reduction,
        minimum_basis=category.minimum_basis,
    )


def _version(tariff: Tariff) -> Version:
    return Version(
        category=tariff.category.code,
        amount=tariff.amount,
        revenue_kind=tariff.revenue_kind,
        effective_from=tariff.effective_from,
        effective_to=tariff.effective_to,
        legal_basis=tariff.legal_basis,
        age_from=tariff.age_from,
        age_until=tariff.age_until,
        approved=bool(tariff.approved_by),
    )


def _free(day: FreeDay) -> Free:
    return Free(
        category=day.category.code,
        day=day.day,
        every_year=day.every_year,
        effective_from=day.effective_from,
        effective_to=day.effective_to,
        legal_basis=day.legal_basis,
    )
