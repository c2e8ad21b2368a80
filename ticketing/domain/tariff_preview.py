"""What a day looks like: every category's price now, and when all proposals were approved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ticketing.domain.pricing import Law, Priced, Rule, Version, Visit, price
from ticketing.domain.tariff_book import law_of
from ticketing.domain.visit_days import start_of
from ticketing.models import Product


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One category on a day: the price of who belongs to it, and what the proposals change."""

    category: str
    now: Priced | None
    then: Priced | None

    @property
    def changes(self) -> bool:
        return self.now != self.then


def preview_of(*, product: Product, day: date) -> Sequence[PreviewRow]:
    """Bought on the day for the same day, by people who belong to the category."""
    law = law_of(product)
    approved = as_if_approved(law)
    return [
        PreviewRow(rule.code, _price(law, rule, day), _price(approved, rule, day))
        for rule in law.rules
    ]


def as_if_approved(law: Law) -> Law:
    """Proposals hold on their days instead of the approved versions of their category.

    Of several proposals for a day the one that begins last holds, of two such ones the newer.
    """
    proposals = [version for version in law.versions if not version.approved]
    versions = [version for version in law.versions if version.approved]
    for proposal in sorted(proposals, key=lambda one: one.effective_from):
        taken = replace(proposal, approved=True)
        versions = [part for one in versions for part in _without(one, taken)] + [taken]
    return replace(law, versions=versions)


def _without(old: Version, new: Version) -> list[Version]:
    """What is left of a version beside a new one: the days before it, and those after."""
    if old.category != new.category:
        return [old]
    parts = []
    if old.effective_from < new.effective_from:
        ends = new.effective_from
        if old.effective_to is not None:
            ends = min(ends, old.effective_to)
        parts.append(replace(old, effective_to=ends))
    if new.effective_to is not None and (
        old.effective_to is None or old.effective_to > new.effective_to
    ):
        parts.append(replace(old, effective_from=max(old.effective_from, new.effective_to)))
    return parts


def _price(law: Law, rule: Rule, day: date) -> Priced | None:
    visit = Visit(
        category=rule.code,
        visit_date=day,
        bought_at=start_of(day),
        citizen=rule.citizens_only,
    )
    found = price(law=law, visit=visit)
    return found if isinstance(found, Priced) else None
