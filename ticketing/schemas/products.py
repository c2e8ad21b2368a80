"""What is on sale, and on which days."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from ninja import Schema

from sites.schemas.money import Money, vnd
from ticketing.domain.availability import Day, WhyClosed
from ticketing.domain.offers import Offer
from ticketing.domain.visit_days import start_of
from ticketing.schemas.times import LocalTime


class EntitlementOut(Schema):
    """A place that the product opens, by its slug, and how often."""

    site: str
    name: str
    entries: int


class ValidityOut(Schema):
    """Days from the visit date on."""

    days: int


class PriceOut(Schema):
    """What one person of a category pays; `rule` says in words who belongs to it."""

    category: str
    name: str
    rule: str
    amount: Money
    needs_document: bool
    legal_basis: str


class ProductOut(Schema):
    id: int
    slug: str
    name: str
    kind: Literal["single", "combo"]
    entitlements: list[EntitlementOut]
    validity: ValidityOut
    prices: list[PriceOut]
    notices: list[str]


class ProductsOut(Schema):
    items: list[ProductOut]
    count: int
    next: str | None = None


class DayReasonOut(Schema):
    """Why nobody can come, as a code for programs and a sentence for people."""

    code: WhyClosed
    text: str


class DayOut(Schema):
    """`closed_sites`: places of the product that do not open on a day that is available."""

    id: date
    starts_at: LocalTime
    ends_at: LocalTime
    status: Literal["available", "limited", "sold_out", "closed"]
    remaining: int | None
    reason: DayReasonOut | None
    closed_sites: list[str]
    notices: list[str]


class AvailabilityOut(Schema):
    items: list[DayOut]
    count: int
    next: str | None = None


def products_out(found: Sequence[Offer]) -> ProductsOut:
    return ProductsOut(items=[product_out(offer) for offer in found], count=len(found))


def product_out(offer: Offer) -> ProductOut:
    return ProductOut(
        id=offer.product.pk,
        slug=offer.product.slug,
        name=offer.name,
        kind="combo" if offer.product.kind == "combo" else "single",
        entitlements=[
            EntitlementOut(site=place.slug, name=place.name, entries=place.entries)
            for place in offer.places
        ],
        validity=ValidityOut(days=offer.product.validity_days or 1),
        prices=[
            PriceOut(
                category=price.category,
                name=price.name,
                rule=price.rule,
                amount=vnd(price.amount),
                needs_document=price.needs_document,
                legal_basis=price.legal_basis,
            )
            for price in offer.prices
        ],
        notices=list(offer.notices),
    )


def availability_out(days: Sequence[Day], closure_texts: Mapping[int, str]) -> AvailabilityOut:
    return AvailabilityOut(items=[day_out(day, closure_texts) for day in days], count=len(days))


def day_out(day: Day, closure_texts: Mapping[int, str]) -> DayOut:
    notices = [closure_texts[one] for one in day.closures if closure_texts.get(one)]
    return DayOut(
        id=day.day,
        starts_at=start_of(day.day),
        ends_at=start_of(day.day + timedelta(days=1)),
        status="closed" if day.closed else "available",
        remaining=None,
        reason=DayReasonOut(code=day.closed, text=_reason(day.closed, notices))
        if day.closed
        else None,
        closed_sites=list(day.closed_sites),
        notices=notices,
    )


def _reason(why: WhyClosed, notices: Sequence[str]) -> str:
    """The words of the closure itself where there are any."""
    if why == WhyClosed.CLOSURE and notices:
        return notices[0]
    return {
        WhyClosed.PAST: _("This day is over."),
        WhyClosed.CLOSURE: _("Closed on this day."),
        WhyClosed.OPENING_HOURS: _("Not open on this day."),
    }[why]
