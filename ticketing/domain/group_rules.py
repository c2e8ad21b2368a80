"""What holds between the people of a group: children come with adults, guides lead groups.

The rules are dated rows with the decision behind them. People count who come with the same
product at the same time: on one day, and of a product with times in one slot.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from ticketing.models import CompanionRule, GuideRule


class WhyNoGroup(StrEnum):
    """Why these people cannot come together. Outside programs rely on these names."""

    COMPANION_NEEDED = "companion_needed"
    TOO_MANY_GUIDES = "too_many_guides"


@dataclass(frozen=True, slots=True)
class GroupRefused:
    """`line` is of the category that the rule is about.

    `people`: how many companions are missing, or how many guides there may be.
    """

    reason: WhyNoGroup
    line: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One rule: people of `category` for those of `others` (guides: for everybody else)."""

    category: str
    people: int
    effective_from: date
    effective_to: date | None = None
    others: frozenset[str] = frozenset()

    def holds_on(self, day: date | None) -> bool:
        if day is None or day < self.effective_from:
            return False
        return self.effective_to is None or day < self.effective_to


@dataclass(frozen=True, slots=True)
class GroupRules:
    """The rules of every product, by its id."""

    companions: Mapping[int, Sequence[Ratio]] = field(default_factory=dict)
    guides: Mapping[int, Sequence[Ratio]] = field(default_factory=dict)


class Line(Protocol):
    """As much of a line as the rules look at; its day is known by now."""

    @property
    def product_id(self) -> int: ...
    @property
    def category(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def visit_date(self) -> date | None: ...
    @property
    def slot_id(self) -> int | None: ...


def group_refusal(lines: Sequence[Line], rules: GroupRules) -> GroupRefused | None:
    """The first rule that the lines break, and by how many people."""
    for number, line in enumerate(lines):
        together = _together(lines, line)
        refused = _without_companion(line, together, rules) or _too_many(line, together, rules)
        if refused:
            reason, people = refused
            return GroupRefused(reason, number, people)
    return None


def _together(lines: Sequence[Line], with_line: Line) -> Counter[str]:
    people: Counter[str] = Counter()
    for line in lines:
        if _comes(line) == _comes(with_line):
            people[line.category] += line.quantity
    return people


def _comes(line: Line) -> tuple[int, date | None, int | None]:
    """With which product and when: who has another slot is not there to look after anybody."""
    return line.product_id, line.visit_date, line.slot_id


def _without_companion(
    line: Line, together: Counter[str], rules: GroupRules
) -> tuple[WhyNoGroup, int] | None:
    missing = max(
        (
            -(-together[line.category] // rule.people) - sum(together[each] for each in rule.others)
            for rule in _in_force(rules.companions, line)
        ),
        default=0,
    )
    return (WhyNoGroup.COMPANION_NEEDED, missing) if missing > 0 else None


def _too_many(
    line: Line, together: Counter[str], rules: GroupRules
) -> tuple[WhyNoGroup, int] | None:
    """A category with such a rule on some days does not come at all on the others."""
    if not any(rule.category == line.category for rule in rules.guides.get(line.product_id, ())):
        return None
    led = together.total() - together[line.category]
    allowed = min((led // rule.people for rule in _in_force(rules.guides, line)), default=0)
    return (WhyNoGroup.TOO_MANY_GUIDES, allowed) if together[line.category] > allowed else None


def _in_force(rules: Mapping[int, Sequence[Ratio]], line: Line) -> Iterable[Ratio]:
    return (
        rule
        for rule in rules.get(line.product_id, ())
        if rule.category == line.category
        and line.visit_date is not None
        and rule.holds_on(line.visit_date)
    )


def guides_for(*, product_id: int, people: int, day: date, rules: GroupRules) -> dict[str, int]:
    """How many of each guided category may come with so many people on a day."""
    found: dict[str, int] = {}
    for rule in rules.guides.get(product_id, ()):
        if rule.holds_on(day):
            allowed = people // rule.people
            found[rule.category] = min(allowed, found.get(rule.category, allowed))
    return {category: count for category, count in found.items() if count}


def group_rules() -> GroupRules:
    """Read every rule, in three queries."""
    companions: dict[int, list[Ratio]] = defaultdict(list)
    guides: dict[int, list[Ratio]] = defaultdict(list)
    rows = CompanionRule.objects.select_related("category").prefetch_related("companions")
    for row in rows.order_by("pk"):
        others = frozenset(category.code for category in row.companions.all())
        companions[row.product_id].append(_ratio(row, row.people_per_companion, others))
    for guide in GuideRule.objects.select_related("category").order_by("pk"):
        guides[guide.product_id].append(_ratio(guide, guide.people_per_guide))
    return GroupRules(companions, guides)


def _ratio(
    row: CompanionRule | GuideRule, people: int, others: frozenset[str] = frozenset()
) -> Ratio:
    return Ratio(
        category=row.category.code,
        people=people,
        others=others,
        effective_from=row.effective_from,
        effective_to=row.effective_to,
    )
