"""What is on sale, and on which days."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _
from ninja import Schema

from sites.schemas.money import Money, vnd
from ticketing.domain.availability import WhyClosed
from ticketing.domain.offers import Offer, closure_texts
from ticketing.domain.openings import Opening, WhyFull, exception_texts
from ticketing.domain.pass_texts import pass_sentences
from ticketing.domain.visit_days import start_of
from ticketing.models import Product, ValidityMode
from ticketing.schemas.times import LocalTime


class EntitlementOut(Schema):
    """A place that the product opens, by its slug, and how often."""

    site: str
    name: str
    entries: int


class ValidityOut(Schema):
    """Days from the date of the visit, from the purchase or from the first use.

    From first use, it must be used within `outer_days` from the purchase at all.
    """

    days: int
    mode: ValidityMode
    outer_days: int | None


class RulesOut(Schema):
    """What a pass asks beside its validity, as data and in words; null opens every place freely."""

    sites_limit: int | None
    in_order: bool
    use_within_minutes: int | None
    sentences: list[str]


class PriceOut(Schema):
    """What one person of a category pays; `rule` says in words who belongs to it.

    `reason` names the free day, where the price is that of one; asked for with `date`.
    """

    category: str
    name: str
    rule: str
    amount: Money
    needs_document: bool
    legal_basis: str
    reason: str | None


class ProductOut(Schema):
    id: int
    slug: str
    name: str
    kind: Literal["single", "combo"]
    entitlements: list[EntitlementOut]
    validity: ValidityOut
    rules: RulesOut | None
    prices: list[PriceOut]
    notices: list[str]


class ProductsOut(Schema):
    items: list[ProductOut]
    count: int
    next: str | None = None


class OpeningReasonOut(Schema):
    """Why nobody can come, as a code for programs and a sentence for people."""

    code: WhyClosed | WhyFull
    text: str


class OpeningOut(Schema):
    """A day, or one slot of it. An order names the `visit_date` of a day, the `slot_id` of a slot.

    `remaining`: people who still fit; null where nobody counts. `closed_sites`: places of the
    product that do not open on a day that is available.
    """

    id: date | int
    visit_date: date
    slot_id: int | None
    starts_at: LocalTime
    ends_at: LocalTime
    status: Literal["available", "limited", "sold_out", "closed"]
    remaining: int | None
    reason: OpeningReasonOut | None
    closed_sites: list[str]
    notices: list[str]


class AvailabilityOut(Schema):
    items: list[OpeningOut]
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
        validity=ValidityOut(
            days=offer.product.validity_days or 1,
            mode=ValidityMode(offer.product.validity_mode),
            outer_days=offer.product.outer_days,
        ),
        rules=_rules(offer.product),
        prices=[
            PriceOut(
                category=price.category,
                name=price.name,
                rule=price.rule,
                amount=vnd(price.amount),
                needs_document=price.needs_document,
                legal_basis=price.legal_basis,
                reason=_("Free day: %(day)s") % {"day": price.free_day} if price.free_day else None,
            )
            for price in offer.prices
        ],
        notices=list(offer.notices),
    )


def _rules(product: Product) -> RulesOut | None:
    sentences = pass_sentences(product)
    if not sentences:
        return None
    return RulesOut(
        sites_limit=product.sites_limit,
        in_order=product.in_order,
        use_within_minutes=product.use_within_minutes,
        sentences=sentences,
    )


def availability_out(openings: Sequence[Opening], *, language: str) -> AvailabilityOut:
    items = openings_out(openings, language=language)
    return AvailabilityOut(items=items, count=len(items))


def openings_out(openings: Sequence[Opening], *, language: str) -> list[OpeningOut]:
    """Two queries for the reasons, where there are any."""
    closures = {one for opening in openings for one in opening.day.closures}
    exceptions = {opening.room.closed_by for opening in openings if opening.room.closed_by}
    closed = closure_texts(closures, language) if closures else {}
    excepted = exception_texts(exceptions, language)
    return [opening_out(opening, closed, excepted) for opening in openings]


def opening_out(
    opening: Opening, closure_texts: Mapping[int, str], exception_texts: Mapping[int, str]
) -> OpeningOut:
    day, room, slot = opening.day, opening.room, opening.slot
    notices = [closure_texts[one] for one in day.closures if closure_texts.get(one)]
    return OpeningOut(
        id=slot.pk if slot else day.day,
        visit_date=day.day,
        slot_id=slot.pk if slot else None,
        starts_at=slot.starts_at if slot else start_of(day.day),
        ends_at=slot.ends_at if slot else start_of(day.day + timedelta(days=1)),
        status=_status(opening),
        remaining=0 if day.closed and room.remaining is not None else room.remaining,
        reason=_reason_out(opening, notices, exception_texts),
        closed_sites=list(day.closed_sites),
        notices=notices,
    )


def _status(opening: Opening) -> Literal["available", "limited", "sold_out", "closed"]:
    why = opening.room.why
    if opening.day.closed or why in {WhyFull.CLOSED, WhyFull.NOT_PLANNED}:
        return "closed"
    if why:
        return "sold_out"
    return "limited" if opening.room.limited else "available"


def _reason_out(
    opening: Opening, notices: Sequence[str], exception_texts: Mapping[int, str]
) -> OpeningReasonOut | None:
    day, room = opening.day, opening.room
    if day.closed:
        return OpeningReasonOut(code=day.closed, text=_reason(day.closed, notices))
    if room.why is None:
        return None
    said = exception_texts.get(room.closed_by or 0)
    return OpeningReasonOut(code=room.why, text=said or _full(room.why))


def _full(why: WhyFull) -> str:
    return {
        WhyFull.SOLD_OUT: _("Sold out."),
        WhyFull.HELD_BY_OTHERS: _(
            "All places are taken. Some are not paid yet and may be free again within half an hour."
        ),
        WhyFull.CLOSED: _("Closed at this time."),
        WhyFull.NOT_PLANNED: _("This time cannot be booked yet."),
    }[why]


def _reason(why: WhyClosed, notices: Sequence[str]) -> str:
    """The words of the closure itself where there are any."""
    if why == WhyClosed.CLOSURE and notices:
        return notices[0]
    return {
        WhyClosed.PAST: _("This day is over."),
        WhyClosed.CLOSURE: _("Closed on this day."),
        WhyClosed.OPENING_HOURS: _("Not open on this day."),
    }[why]
