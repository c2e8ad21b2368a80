"""Places, gates, devices and tickets of a simulated day, made through the real domain."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sites.models import Gate, HeritageSite, Organisation
from ticketing.domain.enrolment import Enrolled, Seat, enrol, open_enrolment, seat_of
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.visit_days import VIETNAM
from ticketing.models import (
    Capacity,
    CapacityUse,
    Entitlement,
    EntryPolicy,
    Product,
    Slot,
    Tariff,
    Ticket,
    VisitorCategory,
)

# The busiest place has half of all entries.
GATES = {"dai-noi": 4, "lang-tu-duc": 3, "lang-khai-dinh": 2}
SHARES = {"dai-noi": 50, "lang-tu-duc": 28, "lang-khai-dinh": 22}
ADULT, STUDENT = "adult", "student"
LARGEST_LINE = 255
LINES_PER_ORDER = 12
PARTY = 25
PLACES_OF_A_PASS = 2
HOURS_OF_THE_HALL = range(7, 17)


@dataclass(frozen=True, slots=True)
class Post:
    """A gate with its one device."""

    gate: Gate
    seat: Seat

    @property
    def site_bit(self) -> int:
        return self.seat.site_bit or 0


@dataclass(frozen=True, slots=True)
class World:
    day: date
    posts: Sequence[Post]
    singles: dict[str, list[Ticket]]
    combos: list[Ticket]
    groups: dict[str, list[Ticket]]
    # For one hour at one place each.
    timed: list[Ticket]
    # They open any two of the three places.
    passes: list[Ticket]

    def at(self, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(self.day, time(hour, minute), tzinfo=VIETNAM)


def make_world(*, day: date, entries: int) -> World:
    """Make what is needed for so many entries: single tickets, combos of three, groups."""
    early = datetime.combine(day, time(5), tzinfo=VIETNAM)
    organisation = Organisation.objects.create(slug="simulated")
    places = [_site(slug, organisation) for slug in GATES]
    posts = [_post(site, number, at=early) for site in places for number in range(GATES[site.slug])]
    _categories()
    singles, groups = {}, {}
    for site in places:
        product = _product(f"single-{site.slug}", [site], organisation)
        wanted = entries * SHARES[site.slug] // 100
        singles[site.slug] = list(_buy(product, count=wanted * 62 // 100 + 20, day=day, at=early))
        parties = wanted // 100 + 4
        groups[site.slug] = list(_buy(product, count=parties, day=day, at=early, party=PARTY))
    combo = _product("combo-of-three", places, organisation)
    combos = list(_buy(combo, count=entries * 13 // 100 + 10, day=day, at=early))
    two_places = _product("any-two-of-three", places, organisation, sites_limit=PLACES_OF_A_PASS)
    passes = list(_buy(two_places, count=entries * 3 // 100 + 4, day=day, at=early))
    timed = list(_buy_times(places[-1], organisation, each=entries // 150 + 2, day=day))
    return World(day, posts, singles, combos, groups, timed, passes)


def _site(slug: str, organisation: Organisation) -> HeritageSite:
    return HeritageSite.objects.create(
        slug=slug,
        organisation=organisation,
        category="palace",
        ticket_bit=list(GATES).index(slug),
        on_sale=True,
    )


def _post(site: HeritageSite, number: int, *, at: datetime) -> Post:
    gate = Gate.objects.create(site=site, code=f"{site.slug}-{number}", name=f"Gate {number}")
    enrolled = enrol(code=open_enrolment(gate=gate, at=at), name=gate.code, at=at)
    seat = seat_of(enrolled.token) if isinstance(enrolled, Enrolled) else None
    if seat is None:
        raise TypeError(enrolled)
    return Post(gate, seat)


def _categories() -> None:
    VisitorCategory.objects.create(code=ADULT, token_code=1, is_full_price=True)
    VisitorCategory.objects.create(code=STUDENT, token_code=3, needs_document=True)


def _product(
    slug: str,
    places: Sequence[HeritageSite],
    organisation: Organisation,
    *,
    sites_limit: int | None = None,
) -> Product:
    product = Product.objects.create(
        slug=slug,
        organisation=organisation,
        kind=Product.Kind.SINGLE if len(places) == 1 else Product.Kind.COMBO,
        entry_policy=EntryPolicy.ONCE_PER_SITE,
        sites_limit=sites_limit,
    )
    Entitlement.objects.bulk_create(Entitlement(product=product, site=site) for site in places)
    for category in VisitorCategory.objects.all():
        Tariff.objects.create(
            product=product,
            category=category,
            amount=100_000,
            effective_from=date(2026, 1, 1),
            legal_basis="simulated",
            proposed_by="simulated",
            approved_by="simulated too",
        )
    return product


def _buy(
    product: Product, *, count: int, day: date, at: datetime, party: int = 0
) -> Iterator[Ticket]:
    """Tickets for one person each, a tenth of them for students; with `party` codes for many."""
    size = party or LARGEST_LINE
    lines = count if party else -(-count // LARGEST_LINE)
    for start in range(0, lines, LINES_PER_ORDER):
        wanted = [
            LineWanted(
                product_id=product.pk,
                category=ADULT if party or number % 10 else STUDENT,
                quantity=size,
                visit_date=day,
                one_code=bool(party),
            )
            for number in range(start + 1, min(start + LINES_PER_ORDER, lines) + 1)
        ]
        yield from _pay(wanted, key=f"{product.slug}-{party}-{start}", at=at)


def _buy_times(
    site: HeritageSite, organisation: Organisation, *, each: int, day: date
) -> Iterator[Ticket]:
    """So many tickets for each hour of the day, whose people enter in that hour alone."""
    product = _product(f"timed-{site.slug}", [site], organisation)
    hall = Capacity.objects.create(site=site, code="hall", name="Hall", kind=Capacity.Kind.TIMED)
    CapacityUse.objects.create(product=product, capacity=hall)
    early = datetime.combine(day, time(5), tzinfo=VIETNAM)
    for hour in HOURS_OF_THE_HALL:
        starts_at = datetime.combine(day, time(hour), tzinfo=VIETNAM)
        ends_at = starts_at + timedelta(hours=1)
        slot = Slot.objects.create(
            capacity=hall, day=day, starts_at=starts_at, ends_at=ends_at, people=each
        )
        pieces = [
            LineWanted(
                product_id=product.pk,
                category=ADULT,
                quantity=min(LARGEST_LINE, each - sold),
                slot_id=slot.pk,
            )
            for sold in range(0, each, LARGEST_LINE)
        ]
        yield from _pay(pieces, key=f"{product.slug}-{hour}", at=early)


def _pay(lines: Sequence[LineWanted], *, key: str, at: datetime) -> Sequence[Ticket]:
    wish = Wish(lines=lines, language="vi", email="nobody@example.org")
    placed = place_order(idempotency_key=key, wish=wish, at=at)
    if not isinstance(placed, OrderPlaced):
        raise TypeError(placed)
    paid = pay_order(order=placed.order, at=at + timedelta(minutes=1))
    if not isinstance(paid, OrderPaid):
        raise TypeError(paid)
    return paid.tickets


def shuffled(tickets: Sequence[Ticket], dice: random.Random) -> list[Ticket]:
    mixed = list(tickets)
    dice.shuffle(mixed)
    return mixed
