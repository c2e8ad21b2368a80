"""Samples of what no place sells yet: a ticket for a time, a pass without a day.

Their prices are invented and their names say so. Production refuses them. Making them again
changes nothing, and leaves what a tester changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final

from backend.demo import first_site
from sites.models import HeritageSite, Organisation
from ticketing.domain.calendars import write_calendar
from ticketing.domain.change_rule_data import load_change_rules
from ticketing.domain.visit_days import day_of
from ticketing.models import (
    CalendarRule,
    Capacity,
    CapacityUse,
    Entitlement,
    Product,
    ProductText,
    RevenueKind,
    RevenueSplit,
    SplitMethod,
    Tariff,
    ValidityMode,
    VisitorCategory,
)

PEOPLE_IN_THE_THEATRE: Final = 40
EVERY_DAY: Final = [1, 2, 3, 4, 5, 6, 7]
SHOWS: Final = [time(hour) for hour in (9, 10, 14, 15, 16, 19, 20)]
PEOPLE_IN_A_DAY: Final = 200
DAYS_AHEAD: Final = 60
SAMPLE: Final = "Sample for the demonstration, decided by nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    slug: str
    vi: str
    en: str
    prices: dict[str, int]
    position: int
    rules: dict[str, Any] = field(default_factory=dict)


SHOW: Final = Sample(
    slug="sample-court-music",
    vi="Vé mẫu: nghe Nhã nhạc, theo giờ",
    en="Sample: court music at a fixed time",
    prices={"adult": 150_000, "child": 30_000},
    position=900,
)
PASS: Final = Sample(
    slug="sample-any-two-tombs",
    vi="Vé mẫu: hai trong bốn nơi",
    en="Sample: any two of four places",
    prices={"adult": 260_000, "child": 60_000},
    position=901,
    rules={
        "sites_limit": 2,
        "validity_mode": ValidityMode.FROM_FIRST_USE,
        "validity_days": 2,
        "outer_days": 30,
    },
)
PLACES_OF_PASS: Final = ("dai-noi", "lang-minh-mang", "lang-tu-duc", "lang-khai-dinh")


def make_samples(*, at: datetime) -> list[Product]:
    """Make both samples, once, and keep the calendar of the show written."""
    site = first_site()
    if site is None or site.organisation is None:
        return []
    show = make_sample(SHOW, organisation=site.organisation, sites=[site], since=day_of(at))
    give_times(show, site=site, at=at)
    made = [show, *_pass(site.organisation, since=day_of(at))]
    load_change_rules(slugs=[product.slug for product in made])
    return made


def _pass(organisation: Organisation, *, since: date) -> list[Product]:
    """The pass, its money divided by who came where; none while a place of it is missing."""
    places = {place.slug: place for place in HeritageSite.objects.filter(slug__in=PLACES_OF_PASS)}
    if len(places) < len(PLACES_OF_PASS):
        return []
    sites = [places[slug] for slug in PLACES_OF_PASS]
    product = make_sample(PASS, organisation=organisation, sites=sites, since=since)
    if not product.splits.exists():
        RevenueSplit.objects.create(
            product=product, method=SplitMethod.BY_ADMISSION, effective_from=since, basis=SAMPLE
        )
    return [product]


def make_sample(
    sample: Sample, *, organisation: Organisation, sites: Sequence[HeritageSite], since: date
) -> Product:
    kind = Product.Kind.SINGLE if len(sites) == 1 else Product.Kind.COMBO
    product, made = Product.objects.get_or_create(
        slug=sample.slug,
        defaults={
            "organisation": organisation,
            "kind": kind,
            "position": sample.position,
            **sample.rules,
        },
    )
    if not made:
        return product
    ProductText.objects.bulk_create(
        ProductText(product=product, language=language, name=name)
        for language, name in (("vi", sample.vi), ("en", sample.en))
    )
    Entitlement.objects.bulk_create(
        Entitlement(product=product, site=site, position=position)
        for position, site in enumerate(sites)
    )
    categories = VisitorCategory.objects.filter(code__in=sample.prices)
    Tariff.objects.bulk_create(
        Tariff(
            product=product,
            category=category,
            amount=sample.prices[category.code],
            revenue_kind=RevenueKind.SERVICE,
            effective_from=since,
            legal_basis=SAMPLE,
            proposed_by="demo",
            approved_by="demo, a second person",
        )
        for category in categories.order_by("-is_full_price")
    )
    return product


def give_times(product: Product, *, site: HeritageSite, at: datetime) -> None:
    """A small theatre inside its place's day, which fills before all of the shows do."""
    whole_day, made = Capacity.objects.get_or_create(
        site=site,
        code="sample-day",
        defaults={"name": "Sample day", "kind": Capacity.Kind.DAY, "days_ahead": DAYS_AHEAD},
    )
    if made:
        _plan(whole_day, people=PEOPLE_IN_A_DAY, since=day_of(at))
    theatre, made = Capacity.objects.get_or_create(
        site=site,
        code="sample-theatre",
        defaults={
            "name": "Sample theatre",
            "kind": Capacity.Kind.TIMED,
            "parent": whole_day,
            "days_ahead": DAYS_AHEAD,
        },
    )
    if made:
        _plan(theatre, people=PEOPLE_IN_THE_THEATRE, since=day_of(at), times=SHOWS)
        CapacityUse.objects.create(product=product, capacity=theatre)
    for capacity in (whole_day, theatre):
        # As the timetable does it.
        write_calendar(capacity_id=capacity.pk, at=at)


def _plan(capacity: Capacity, *, people: int, since: date, times: Sequence[time] = ()) -> None:
    """Every day, without an exception."""
    CalendarRule.objects.create(
        capacity=capacity,
        first_day=since,
        weekdays=EVERY_DAY,
        times=list(times),
        minutes=45 if times else None,
        people=people,
    )
