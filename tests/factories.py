"""Things to test with: small functions with keywords, good defaults and the real domain below."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.db.models import Max
from django.utils import timezone

from sites.domain.cards import write_cards
from sites.models import Gate, HeritageSite, Organisation, OrganisationText, SiteText
from ticketing.domain.issuing import OrderPaid, pay_order
from ticketing.domain.ordering import LineWanted, OrderPlaced, Wish, place_order
from ticketing.domain.visit_days import VIETNAM, day_of
from ticketing.models import (
    ChangeKind,
    ChangeRule,
    Entitlement,
    EntryPolicy,
    Order,
    Product,
    ProductText,
    Tariff,
    Ticket,
    TicketStatus,
    VisitorCategory,
    VisitorCategoryText,
)

# An hour at which every gate of Huế is open.
OPENING = datetime(2026, 11, 22, 8, 0, tzinfo=VIETNAM)
IN_FORCE_SINCE = date(2026, 1, 1)

_numbers = count(1)


def make_organisation(*, slug: str = "hmcc") -> Organisation:
    """One organisation for each slug, however often it is asked for."""
    organisation, made = Organisation.objects.get_or_create(slug=slug)
    if made:
        OrganisationText.objects.create(organisation=organisation, language="en", name=slug)
    return organisation


def make_site(
    *,
    slug: str = "",
    name: str = "",
    organisation: Organisation | None = None,
    opening_hours: str = "",
    ticketed: bool = True,
) -> HeritageSite:
    """A site with a name in Vietnamese and English and the next free bit of the token's scope."""
    slug = slug or f"site-{next(_numbers)}"
    taken = HeritageSite.objects.aggregate(bit=Max("ticket_bit"))["bit"]
    site = HeritageSite.objects.create(
        slug=slug,
        organisation=organisation or make_organisation(),
        category="palace",
        ticket_bit=(0 if taken is None else taken + 1) if ticketed else None,
        opening_hours=opening_hours,
        on_sale=ticketed,
    )
    name = name or slug
    SiteText.objects.create(site=site, language="vi", name=f"{name} (vi)")
    SiteText.objects.create(site=site, language="en", name=name)
    write_cards(site_ids=[site.pk])
    return site


def make_gate(*, site: HeritageSite | None = None, code: str = "", name: str = "") -> Gate:
    code = code or f"gate-{next(_numbers)}"
    return Gate.objects.create(site=site or make_site(), code=code, name=name or code)


def make_category(
    *, code: str = "adult", token_code: int | None = None, needs_document: bool = False
) -> VisitorCategory:
    """One category for each code, however often it is asked for."""
    known = {"adult": 1, "child": 2, "student": 3, "elderly": 4}
    category, made = VisitorCategory.objects.get_or_create(
        code=code,
        defaults={
            "token_code": known.get(code, 100) if token_code is None else token_code,
            "needs_document": needs_document,
            "is_full_price": code == "adult",
        },
    )
    if made:
        VisitorCategoryText.objects.create(category=category, language="en", name=code.title())
    return category


def make_product(
    *,
    sites: Sequence[HeritageSite] = (),
    slug: str = "",
    name: str = "",
    price: int | None = 200_000,
    category: VisitorCategory | None = None,
    validity_days: int | None = None,
    entry_policy: EntryPolicy = EntryPolicy.ONCE_PER_SITE,
    on_sale: bool = True,
) -> Product:
    """A product that opens `sites` (one new site by default). `price=None`: without a tariff."""
    sites = list(sites) or [make_site()]
    slug = slug or f"product-{next(_numbers)}"
    product = Product.objects.create(
        slug=slug,
        organisation=make_organisation(),
        kind=Product.Kind.SINGLE if len(sites) == 1 else Product.Kind.COMBO,
        validity_days=validity_days,
        entry_policy=entry_policy,
        on_sale=on_sale,
    )
    for language in ("vi", "en"):
        ProductText.objects.create(
            product=product, language=language, name=f"{name or slug} ({language})"
        )
    Entitlement.objects.bulk_create(Entitlement(product=product, site=site) for site in sites)
    if price is not None:
        make_tariff(product=product, category=category, amount=price)
    return product


def make_pass(
    *, sites: Sequence[HeritageSite], price: int | None = 200_000, **rules: Any
) -> Product:
    """A product whose places follow each other as given; `rules` are its fields."""
    product = make_product(sites=sites, price=price)
    for position, site in enumerate(sites):
        Entitlement.objects.filter(product=product, site=site).update(position=position)
    Product.objects.filter(pk=product.pk).update(**rules)
    product.refresh_from_db()
    return product


