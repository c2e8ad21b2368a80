"""What a visitor pays: the best single reduction that holds, never two of them together.

Nothing here reads the database or a clock. Every amount is that of one rule: a version of the
tariff, a free day, or the least that the law demands where no version says more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ticketing.domain.visit_days import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who belongs to a visitor category, and the least that the law takes off for them."""

    code: str
    is_full_price: bool = False
    age_from: int | None = None
    age_until: int | None = None
    citizens_only: bool = False
    minimum_reduction: int = 0
    minimum_basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of the tariff of one product for one category. `effective_to` is exclusive."""

    category: str
    amount: int
    effective_from: date
    legal_basis: str
    effective_to: date | None = None
    revenue_kind: str = "state_fee"
    age_from: int | None = None
    age_until: int | None = None
    approved: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """A day on which a category is free; `every_year` on the same date, 29 February included."""

    category: str
    day: date
    effective_from: date
    legal_basis: str
    every_year: bool = False
    effective_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """All that may price one product: every version, every category, every free day."""

    versions: Sequence[Version]
    rules: Sequence[Rule]
    free_days: Sequence[Free] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Who comes when, and when they pay. `age` in full years on the visit date, if it is known."""

    category: str
    visit_date: date
    bought_at: datetime
    age: int | None = None
    citizen: bool = False
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What they pay in whole đồng, and the one rule that says so."""

    unit_amount: int
    quantity: int
    rule: str
    legal_basis: str
    revenue_kind: str

    @property
    def amount(self) -> int:
        return self.unit_amount * self.quantity


class WhyUnpriced(StrEnum):
    """Why there is no price. Outside programs rely on these names."""

    UNKNOWN_CATEGORY = "unknown_category"
    NO_PRICE = "no_price"


def price(*, law: Law, visit: Visit) -> Priced | WhyUnpriced:
    """Give the lowest amount of all rules that hold for the visitor.

    The tariff is that of the time of purchase; age and free days are those of the visit date. A
    claim that does not hold gives nothing, and the visitor pays as anybody would. Of two rules
    with the same amount the claimed category answers, then the earlier in the list.
    """
    rules = {rule.code: rule for rule in law.rules}
    if visit.category not in rules:
        return WhyUnpriced.UNKNOWN_CATEGORY
    bought_on = day_of(visit.bought_at)
    versions = [version for version in law.versions if is_in_force(version, bought_on)]
    found = list(_by_version(versions, rules, visit))
    whole = next((each for each in found if rules[each.rule].is_full_price), None)
    if whole is not None:
        found += _by_free_day(whole, law, rules, visit)
        found += _by_minimum(whole, law, visit)
    if not found:
        return WhyUnpriced.NO_PRICE
    return min(found, key=lambda each: (each.unit_amount, each.rule != visit.category))


def is_in_force(dated: Version | Free, day: date) -> bool:
    approved = not isinstance(dated, Version) or dated.approved
    ended = dated.effective_to is not None and day >= dated.effective_to
    return approved and dated.effective_from <= day and not ended


def reduced(amount: int, *, percent: int) -> int:
    """Take off at least `percent`: what remains is rounded down to whole đồng."""
    return amount * (100 - percent) // 100


def age_on(*, born: date, day: date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March of a common year."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def belongs(rule: Rule, visit: Visit, *, version: Version | None = None) -> bool:
    """Whether the visitor is of this category.

    A known age speaks for itself: a child is a child whatever was claimed, and a claim against
    it does not hold. All else is claimed here and seen at the gate.
    """
    if rule.is_full_price:
        return True
    if rule.citizens_only and not visit.citizen:
        return False
    age_from, age_until = _ages(rule, version)
    if visit.age is None or (age_from is None and age_until is None):
        return visit.category == rule.code
    return (age_from or 0) <= visit.age and (age_until is None or visit.age < age_until)


def _ages(rule: Rule, version: Version | None) -> tuple[int | None, int | None]:
    """Ages as the version draws them, else as the category does."""
    if version is None:
        return rule.age_from, rule.age_until
    return (
        rule.age_from if version.age_from is None else version.age_from,
        rule.age_until if version.age_until is None else version.age_until,
    )


def _by_version(
    versions: Sequence[Version], rules: dict[str, Rule], visit: Visit
) -> Iterator[Priced]:
    for version in versions:
        if belongs(rules[version.category], visit, version=version):
            yield Priced(
                unit_amount=version.amount,
                quantity=visit.quantity,
                rule=version.category,
                legal_basis=version.legal_basis,
                revenue_kind=version.revenue_kind,
            )


def _by_free_day(whole: Priced, law: Law, rules: dict[str, Rule], visit: Visit) -> Iterator[Priced]:
    for free in law.free_days:
        rule = rules[free.category]
        entitled = visit.citizen or not rule.citizens_only
        if entitled and falls_on(free, visit.visit_date):
            yield _instead_of(whole, amount=0, rule=rule.code, legal_basis=free.legal_basis)


def falls_on(free: Free, day: date) -> bool:
    """Whether the day is this free one, while its rule is in force."""
    same = (free.day.month, free.day.day) == (day.month, day.day)
    return is_in_force(free, day) and (free.day == day or (free.every_year and same))


def _by_minimum(whole: Priced, law: Law, visit: Visit) -> Iterator[Priced]:
    """What the law takes off at least, whether or not a version says so."""
    for rule in law.rules:
        if rule.minimum_reduction and belongs(rule, visit):
            yield _instead_of(
                whole,
                amount=reduced(whole.unit_amount, percent=rule.minimum_reduction),
                rule=f"{rule.code}_minimum",
                legal_basis=rule.minimum_basis,
            )


def _instead_of(whole: Priced, *, amount: int, rule: str, legal_basis: str) -> Priced:
    return Priced(
        unit_amount=amount,
        quantity=whole.quantity,
        rule=rule,
        legal_basis=legal_basis,
        revenue_kind=whole.revenue_kind,
    )
