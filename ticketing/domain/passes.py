"""The rules of a pass beyond its entry policy: any k places, an order, a time from first use.

They are frozen on the ticket when it is issued. A place counts as opened once anybody of the
party was let in there: a group goes together, and who comes later still enters where it is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from ticketing.domain.visit_days import day_of, start_of, validity_of
from ticketing.models import Entitlement, OrderLine, Outcome, Product, ValidityMode


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRule:
    """Places are numbered as in the scope of the ticket token."""

    sites_limit: int | None = None
    sequence: tuple[int, ...] = ()
    use_within_minutes: int | None = None
    days_from_first_use: int | None = None

    def to_json(self) -> dict[str, Any] | None:
        """What a ticket keeps; nothing for a ticket that has no such rule."""
        kept = asdict(self) | {"sequence": list(self.sequence)}
        return kept if any(kept.values()) else None


class Breach(StrEnum):
    """Which rule of a pass was broken. Outside programs rely on these names."""

    PLACES_USED = "places_used"
    OUT_OF_ORDER = "out_of_order"
    TIME_OVER = "time_over"


OUTCOMES = {
    Breach.PLACES_USED: Outcome.PARTY_EXHAUSTED,
    Breach.OUT_OF_ORDER: Outcome.WRONG_SITE,
    Breach.TIME_OVER: Outcome.EXPIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """Why a pass does not open a place now: its limit, the place that comes first, its end."""

    breach: Breach
    limit: int | None = None
    first_visit: int | None = None
    until: datetime | None = None

    @property
    def outcome(self) -> Outcome:
        return OUTCOMES[self.breach]

    def to_json(self) -> dict[str, Any]:
        until = self.until.isoformat() if self.until else None
        return asdict(self) | {"breach": self.breach.value, "until": until}


@dataclass(frozen=True, slots=True)
class Opened:
    """A place where people of the party were let in, and when the first of them.

    Nowhere in particular when the ticket opens once in total.
    """

    place: int | None
    first_at: datetime


def rule_from(kept: Mapping[str, Any] | None) -> PassRule | None:
    return PassRule(**{**kept, "sequence": tuple(kept["sequence"])}) if kept else None


def broken_from(kept: Mapping[str, Any] | None) -> BrokenRule | None:
    if not kept:
        return None
    until = datetime.fromisoformat(kept["until"]) if kept["until"] else None
    return BrokenRule(**{**kept, "breach": Breach(kept["breach"]), "until": until})


def judge_pass(
    *, rule: PassRule, opened: Collection[Opened], place: int, at: datetime
) -> BrokenRule | None:
    """Which rule forbids a place now; nothing where the pass may open it, or has done so."""
    until = use_until(rule=rule, opened=opened)
    if until is not None and at >= until:
        return BrokenRule(breach=Breach.TIME_OVER, until=until)
    places = {one.place for one in opened}
    if place in places:
        return None
    if rule.sites_limit is not None and len(places) >= rule.sites_limit:
        return BrokenRule(breach=Breach.PLACES_USED, limit=rule.sites_limit)
    return _judge_order(rule, places, place)


def use_until(*, rule: PassRule, opened: Collection[Opened]) -> datetime | None:
    """When the pass ends because it was used (exclusive); nothing before its first use."""
    if not opened:
        return None
    first_at = min(one.first_at for one in opened)
    ends = []
    if rule.use_within_minutes is not None:
        ends.append(first_at + timedelta(minutes=rule.use_within_minutes))
    if rule.days_from_first_use is not None:
        ends.append(start_of(day_of(first_at) + timedelta(days=rule.days_from_first_use)))
    return min(ends, default=None)


def places_left(*, rule: PassRule, opened: Collection[Opened]) -> int | None:
    """How many more places a pass opens; nothing where it opens all of them."""
    if rule.sites_limit is None:
        return None
    return max(rule.sites_limit - len({one.place for one in opened}), 0)


def _judge_order(rule: PassRule, places: Collection[int | None], place: int) -> BrokenRule | None:
    """With a limit places may be left out, but nobody goes back; without one each has its turn."""
    if place not in rule.sequence:
        return None
    turn = rule.sequence.index(place)
    if rule.sites_limit is None:
        missing = next((one for one in rule.sequence[:turn] if one not in places), None)
        if missing is None:
            return None
        return BrokenRule(breach=Breach.OUT_OF_ORDER, first_visit=missing)
    if any(one in places for one in rule.sequence[turn:]):
        return BrokenRule(breach=Breach.OUT_OF_ORDER)
    return None


def rules_of(products: Collection[Product]) -> dict[int, PassRule]:
    """The rules by which each product is sold now; one query, where any has an order."""
    ordered = [product.pk for product in products if product.in_order]
    sequences: dict[int, list[int]] = {product_id: [] for product_id in ordered}
    if ordered:
        rows = Entitlement.objects.filter(product_id__in=ordered, site__ticket_bit__isnull=False)
        for product_id, bit in rows.order_by("position", "pk").values_list(
            "product_id", "site__ticket_bit"
        ):
            sequences[product_id].append(bit or 0)
    return {product.pk: _rule(product, sequences.get(product.pk, [])) for product in products}


def _rule(product: Product, sequence: Sequence[int]) -> PassRule:
    from_first_use = product.validity_mode == ValidityMode.FROM_FIRST_USE
    return PassRule(
        sites_limit=product.sites_limit,
        sequence=tuple(sequence),
        use_within_minutes=product.use_within_minutes,
        days_from_first_use=product.validity_days if from_first_use else None,
    )


def asks_for_a_day(product: Product) -> bool:
    """Whether the buyer chooses the day of the visit."""
    return product.validity_mode == ValidityMode.FROM_DATE


def validity_of_line(line: OrderLine, *, at: datetime) -> tuple[datetime, datetime]:
    """From when until when (exclusive) tickets of a line are valid that is paid at `at`."""
    product = line.product
    if line.category.free_days_only:
        return validity_of(visit_date=line.visit_date, days=1)
    if asks_for_a_day(product):
        return validity_of(visit_date=line.visit_date, days=product.validity_days)
    days = product.outer_days or product.validity_days
    return validity_of(visit_date=day_of(at), days=days)
