"""The places of a run: two sites, a hall, shows at times, and products that count on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sites.models import HeritageSite, Organisation
from ticketing.domain.visit_days import VIETNAM, start_of
from ticketing.models import (
    Capacity,
    CapacityUse,
    Entitlement,
    Product,
    Slot,
    Tariff,
    VisitorCategory,
)

ONE_DAY = timedelta(days=1)
START = datetime(2026, 11, 22, 6, 0, tzinfo=VIETNAM)
FIRST_DAY = date(2026, 12, 1)
DAYS = 3
HOURS = (9, 14, 20)
# A whole run lasts this long by its own clock, so that holds end on their way.
LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Goods:
    """A product, and the slots that its buyers choose from (none: days)."""

    product_id: int
    slot_ids: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    goods: Sequence[Goods]
    days: Sequence[date]


def build(*, scale: int) -> Scene:
    """Make everything small enough to be full for most of the run."""
    organisation = Organisation.objects.create(slug="chaos")
    adult = VisitorCategory.objects.create(code="adult", token_code=1, is_full_price=True)
    palace, tomb = (_site(organisation, slug, bit) for bit, slug in enumerate(("palace", "tomb")))
    site = _capacity(palace, "site", Capacity.Kind.DAY)
    hall = _capacity(palace, "hall", Capacity.Kind.DAY, inside=site)
    show = _capacity(palace, "show", Capacity.Kind.TIMED, inside=hall)
    tour = _capacity(palace, "tour", Capacity.Kind.TIMED, inside=site)
    other = _capacity(tomb, "tomb", Capacity.Kind.DAY)
    for capacity, people in ((site, 60), (hall, 40), (other, 30)):
        _days(capacity, people * scale)
    goods = [
        Goods(_product(organisation, adult, [site])),
        Goods(_product(organisation, adult, [show]), _times(show, 12 * scale)),
        Goods(_product(organisation, adult, [tour]), _times(tour, 8 * scale)),
        Goods(_product(organisation, adult, [site, other])),
        Goods(_product(organisation, adult, [hall, other], days=2)),
    ]
    return Scene(goods, [FIRST_DAY + number * ONE_DAY for number in range(DAYS)])


def _site(organisation: Organisation, slug: str, bit: int) -> HeritageSite:
    return HeritageSite.objects.create(
        slug=slug, organisation=organisation, category="palace", ticket_bit=bit, on_sale=True
    )


def _capacity(
    site: HeritageSite, code: str, kind: Capacity.Kind, *, inside: Capacity | None = None
) -> Capacity:
    return Capacity.objects.create(site=site, code=code, name=code, kind=kind, parent=inside)


def _days(capacity: Capacity, people: int) -> None:
    # One more than is bought for: tickets of two days need the day after the last.
    for number in range(DAYS + 1):
        day = FIRST_DAY + number * ONE_DAY
        Slot.objects.create(
            capacity=capacity,
            day=day,
            starts_at=start_of(day),
            ends_at=start_of(day + ONE_DAY),
            people=people,
        )


def _times(capacity: Capacity, people: int) -> list[int]:
    starts = [
        datetime.combine(FIRST_DAY + number * ONE_DAY, time(hour), tzinfo=VIETNAM)
        for number in range(DAYS)
        for hour in HOURS
    ]
    slots = [
        Slot(
            capacity=capacity,
            day=at.date(),
            starts_at=at,
            ends_at=at + timedelta(hours=1),
            people=people,
        )
        for at in starts
    ]
    return [slot.pk for slot in Slot.objects.bulk_create(slots)]


def _product(
    organisation: Organisation,
    category: VisitorCategory,
    capacities: Sequence[Capacity],
    *,
    days: int = 1,
) -> int:
    sites = {capacity.site_id: capacity.site for capacity in capacities}
    product = Product.objects.create(
        slug=f"chaos-{Product.objects.count()}",
        organisation=organisation,
        kind=Product.Kind.SINGLE if len(sites) == 1 else Product.Kind.COMBO,
        validity_days=days,
    )
    for site in sites.values():
        Entitlement.objects.create(product=product, site=site)
    for capacity in capacities:
        CapacityUse.objects.create(product=product, capacity=capacity)
    Tariff.objects.create(
        product=product,
        category=category,
        amount=100_000,
        effective_from=date(2026, 1, 1),
        legal_basis="made up for a run",
        proposed_by="one",
        approved_by="another",
    )
    return product.pk