def make_tariff(
    *,
    product: Product,
    category: VisitorCategory | None = None,
    amount: int = 200_000,
    effective_from: date = IN_FORCE_SINCE,
    effective_to: date | None = None,
    approved_by: str = "the council",
) -> Tariff:
    return Tariff.objects.create(
        product=product,
        category=category or make_category(),
        amount=amount,
        effective_from=effective_from,
        effective_to=effective_to,
        legal_basis="Decision 1/2026",
        proposed_by="the office of prices",
        approved_by=approved_by,
    )


def make_wish(
    *,
    product: Product,
    category: str = "adult",
    quantity: int = 1,
    one_code: bool = False,
    visit_date: date,
    language: str = "en",
    email: str = "buyer@example.com",
    phone: str = "",
) -> Wish:
    line = LineWanted(
        product_id=product.pk,
        category=category,
        quantity=quantity,
        visit_date=visit_date,
        one_code=one_code,
    )
    return Wish(lines=[line], language=language, email=email, phone=phone)


def place(
    *,
    product: Product | None = None,
    category: str = "adult",
    quantity: int = 1,
    one_code: bool = False,
    visit_date: date | None = None,
    language: str = "en",
    email: str = "buyer@example.com",
    phone: str = "",
    at: datetime | None = None,
) -> OrderPlaced:
    """An order with its secret, placed at `at` (now) for the same day."""
    at = at or timezone.now()
    wish = make_wish(
        product=product or make_product(),
        category=category,
        quantity=quantity,
        one_code=one_code,
        visit_date=visit_date or day_of(at),
        language=language,
        email=email,
        phone=phone,
    )
    placed = place_order(idempotency_key=uuid4().hex, wish=wish, at=at)
    assert isinstance(placed, OrderPlaced), placed
    return placed


def make_order(
    *,
    product: Product | None = None,
    category: str = "adult",
    quantity: int = 1,
    one_code: bool = False,
    visit_date: date | None = None,
    language: str = "en",
    email: str = "buyer@example.com",
    phone: str = "",
    at: datetime | None = None,
) -> Order:
    """A held order; `place` gives its secret too."""
    return place(
        product=product,
        category=category,
        quantity=quantity,
        one_code=one_code,
        visit_date=visit_date,
        language=language,
        email=email,
        phone=phone,
        at=at,
    ).order


def make_paid_order(
    *,
    product: Product | None = None,
    category: str = "adult",
    quantity: int = 1,
    one_code: bool = False,
    visit_date: date | None = None,
    language: str = "en",
    at: datetime | None = None,
) -> Order:
    """An order with its tickets."""
    at = at or timezone.now()
    order = make_order(
        product=product,
        category=category,
        quantity=quantity,
        one_code=one_code,
        visit_date=visit_date,
        language=language,
        at=at,
    )
    paid = pay_order(order=order, at=at)
    assert isinstance(paid, OrderPaid), paid
    return paid.order


def make_ticket(
    *,
    sites: Sequence[HeritageSite] = (),
    product: Product | None = None,
    category: VisitorCategory | None = None,
    party_size: int = 1,
    entry_policy: EntryPolicy = EntryPolicy.ONCE_PER_SITE,
    validity_days: int | None = None,
    visit_date: date | None = None,
    language: str = "en",
    status: TicketStatus = TicketStatus.VALID,
    at: datetime | None = None,
) -> Ticket:
    """A signed ticket of a paid order, bought at `at` (now) for the same day."""
    category = category or make_category()
    order = make_paid_order(
        product=product
        or make_product(
            sites=sites,
            category=category,
            entry_policy=entry_policy,
            validity_days=validity_days,
        ),
        category=category.code,
        quantity=party_size,
        one_code=True,
        visit_date=visit_date,
        language=language,
        at=at,
    )
    ticket = Ticket.objects.select_related("product", "category").get(line__order=order)
    if status != TicketStatus.VALID:
        Ticket.objects.filter(pk=ticket.pk).update(status=status)
        ticket.status = status
    return ticket


def days_from(at: datetime, days: int) -> date:
    """The visit date so many days after `at`."""
    return day_of(at) + timedelta(days=days)


def make_change_rule(
    *,
    product: Product,
    kind: ChangeKind = ChangeKind.CANCEL,
    code: str = "",
    minutes_before: int = 0,
    share_percent: int = 100,
    times: int | None = None,
    effective_from: date = IN_FORCE_SINCE,
    effective_to: date | None = None,
) -> ChangeRule:
    """A step of what the buyers of a product may change."""
    return ChangeRule.objects.create(
        product=product,
        kind=kind,
        code=code or f"{kind}-{next(_numbers)}",
        minutes_before=minutes_before,
        share_percent=share_percent,
        times=times,
        effective_from=effective_from,
        effective_to=effective_to,
        basis="Decision 2/2026",
    )
